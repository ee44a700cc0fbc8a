import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { Capability, Change, Host, Observation } from '../capability.ts';
import { MacPolicies } from './darwin.ts';
import { firefoxLimits } from './firefox-policy.ts';
import { LinuxPolicies } from './linux.ts';
import { evidence, type HostPolicies, isOurs } from './policies.ts';
import { parseUrlPattern } from './url-pattern.ts';
import { WindowsPolicies } from './win32.ts';

/** Limits of one browser named in the evidence; more say nothing new. */
const limitsNamed = 20;

/** Managed policies of Chrome, Chromium, Edge and Firefox on this host. */
export function createBrowser(host: Host): Capability<'browser'> {
  return new BrowserCapability(host);
}

class BrowserCapability implements Capability<'browser'> {
  readonly name = 'browser';
  readonly supported: boolean;
  readonly unsupportedWhy: string;
  /** On a Mac, Chrome and Edge take written preferences as a recommendation only. */
  readonly verifiable: boolean;
  readonly #policies: HostPolicies;

  constructor({ platform, files, commands }: Host) {
    const places = {
      linux: () => new LinuxPolicies(files),
      darwin: () => new MacPolicies(files, commands),
      win32: () => new WindowsPolicies(files, commands),
    };
    this.#policies = places[platform]();
    this.supported = platform === 'linux' || files.isHost;
    this.unsupportedWhy = 'Registry and preferences are not files: a trial under a folder leaves them alone.';
    this.verifiable = platform !== 'darwin';
  }

  async observe(settings: BrowserSettings): Promise<Observation> {
    return { evidence: [...(await this.#policies.observe(settings)), ...unclear(settings), ...limits(settings)] };
  }

  plan(_settings: BrowserSettings, { evidence: lines }: Observation): Change[] {
    return lines
      .filter((line) => !line.ok && isOurs(line))
      .map(({ item, seen, expected }) => ({ item, before: seen, after: expected }));
  }

  apply(settings: BrowserSettings): Promise<void> {
    return this.#policies.apply(settings);
  }

  remove(): Promise<void> {
    return this.#policies.remove();
  }

  watched(): string[] {
    return this.#policies.watched();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** Addresses no browser understands: left out of the lists, and never called verified. */
function unclear({ blockedUrls = [], allowedUrls = [] }: BrowserSettings): Evidence[] {
  return [...blockedUrls, ...allowedUrls]
    .filter((text) => parseUrlPattern(text) === undefined)
    .slice(0, limitsNamed)
    .map((text) =>
      evidence(`Address ${text}`, 'host or host/path', 'no browser understands it; mend the profile', false),
    );
}

function limits(settings: BrowserSettings): Evidence[] {
  return firefoxLimits(settings)
    .slice(0, limitsNamed)
    .map(({ setting, instead }) => evidence(`Firefox: ${setting}`, 'as near as Firefox can', instead, true));
}
