import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import { devicePage, type Policies, type PolicyValue } from './policies.ts';
import { covers, matchPattern, parseUrlPattern, type UrlPattern } from './url-pattern.ts';

/** A setting that Firefox cannot follow to the letter, and what it does instead. */
export interface FirefoxLimit {
  setting: string;
  instead: string;
}

/**
 * Settings → policies of Firefox. Pure. A setting that is absent or off gives no policy. Firefox cannot force safe
 * search or YouTube's restricted mode; the web filter does that for every browser.
 * https://firefox-admin-docs.mozilla.org/reference/policies/
 */
export function firefoxPolicies(settings: BrowserSettings): Policies {
  return {
    ...websiteFilter(settings),
    ...waysAround(settings),
    ...extensionSettings(settings),
    ...start(settings),
  };
}

/** What of these settings Firefox does differently, for the evidence. */
export function firefoxLimits(settings: BrowserSettings): FirefoxLimit[] {
  const { blocked, allowed } = parsed(settings);
  const restricted = settings.safeSearch || (settings.youtube ?? 'off') !== 'off';
  return [
    ...(restricted
      ? [
          {
            setting: 'safe search and YouTube restriction',
            instead: 'Firefox has no such policy; the web filter does it',
          },
        ]
      : []),
    ...(settings.newTabPage === 'rollcall'
      ? [{ setting: 'new tab', instead: 'Firefox has no such policy; its home page shows the device’s page instead' }]
      : []),
    ...(settings.blockProxyExtensions
      ? [{ setting: 'proxy extensions', instead: 'Firefox knows extensions by their ids only; block them or all' }]
      : []),
    ...blocked
      .filter(({ pattern }) => matchPattern(pattern) === undefined)
      .map(({ text }) => ({ setting: `block ${text}`, instead: 'Firefox cannot filter this scheme' })),
    ...[...blocked, ...allowed]
      .filter(({ pattern }) => pattern.port !== undefined)
      .map(({ text }) => ({ setting: text, instead: 'Firefox filters the host on every port' })),
    ...allowed
      .filter(({ pattern }) => liftsTooMuch(pattern, blocked))
      .map(({ text }) => ({
        setting: `allow ${text}`,
        instead: 'left out: in Firefox it would also open the narrower addresses that are blocked',
      })),
  ];
}

/** `Block` and `Exceptions` of match patterns, at most 1,000 each; an exception beats every block. */
function websiteFilter(settings: BrowserSettings): Policies {
  const { blocked, allowed } = parsed(settings);
  const block = matchPatterns(blocked);
  if (block.length === 0) return {};
  const exceptions = matchPatterns(allowed.filter(({ pattern }) => !liftsTooMuch(pattern, blocked)));
  return { WebsiteFilter: { Block: block, ...(exceptions.length > 0 ? { Exceptions: exceptions } : {}) } };
}

interface Entry {
  text: string;
  pattern: UrlPattern;
}

function parsed({ blockedUrls = [], allowedUrls = [] }: BrowserSettings): { blocked: Entry[]; allowed: Entry[] } {
  const entries = (texts: readonly string[]) =>
    texts.flatMap((text) => {
      const pattern = parseUrlPattern(text);
      return pattern ? [{ text, pattern }] : [];
    });
  return { blocked: entries(blockedUrls), allowed: entries(allowedUrls) };
}

/** In Chrome the longer pattern wins; in Firefox an exception always does. What is blocked stays blocked. */
function liftsTooMuch(allowed: UrlPattern, blocked: readonly Entry[]): boolean {
  return blocked.some(({ pattern }) => covers(allowed, pattern) && !covers(pattern, allowed));
}

function matchPatterns(entries: readonly Entry[]): string[] {
  return [...new Set(entries.map(({ pattern }) => matchPattern(pattern)).filter((text) => text !== undefined))];
}

/**
 * PrivateBrowsingModeAvailability came with 130, DisablePrivateBrowsing serves older ones. IP protection is Mozilla's
 * own tunnel: names asked inside it would pass the web filter by.
 */
function waysAround(settings: BrowserSettings): Policies {
  return {
    ...(settings.blockPrivateWindows ? { PrivateBrowsingModeAvailability: 1, DisablePrivateBrowsing: true } : {}),
    ...(settings.blockGuestMode ? { BlockAboutProfiles: true } : {}),
    ...(settings.blockDeveloperTools ? { DisableDeveloperTools: true } : {}),
    ...(settings.blockDnsOverHttps
      ? { DNSOverHTTPS: { Enabled: false, Locked: true }, IPProtectionAvailable: false }
      : {}),
    ...(settings.proxy ? { Proxy: { Mode: settings.proxy === 'direct' ? 'none' : 'system', Locked: true } } : {}),
  };
}

/** Ids of Chrome's extensions in the same lists are left to Chrome; the stronger wish for an id is written last. */
function extensionSettings(settings: BrowserSettings): Policies {
  const modes = (listed: readonly string[] = [], rule: (id: string) => PolicyValue): [string, PolicyValue][] =>
    listed.filter((id) => id !== '*' && !/^[a-p]{32}$/.test(id)).map((id) => [id, rule(id)]);
  const all: [string, PolicyValue][] = [['*', { installation_mode: 'blocked' }]];
  const rules: [string, PolicyValue][] = [
    ...(settings.blockedExtensions?.includes('*') ? all : []),
    ...modes(settings.blockedExtensions, () => ({ installation_mode: 'blocked' })),
    ...modes(settings.allowedExtensions, () => ({ installation_mode: 'allowed' })),
    ...modes(settings.forcedExtensions, (id) => ({
      installation_mode: 'force_installed',
      install_url: `https://addons.mozilla.org/firefox/downloads/latest/${encodeURIComponent(id)}/latest.xpi`,
    })),
  ];
  return rules.length > 0 ? { ExtensionSettings: Object.fromEntries(rules) } : {};
}

function start({ homePage, newTabPage }: BrowserSettings): Policies {
  const home = homePage ?? (newTabPage === 'rollcall' ? devicePage : undefined);
  if (home === undefined) return {};
  return { Homepage: { URL: home, Locked: true, StartPage: 'homepage-locked' }, ShowHomeButton: true };
}
