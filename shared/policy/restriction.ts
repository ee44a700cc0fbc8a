import { domainTable } from '../filter/domain-table.ts';
import { NameHashes } from '../filter/hash.ts';
import { normaliseName } from '../filter/name.ts';
import type { BrowserSettings } from '../profile/browser.ts';
import { type CapabilityName, capabilities, capabilityNames, type ProfileSettings } from '../profile/registry.ts';
import type { WebFilterSettings } from '../profile/web-filter.ts';
import type { Assignment } from './assignment.ts';

/** What a restriction may narrow: never a way to help. */
const narrowing: readonly CapabilityName[] = ['webFilter', 'browser'];
/** Above whatever a profile can be assigned with (`AssignmentInput`). */
const aboveAll = 1001;
/** Where the agent explains itself: its name, and its own loopback address, where no program of the person listens. */
const ownPages = ['rollcall.internal', '127.82.67.1'];
/** Of `BrowserSettings.allowedUrls`. */
const mostAllowed = 1000;
const hashes = new NameHashes();

/** What leads out of a restriction: patterns of names (`essentialNames`), and addresses of this server. */
export interface WaysOut {
  essentials: readonly string[];
  hosts: readonly string[];
}

/** Why a profile cannot serve as a restriction, one sentence each; empty when it can. */
export function restrictionProblems(settings: ProfileSettings): string[] {
  const set = capabilityNames.filter((name) => settings[name] !== undefined);
  const others = set.filter((name) => !narrowing.includes(name)).map((name) => capabilities[name].title.toLowerCase());
  const { upstream, splitDomains } = settings.webFilter ?? {};
  return [
    ...(others.length > 0
      ? [`A restriction sets web filter and browser alone; this one also sets ${others.join(', ')}.`]
      : []),
    ...(upstream || splitDomains
      ? ['A restriction may not change which resolvers are asked: help might not be found.']
      : []),
    ...(set.length === 0 ? ['It sets nothing.'] : []),
  ];
}

/**
 * The profile of a restriction as one more assignment, of the highest precedence. Whatever it blocks, what a person needs
 * to get out again stays open: names that no web filter blocks are open in the browser too, and its own wishes against
 * them are left out.
 */
export function restrictionAssignment(
  profile: { id: string; name: string },
  revision: { number: number; settings: ProfileSettings },
  out: WaysOut,
): Assignment {
  const { webFilter, browser } = revision.settings;
  return {
    profileId: profile.id,
    profile: profile.name,
    revision: revision.number,
    to: { kind: 'everyone' },
    priority: aboveAll,
    restriction: true,
    settings: {
      ...(webFilter && { webFilter: withoutResolvers(webFilter) }),
      ...(browser && { browser: withWaysOut(browser, out) }),
    },
  };
}

/** No resolver of its own, and no block of the name of the device's own page; essentials pass in the filter whatever it blocks. */
function withoutResolvers({ upstream: _one, splitDomains: _other, ...rest }: WebFilterSettings): WebFilterSettings {
  const { blockedDomains } = rest;
  if (!blockedDomains) return rest;
  const [name = ''] = ownPages;
  const coversPage = (pattern: string) => domainTable([pattern], () => true).find(name, hashes.of(name)) !== undefined;
  return { ...rest, blockedDomains: blockedDomains.filter((pattern) => !coversPage(pattern)) };
}

function withWaysOut(browser: BrowserSettings, { essentials, hosts }: WaysOut): BrowserSettings {
  const { blockedUrls, allowedUrls = [] } = browser;
  if (!blockedUrls) return browser;
  const addresses = [...new Set([...ownPages, ...hosts.map((host) => (host.includes(':') ? `[${host}]` : host))])];
  const needed = domainTable([...essentials, ...addresses], () => true);
  const isNeeded = (name: string) => needed.find(name, hashes.of(name)) !== undefined;
  return {
    ...browser,
    blockedUrls: blockedUrls.filter((url) => !addresses.includes(hostOf(url)) && !isNeeded(hostOf(url))),
    allowedUrls: [...new Set([...addresses, ...essentials.map(asUrlPattern), ...allowedUrls])].slice(0, mostAllowed),
  };
}

/** `=name` is that host alone, which Chrome writes with a dot before it; names below a domain come with it. */
const asUrlPattern = (pattern: string) => pattern.replace(/^\*\./, '').replace(/^=/, '.');

/** The host of a browser's pattern, in comparable form; `*` stays. */
function hostOf(url: string): string {
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?\.?(\[[^\]]*\]|[^:/?]*)/i.exec(url)?.[1] ?? '';
  return normaliseName(host) ?? host;
}
