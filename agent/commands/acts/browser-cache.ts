import type { Action } from '../../../shared/commands/action.ts';
import type { Platform } from '../../../shared/profile/keywords.ts';
import { homes } from '../../findings/homes.ts';
import { done, type Executor, failed, unsupported } from '../executor.ts';
import type { ActParts } from '../parts.ts';

type Browser = Exclude<Extract<Action, { kind: 'clear-browser-cache' }>['browser'], 'all'>;

/**
 * Where browsers keep what they can fetch again, below a home folder, with `*` for a profile. Never the profile itself:
 * history, cookies and passwords are elsewhere.
 */
const caches: Record<'linux' | 'darwin', Record<Browser, readonly string[]>> = {
  linux: {
    chromium: ['.cache/chromium/*/Cache', '.cache/chromium/*/Code Cache', 'snap/chromium/common/chromium/*/Cache'],
    chrome: ['.cache/google-chrome/*/Cache', '.cache/google-chrome/*/Code Cache'],
    edge: ['.cache/microsoft-edge/*/Cache', '.cache/microsoft-edge/*/Code Cache'],
    firefox: ['.cache/mozilla/firefox/*/cache2', 'snap/firefox/common/.cache/mozilla/firefox/*/cache2'],
  },
  darwin: {
    chromium: ['Library/Caches/Chromium/*/Cache'],
    chrome: ['Library/Caches/Google/Chrome/*/Cache', 'Library/Caches/Google/Chrome/*/Code Cache'],
    edge: ['Library/Caches/Microsoft Edge/*/Cache', 'Library/Caches/Microsoft Edge/*/Code Cache'],
    firefox: ['Library/Caches/Firefox/Profiles/*/cache2'],
  },
};

const accountName = /^[a-z_][a-z0-9_.-]{0,31}$/i;
const profileName = /^[A-Za-z0-9 ._-]{1,100}$/;
const timeoutMs = 120_000;

/** Clears caches as the person whose they are, so that no link in a home folder leads anywhere that person could not go. */
export function clearCacheAct(parts: ActParts): Executor<'clear-browser-cache'> {
  const run = async ({ action: { browser } }: { action: Extract<Action, { kind: 'clear-browser-cache' }> }) => {
    const { platform, files, commands } = parts;
    if (platform === 'win32')
      return unsupported('On Windows the agent cannot become the person, so it leaves caches alone.');
    let [cleared, problems] = [0, 0];
    for (const home of await homes(parts)) {
      const user = home.split('/').at(-1) ?? '';
      const folders = await foldersIn(files, home, placesOf(platform, browser));
      if (!accountName.test(user) || folders.length === 0) continue;
      const [path, ...args] = removal(platform, user, folders);
      const { code } = await commands.run(path, args, { timeoutMs });
      if (code === 0) cleared += 1;
      else problems += 1;
    }
    if (problems > 0)
      return failed('not-cleared', `The caches of ${problems} people could not be cleared; of ${cleared} they were.`);
    return done(cleared === 0 ? 'There was no cache to clear.' : `The caches of ${cleared} people were cleared.`);
  };
  return { run, resume: run };
}

export function placesOf(platform: Exclude<Platform, 'win32'>, browser: Browser | 'all'): string[] {
  const all = caches[platform];
  return browser === 'all' ? Object.values(all).flat() : [...all[browser]];
}

async function foldersIn(files: ActParts['files'], home: string, places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    const [above = '', below = ''] = place.split('/*/');
    for (const profile of await files.list(`${home}/${above}`).catch(() => [] as string[]))
      if (profileName.test(profile)) found.push(`${home}/${above}/${profile}/${below}`);
  }
  return found;
}

/** `rm` does not follow links, and the system lets it delete no more than the person could. */
function removal(platform: Platform, user: string, folders: readonly string[]): [string, ...string[]] {
  const rm = ['/bin/rm', '-rf', '--', ...folders];
  return platform === 'linux'
    ? ['/usr/sbin/runuser', '-u', user, '--', ...rm]
    : ['/usr/bin/sudo', '-n', '-u', user, ...rm];
}
