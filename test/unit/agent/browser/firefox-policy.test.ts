import { describe, expect, test } from 'vitest';
import { firefoxLimits, firefoxPolicies } from '../../../../agent/capabilities/browser/firefox-policy.ts';
import { matchPattern, parseUrlPattern } from '../../../../agent/capabilities/browser/url-pattern.ts';
import type { BrowserSettings } from '../../../../shared/profile/browser.ts';

describe('Chrome patterns become match patterns of Firefox', () => {
  const table: [string, string | undefined][] = [
    ['*', '<all_urls>'],
    ['example.com', '*://*.example.com/*'],
    ['EXAMPLE.com', '*://*.example.com/*'],
    ['.example.com', '*://example.com/*'],
    ['example.com/', '*://*.example.com/*'],
    ['example.com/games', '*://*.example.com/games*'],
    ['example.com/games*', '*://*.example.com/games*'],
    ['https://example.com', 'https://*.example.com/*'],
    ['HTTPS://.example.com/A', 'https://example.com/A*'],
    ['example.com:8080/x', '*://*.example.com/x*'],
    ['192.0.2.7', '*://192.0.2.7/*'],
    ['[2001:db8::1]:443', '*://[2001:db8::1]/*'],
    ['youtube.com/watch?v=abc', '*://*.youtube.com/watch*?*v=abc*'],
    ['http://*', 'http://*/*'],
    ['*/games', '*://*/games*'],
    ['file:///etc', 'file:///etc*'],
    ['ftp:*', 'ftp://*/*'],
    ['bücher.example', '*://*.xn--bcher-kva.example/*'],
    ['chrome://flags', undefined],
    ['javascript:*', undefined],
  ];
  test.each(table)('%s → %s', (text, expected) => {
    const pattern = parseUrlPattern(text);
    expect(pattern && matchPattern(pattern)).toBe(expected);
  });

  test.each(['', 'http://', 'a:b', 'user@host', 'host:port', '[::1', 'x#y', '\ud800.example'])(
    '%j is no pattern',
    (text) => {
      expect(parseUrlPattern(text)).toBeUndefined();
    },
  );
});

describe('settings become policies of Firefox', () => {
  const table: [string, BrowserSettings, object][] = [
    ['no setting gives no policy', {}, {}],
    ['settings that are off give no policy', { blockPrivateWindows: false, blockDnsOverHttps: false }, {}],
    ['safe search and YouTube are left to the web filter', { safeSearch: true, youtube: 'strict' }, {}],
    [
      'blocked addresses with an exception',
      { blockedUrls: ['example.com'], allowedUrls: ['example.com/lessons'] },
      { WebsiteFilter: { Block: ['*://*.example.com/*'], Exceptions: ['*://*.example.com/lessons*'] } },
    ],
    ['no proxy', { proxy: 'direct' }, { Proxy: { Mode: 'none', Locked: true } }],
    ["the device's proxy", { proxy: 'system' }, { Proxy: { Mode: 'system', Locked: true } }],
    ['proxy extensions have no policy of their own', { blockProxyExtensions: true }, {}],
    [
      "the device's page as home page, as Firefox has no policy for new tabs",
      { newTabPage: 'rollcall' },
      {
        Homepage: { URL: 'http://rollcall.internal/', Locked: true, StartPage: 'homepage-locked' },
        ShowHomeButton: true,
      },
    ],
    ['exceptions to nothing give no policy', { allowedUrls: ['example.com'] }, {}],
    [
      'an exception that would open what is blocked more narrowly is left out',
      { blockedUrls: ['*', 'example.com/games'], allowedUrls: ['example.com', 'example.org'] },
      { WebsiteFilter: { Block: ['<all_urls>', '*://*.example.com/games*'], Exceptions: ['*://*.example.org/*'] } },
    ],
    [
      'on a tie the exception wins, as in Chrome',
      { blockedUrls: ['example.com'], allowedUrls: ['example.com'] },
      { WebsiteFilter: { Block: ['*://*.example.com/*'], Exceptions: ['*://*.example.com/*'] } },
    ],
    [
      'private windows, also before Firefox 130',
      { blockPrivateWindows: true },
      { PrivateBrowsingModeAvailability: 1, DisablePrivateBrowsing: true },
    ],
    ['extra profiles', { blockGuestMode: true }, { BlockAboutProfiles: true }],
    ['developer tools', { blockDeveloperTools: true }, { DisableDeveloperTools: true }],
    [
      'DNS over HTTPS, and the tunnel that would pass the filter by',
      { blockDnsOverHttps: true },
      { DNSOverHTTPS: { Enabled: false, Locked: true }, IPProtectionAvailable: false },
    ],
    [
      'extensions: all blocked, one allowed, one installed; ids of Chrome are left out',
      {
        blockedExtensions: ['*', 'aohghmighlieiainnegkcijnfilokake'],
        allowedExtensions: ['uBlock0@raymondhill.net'],
        forcedExtensions: ['{b9db16a4-6edc-47ec-a1f4-b86292ed211d}'],
      },
      {
        ExtensionSettings: {
          '*': { installation_mode: 'blocked' },
          'uBlock0@raymondhill.net': { installation_mode: 'allowed' },
          '{b9db16a4-6edc-47ec-a1f4-b86292ed211d}': {
            installation_mode: 'force_installed',
            install_url:
              'https://addons.mozilla.org/firefox/downloads/latest/%7Bb9db16a4-6edc-47ec-a1f4-b86292ed211d%7D/latest.xpi',
          },
        },
      },
    ],
    [
      'a home page that cannot be changed',
      { homePage: 'https://www.example.org/' },
      {
        Homepage: { URL: 'https://www.example.org/', Locked: true, StartPage: 'homepage-locked' },
        ShowHomeButton: true,
      },
    ],
  ];
  test.each(table)('%s', (_, settings, policies) => {
    expect(firefoxPolicies(settings)).toEqual(policies);
  });

  test('an extension named __proto__ stays a name', () => {
    const policies = firefoxPolicies({ blockedExtensions: ['__proto__'] });
    expect(JSON.stringify(policies)).toBe('{"ExtensionSettings":{"__proto__":{"installation_mode":"blocked"}}}');
    expect(({} as Record<string, unknown>).installation_mode).toBeUndefined();
  });
});

describe('what Firefox does differently is said', () => {
  const table: [string, BrowserSettings, string[]][] = [
    ['nothing to say of plain hosts', { blockedUrls: ['example.com'], blockPrivateWindows: true }, []],
    ['safe search', { safeSearch: true }, ['safe search and YouTube restriction']],
    ['a scheme it cannot filter', { blockedUrls: ['chrome://flags'] }, ['block chrome://flags']],
    ['a port', { blockedUrls: ['example.com:8080'] }, ['example.com:8080']],
    [
      'a left-out exception',
      { blockedUrls: ['example.com/games'], allowedUrls: ['example.com'] },
      ['allow example.com'],
    ],
  ];
  test.each(table)('%s', (_, settings, limits) => {
    expect(firefoxLimits(settings).map(({ setting }) => setting)).toEqual(limits);
  });
});
