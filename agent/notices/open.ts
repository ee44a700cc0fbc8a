import type { BesideFilter } from '../beside-filter.ts';
import { isHost } from '../config.ts';
import { HostFiles } from '../platform/host-files.ts';
import type { Home } from '../store/home.ts';
import { StoredOriginals } from '../store/originals.ts';
import { systemLocale } from './linux.ts';
import { Notices, type NoticesParts } from './notices.ts';

export type NoticesHost = Pick<NoticesParts, 'platform' | 'commands' | 'clock' | 'log'> & { home: Home; root: string };

/** Messages on the desktop; none where the agent works on a trial root, for the desktop is that of whoever tries it. */
export function openNotices(host: NoticesHost, besideFilter: BesideFilter): Notices | undefined {
  return isHost(host.root) ? new Notices(noticesParts(host, besideFilter)) : undefined;
}

export function noticesParts({ home, root, ...host }: NoticesHost, besideFilter: BesideFilter): NoticesParts {
  const { platform, commands, clock, log } = host;
  const files = new HostFiles(root, new StoredOriginals(home.originals));
  return {
    ...{ platform, commands, clock, log, path: home.notices },
    calendar: () => besideFilter.calendar(),
    page: () => ownAddress(besideFilter.status().page),
    locale: () => systemLocale((path) => files.read(path)),
  };
}

/** `127.82.67.1:80` as people open it. */
export function ownAddress(page: string | undefined): string | undefined {
  return page && `http://${page.replace(/:80$/, '')}/`;
}
