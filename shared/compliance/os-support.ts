/**
 * The last day with free security updates, by release. Sources: wiki.debian.org/LTS, ubuntu.com/about/release-cycle (standard
 * support), fedorapeople.org/groups/schedule, learn.microsoft.com/lifecycle/products (editions Education and Enterprise, then
 * Home and Pro). Apple publishes no dates; the table holds what has ended by its habit of serving the newest three, as
 * endoflife.date/macos records it. A release that is not here is unknown: the check's parameter `until` adds it.
 */
export const supportedUntil: Readonly<Record<string, string>> = {
  'Debian 10': '2024-06-30',
  'Debian 11': '2026-08-31',
  'Debian 12': '2028-06-30',
  'Debian 13': '2030-06-30',
  'Ubuntu 18.04': '2023-05-31',
  'Ubuntu 20.04': '2025-05-31',
  'Ubuntu 22.04': '2027-04-01',
  'Ubuntu 23.10': '2024-07-12',
  'Ubuntu 24.04': '2029-05-31',
  'Ubuntu 24.10': '2025-07-10',
  'Ubuntu 25.04': '2026-01-17',
  'Ubuntu 25.10': '2026-07-01',
  'Ubuntu 26.04': '2031-04-30',
  'Fedora 39': '2024-11-26',
  'Fedora 40': '2025-05-13',
  'Fedora 41': '2025-12-15',
  'Fedora 42': '2026-05-13',
  'Fedora 43': '2026-12-09',
  'Windows 19044 Education': '2024-06-11',
  'Windows 19044': '2023-06-13',
  'Windows 19045 Education': '2025-10-14',
  'Windows 19045': '2025-10-14',
  'Windows 22000 Education': '2024-10-08',
  'Windows 22000': '2023-10-10',
  'Windows 22621 Education': '2025-10-14',
  'Windows 22621': '2024-10-08',
  'Windows 22631 Education': '2026-11-10',
  'Windows 22631': '2025-11-11',
  'Windows 26100 Education': '2027-10-12',
  'Windows 26100': '2026-10-13',
  'Windows 26200 Education': '2028-10-10',
  'Windows 26200': '2027-10-12',
  'macOS 10.15': '2022-09-12',
  'macOS 11': '2023-09-26',
  'macOS 12': '2024-09-16',
  'macOS 13': '2025-09-15',
};

/**
 * The release as the table names it, from what a device reports; undefined for systems the table does not know. Windows is
 * told by its build, which is the same in every language; the long-term channel (LTSC) has dates of its own.
 */
export function releaseOf({ name, version }: { name: string; version: string }): string | undefined {
  const debian = /^Debian\b/.test(name) ? /^\d+/.exec(version)?.[0] : undefined;
  if (debian) return `Debian ${debian}`;
  const ubuntu = /^Ubuntu\b/.test(name) ? /^\d+\.\d+/.exec(version)?.[0] : undefined;
  if (ubuntu) return `Ubuntu ${ubuntu}`;
  const fedora = /^Fedora\b/.test(name) ? /^\d+/.exec(version)?.[0] : undefined;
  if (fedora) return `Fedora ${fedora}`;
  if (/\bWindows\b/.test(name)) return windowsRelease(name, version);
  const macos = /^(macOS|Mac OS X|OS X)\b/.test(name) ? /^(10\.\d+|\d+)/.exec(version)?.[0] : undefined;
  return macos ? `macOS ${macos}` : undefined;
}

function windowsRelease(name: string, version: string): string | undefined {
  const build = /^10\.0\.(\d{5})/.exec(version)?.[1];
  if (build === undefined || /\b(LTSC|LTSB|Server)\b/.test(name)) return undefined;
  return /\b(Education|Enterprise)\b/.test(name) && !/\bPro Education\b/.test(name)
    ? `Windows ${build} Education`
    : `Windows ${build}`;
}
