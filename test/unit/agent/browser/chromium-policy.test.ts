import { describe, expect, test } from 'vitest';
import { chromiumPolicies } from '../../../../agent/capabilities/browser/chromium-policy.ts';
import type { BrowserSettings } from '../../../../shared/profile/browser.ts';

const id = 'aohghmighlieiainnegkcijnfilokake';

describe('settings become policies of Chrome and Chromium', () => {
  const table: [string, BrowserSettings, object][] = [
    ['no setting gives no policy', {}, {}],
    [
      'settings that are off give no policy',
      { safeSearch: false, youtube: 'off', blockPrivateWindows: false, blockGuestMode: false },
      {},
    ],
    ['empty lists give no policy', { blockedUrls: [], allowedUrls: [], blockedExtensions: [] }, {}],
    [
      'addresses are passed on as they are, once each',
      { blockedUrls: ['example.com/games', 'example.com/games', '*'], allowedUrls: ['.school.example.org'] },
      { URLBlocklist: ['example.com/games', '*'], URLAllowlist: ['.school.example.org'] },
    ],
    [
      'names outside ASCII become Punycode, paths percent-encoding',
      { blockedUrls: ['https://.bücher.example:8443/größe?q=ü'] },
      { URLBlocklist: ['https://.xn--bcher-kva.example:8443/gr%C3%B6%C3%9Fe?q=%C3%BC'] },
    ],
    [
      'what is no address is left out',
      { blockedUrls: ['http://', 'a:b:c', 'ok.example'] },
      { URLBlocklist: ['ok.example'] },
    ],
    ['safe search', { safeSearch: true }, { ForceGoogleSafeSearch: true }],
    ['YouTube moderate', { youtube: 'moderate' }, { ForceYouTubeRestrict: 1 }],
    ['YouTube strict', { youtube: 'strict' }, { ForceYouTubeRestrict: 2 }],
    ['private windows', { blockPrivateWindows: true }, { IncognitoModeAvailability: 1 }],
    ['guests', { blockGuestMode: true }, { BrowserGuestModeEnabled: false, BrowserAddPersonEnabled: false }],
    ['developer tools', { blockDeveloperTools: true }, { DeveloperToolsAvailability: 2 }],
    ['DNS over HTTPS', { blockDnsOverHttps: true }, { DnsOverHttpsMode: 'off', BuiltInDnsClientEnabled: false }],
    [
      'all extensions but one',
      { blockedExtensions: ['*', id], allowedExtensions: [id] },
      { ExtensionInstallBlocklist: ['*'], ExtensionInstallAllowlist: [id] },
    ],
    [
      'forced extensions come from the Chrome Web Store',
      { forcedExtensions: [id] },
      { ExtensionInstallForcelist: [`${id};https://clients2.google.com/service/update2/crx`] },
    ],
    ['ending processes', { blockEndingProcesses: true }, { TaskManagerEndProcessEnabled: false }],
    ['no proxy', { proxy: 'direct' }, { ProxySettings: { ProxyMode: 'direct' } }],
    ["the device's proxy", { proxy: 'system' }, { ProxySettings: { ProxyMode: 'system' } }],
    [
      'proxy and VPN extensions by what they ask for',
      { blockProxyExtensions: true },
      { ExtensionSettings: { '*': { blocked_permissions: ['proxy', 'vpnProvider'] } } },
    ],
    ["the browser's own new tab gives no policy", { newTabPage: 'browser' }, {}],
    [
      "the device's page in new tabs, which is the home page too where none is set",
      { newTabPage: 'rollcall' },
      {
        NewTabPageLocation: 'http://rollcall.internal/',
        HomepageIsNewTabPage: false,
        HomepageLocation: 'http://rollcall.internal/',
        ShowHomeButton: true,
      },
    ],
    ['ids of Firefox add-ons are not for Chrome', { blockedExtensions: ['uBlock0@raymondhill.net'] }, {}],
    [
      'a home page is opened at start and by the home button',
      { homePage: 'https://www.example.org/' },
      {
        HomepageIsNewTabPage: false,
        HomepageLocation: 'https://www.example.org/',
        ShowHomeButton: true,
        RestoreOnStartup: 4,
        RestoreOnStartupURLs: ['https://www.example.org/'],
      },
    ],
  ];
  test.each(table)('%s', (_, settings, policies) => {
    expect(chromiumPolicies(settings, 'chrome')).toEqual(policies);
    expect(chromiumPolicies(settings, 'chromium')).toEqual(policies);
  });
});

test("a home page of its own stays beside the device's page in new tabs", () => {
  expect(chromiumPolicies({ newTabPage: 'rollcall', homePage: 'https://www.example.org/' }, 'edge')).toMatchObject({
    NewTabPageLocation: 'http://rollcall.internal/',
    HomepageLocation: 'https://www.example.org/',
  });
});

describe('Edge has names of its own', () => {
  const table: [string, BrowserSettings, object][] = [
    ['safe search covers Bing', { safeSearch: true }, { ForceGoogleSafeSearch: true, ForceBingSafeSearch: 2 }],
    ['InPrivate', { blockPrivateWindows: true }, { InPrivateModeAvailability: 1 }],
    ['profiles', { blockGuestMode: true }, { BrowserGuestModeEnabled: false, BrowserAddProfileEnabled: false }],
  ];
  test.each(table)('%s', (_, settings, policies) => {
    expect(chromiumPolicies(settings, 'edge')).toEqual(policies);
  });
});
