/*
 * Browsers that no policy of this agent reaches, by the names under which they are given away. Only the kind of browser and the
 * usual folder it is in are reported: never a person's name or a folder they named.
 */

interface PortableBrowser {
  title: string;
  /** What the folder, AppImage or archive is called. */
  name: RegExp;
  /** One of these in the folder shows that it is a browser and not notes about one. */
  markers: readonly string[];
}

const portable: readonly PortableBrowser[] = [
  { title: 'Tor Browser', name: /^tor[ -]?browser/i, markers: ['Browser', 'tbb', 'start-tor-browser.desktop'] },
  { title: 'Mullvad Browser', name: /^mullvad[ -]?browser/i, markers: ['Browser', 'start-mullvad-browser.desktop'] },
  {
    title: 'Firefox or a relative of it',
    name: /^(firefox|librewolf|waterfox|floorp|zen|palemoon)/i,
    markers: ['application.ini', 'FirefoxPortable.exe', 'firefox.exe'],
  },
  {
    title: 'Chrome or a relative of it',
    name: /^(chrome|googlechrome|chromium|ungoogled-chromium|brave|vivaldi|opera)/i,
    markers: [
      'chrome',
      'chrome-wrapper',
      'chrome.exe',
      'GoogleChromePortable.exe',
      'brave',
      'brave.exe',
      'vivaldi',
      'opera',
      'opera.exe',
      'launcher.exe',
    ],
  },
];

/** Usual places in a home folder, for names that say nothing about the person. */
export const placesInHome = {
  linux: [
    '',
    'Applications',
    'Desktop',
    'Documents',
    'Downloads',
    'apps',
    'bin',
    'opt',
    '.local/bin',
    '.local/opt',
    '.local/share',
  ],
  darwin: ['Applications', 'Desktop', 'Downloads'],
  win32: ['Desktop', 'Documents', 'Downloads', 'AppData\\Local\\Programs'],
} as const;

/** The browser an entry could be; `markers` are looked for in it unless it is an AppImage. */
export function portableBrowser(entry: string): PortableBrowser | undefined {
  return portable.find(({ name }) => name.test(entry));
}

export function isWholeProgram(entry: string): boolean {
  return /\.(AppImage|app)$/i.test(entry);
}

/** Flatpaks read policies inside their sandbox only. */
const flatpaks: Readonly<Record<string, string>> = {
  'app.zen_browser.zen': 'Zen',
  'com.brave.Browser': 'Brave',
  'com.google.Chrome': 'Chrome',
  'com.microsoft.Edge': 'Edge',
  'com.opera.Opera': 'Opera',
  'com.vivaldi.Vivaldi': 'Vivaldi',
  'io.github.ungoogled_software.ungoogled_chromium': 'Chromium',
  'io.gitlab.librewolf-community': 'LibreWolf',
  'net.mullvad.MullvadBrowser': 'Mullvad Browser',
  'net.waterfox.waterfox': 'Waterfox',
  'one.ablaze.floorp': 'Floorp',
  'org.chromium.Chromium': 'Chromium',
  'org.gnome.Epiphany': 'GNOME Web',
  'org.mozilla.firefox': 'Firefox',
  'org.torproject.torbrowser-launcher': 'Tor Browser',
};
/** Snaps and packages of browsers whose policies this agent does not write. */
const unreached: Readonly<Record<string, string>> = {
  brave: 'Brave',
  'brave.com': 'Brave',
  'brave-browser': 'Brave',
  epiphany: 'GNOME Web',
  falkon: 'Falkon',
  librewolf: 'LibreWolf',
  opera: 'Opera',
  'opera-beta': 'Opera',
  vivaldi: 'Vivaldi',
};

export function flatpakBrowsers(ids: readonly string[]): string[] {
  return ids.flatMap((id) => (Object.hasOwn(flatpaks, id) ? [`${flatpaks[id]} as Flatpak`] : []));
}

export function unreachedBrowsers(names: readonly string[], kind: string): string[] {
  return names.flatMap((name) => (Object.hasOwn(unreached, name) ? [`${unreached[name]} ${kind}`] : []));
}

export function browserWords(browsers: readonly string[]): string {
  return browsers.length === 0 ? '' : `Browsers outside the policies: ${[...new Set(browsers)].sort().join('; ')}.`;
}
