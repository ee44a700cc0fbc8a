import type { Host } from '../capabilities/capability.ts';
import { flatpakBrowsers, isWholeProgram, placesInHome, portableBrowser } from './browsers.ts';

const folders = { linux: '/home', darwin: '/Users', win32: 'C:\\Users' } as const;
/** A shared machine has many accounts; more are not looked at. */
const homesLookedAt = 50;

/** The home folders of people, as paths. */
export async function homes({ platform, files }: Host): Promise<string[]> {
  const folder = folders[platform];
  const names = await files.list(folder);
  return names.slice(0, homesLookedAt).map((name) => join(platform, folder, name));
}

/** Browsers somebody put into a usual place of a home folder, by kind and place. */
export async function browsersInHome(host: Host, home: string): Promise<string[]> {
  const { platform, files } = host;
  const found: string[] = [];
  for (const place of placesInHome[platform]) {
    const folder = place === '' ? home : join(platform, home, place);
    for (const entry of await files.list(folder)) {
      const browser = portableBrowser(entry);
      if (!browser) continue;
      const isBrowser =
        isWholeProgram(entry) ||
        (await files.list(join(platform, folder, entry))).some((inner) => browser.markers.includes(inner));
      if (isBrowser) found.push(`${browser.title} in a home folder${place === '' ? '' : ` (${place})`}`);
    }
  }
  if (platform === 'linux') found.push(...flatpakBrowsers(await files.list(`${home}/.local/share/flatpak/app`)));
  return found;
}

export function join(platform: Host['platform'], ...parts: string[]): string {
  return parts.join(platform === 'win32' ? '\\' : '/');
}
