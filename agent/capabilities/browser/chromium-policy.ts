import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import { devicePage, type Policies } from './policies.ts';
import { chromiumUrlPattern } from './url-pattern.ts';

export type ChromiumBrand = 'chrome' | 'chromium' | 'edge';

/** Where force-installed extensions come from; Edge takes extensions of this store too. */
const chromeWebStore = 'https://clients2.google.com/service/update2/crx';

/**
 * Settings → managed policies of Chrome, Chromium and Edge. Pure. A setting that is absent or off gives no policy, so
 * what the person or another administrator chose stays.
 * https://chromeenterprise.google/policies/ and https://learn.microsoft.com/deployedge/microsoft-edge-policies
 */
export function chromiumPolicies(settings: BrowserSettings, brand: ChromiumBrand): Policies {
  return {
    ...sites(settings),
    ...search(settings, brand),
    ...waysAround(settings, brand),
    ...extensions(settings),
    ...start(settings),
  };
}

function sites({ blockedUrls = [], allowedUrls = [] }: BrowserSettings): Policies {
  return { ...list('URLBlocklist', patterns(blockedUrls)), ...list('URLAllowlist', patterns(allowedUrls)) };
}

/** ForceBingSafeSearch 2 is strict; only Edge has it: elsewhere the web filter sends Bing to its strict address. */
function search({ safeSearch, youtube }: BrowserSettings, brand: ChromiumBrand): Policies {
  return {
    ...when(safeSearch, { ForceGoogleSafeSearch: true }),
    ...when(safeSearch && brand === 'edge', { ForceBingSafeSearch: 2 }),
    ...when(youtube === 'moderate', { ForceYouTubeRestrict: 1 }),
    ...when(youtube === 'strict', { ForceYouTubeRestrict: 2 }),
  };
}

/** BuiltInDnsClientEnabled false: names go to the system's resolver, where the web filter is. */
function waysAround(settings: BrowserSettings, brand: ChromiumBrand): Policies {
  const privateWindows = brand === 'edge' ? 'InPrivateModeAvailability' : 'IncognitoModeAvailability';
  const addProfile = brand === 'edge' ? 'BrowserAddProfileEnabled' : 'BrowserAddPersonEnabled';
  return {
    ...when(settings.blockPrivateWindows, { [privateWindows]: 1 }),
    ...when(settings.blockGuestMode, { BrowserGuestModeEnabled: false, [addProfile]: false }),
    ...when(settings.blockDeveloperTools, { DeveloperToolsAvailability: 2 }),
    ...when(settings.blockDnsOverHttps, { DnsOverHttpsMode: 'off', BuiltInDnsClientEnabled: false }),
    ...when(settings.blockEndingProcesses, { TaskManagerEndProcessEnabled: false }),
    ...when(settings.proxy !== undefined, { ProxySettings: { ProxyMode: settings.proxy ?? 'system' } }),
  };
}

/**
 * Ids of Firefox add-ons in the same lists are left to Firefox. `*` means all and makes sense in the block list only. What
 * extensions may do is part of every extension's own manifest, so no list of names is needed against those for proxies.
 */
function extensions(settings: BrowserSettings): Policies {
  const ids = (listed: readonly string[] = []) => listed.filter((id) => /^[a-p]{32}$/.test(id));
  const blocked = settings.blockedExtensions?.includes('*') ? ['*'] : ids(settings.blockedExtensions);
  return {
    ...list('ExtensionInstallBlocklist', blocked),
    ...list('ExtensionInstallAllowlist', ids(settings.allowedExtensions)),
    ...list(
      'ExtensionInstallForcelist',
      ids(settings.forcedExtensions).map((id) => `${id};${chromeWebStore}`),
    ),
    ...when(settings.blockProxyExtensions, {
      ExtensionSettings: { '*': { blocked_permissions: ['proxy', 'vpnProvider'] } },
    }),
  };
}

/** RestoreOnStartup 4: open the listed addresses. The home button leads to the device's page where no home page is set. */
function start({ homePage, newTabPage }: BrowserSettings): Policies {
  const ownTab = newTabPage === 'rollcall';
  const home = homePage ?? (ownTab ? devicePage : undefined);
  return {
    ...when(ownTab, { NewTabPageLocation: devicePage }),
    ...(home === undefined ? {} : { HomepageIsNewTabPage: false, HomepageLocation: home, ShowHomeButton: true }),
    ...(homePage === undefined ? {} : { RestoreOnStartup: 4, RestoreOnStartupURLs: [homePage] }),
  };
}

function patterns(texts: readonly string[]): string[] {
  return [...new Set(texts.map(chromiumUrlPattern).filter((text) => text !== undefined))];
}

function list(name: string, items: readonly string[]): Policies {
  return items.length > 0 ? { [name]: items } : {};
}

function when(condition: boolean | undefined, policies: Policies): Policies {
  return condition ? policies : {};
}
