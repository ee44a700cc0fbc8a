/*
 * Browsers that the browser capability does not reach, by their names on each system. Chrome, Chromium, Edge and Firefox are
 * managed and not among them; text browsers belong to the systems themselves.
 */

export const unmanagedPackages: readonly string[] = [
  'brave-browser',
  'brave-browser-beta',
  'epiphany-browser',
  'falkon',
  'konqueror',
  'librewolf',
  'luakit',
  'midori',
  'netsurf-gtk',
  'opera-beta',
  'opera-developer',
  'opera-stable',
  'otter-browser',
  'palemoon',
  'qutebrowser',
  'seamonkey',
  'surf',
  'torbrowser-launcher',
  'vivaldi-snapshot',
  'vivaldi-stable',
  'waterfox',
];

/** As snaps and flatpaks call them. */
export const unmanagedBundles: readonly string[] = [
  'app.zen_browser.zen',
  'brave',
  'com.brave.browser',
  'com.opera.opera',
  'com.vivaldi.vivaldi',
  'io.github.ungoogled_software.ungoogled_chromium',
  'io.gitlab.librewolf-community',
  'net.waterfox.waterfox',
  'opera',
  'org.gnome.epiphany',
  'org.kde.falkon',
  'org.torproject.torbrowser-launcher',
  'vivaldi',
];

/** Portable ones where people unpack them. */
export const unmanagedPaths: readonly string[] = ['', 'Downloads/', 'Desktop/'].flatMap((folder) => [
  `~/${folder}tor-browser*/Browser/firefox`,
  `~/${folder}tor-browser*/tor-browser/Browser/firefox`,
  `~/${folder}*rave*.AppImage`,
  `~/${folder}*ibre*olf*.AppImage`,
  `~/${folder}zen*.AppImage`,
]);

/** Names under Installed apps. */
export const unmanagedOnWindows: readonly string[] = [
  'Brave*',
  'DuckDuckGo*',
  'LibreWolf*',
  'Opera *',
  'Pale Moon*',
  'SeaMonkey*',
  'Tor Browser*',
  'Vivaldi*',
  'Waterfox*',
  'Yandex*',
  'Zen Browser*',
];

export const unmanagedOnMac: readonly string[] = [
  'Arc',
  'Brave Browser*',
  'DuckDuckGo',
  'LibreWolf',
  'Opera*',
  'Orion',
  'Tor Browser',
  'Vivaldi*',
  'Waterfox',
  'Yandex',
  'Zen',
  'Zen Browser',
];
