import type { BesideFilter } from '../beside-filter.ts';
import { isHost } from '../config.ts';
import { HostFiles } from '../platform/host-files.ts';
import type { Home } from '../store/home.ts';
import { StoredOriginals } from '../store/originals.ts';
import { systemLocale } from './linux.ts';
import { Notices, type NoticesParts } from './notices.ts';

type Host = Pick<NoticesParts, 'platform' | 'commands' | 'clock' | 'log'> & { home: Home; root: string };

/** Messages on the desktop; none where the agent works on a trial root, for the desktop is that of whoever tries it. */
export function openNotices({ home, root, ...host }: Host, besideFilter: BesideFilter): Notices | undefined {
  if (!isHost(root)) return undefined;
  const { platform, commands, clock, log } = host;
  const files = new HostFiles(root, new StoredOriginals(home.originals));
  return new Notices({
    ...{ platform, commands, clock, log, path: home.notices },
    calendar: () => besideFilter.calendar(),
    page: () => ownAddress(besideFilter.status().page),
    locale: () => systemLocale((path) => files.read(path)),
  });
}

/** `127.82.67.1:80` as people open it. */
function ownAddress(page: string | undefined): string | undefined {
  return page && `http://${page.replace(/:80$/, '')}/`;
}
