import type { AccessibilitySettings } from '../../../shared/profile/accessibility.ts';
import { forPeople, type HostPart, type Line } from '../baseline/baseline.ts';
import type { Dconf, DconfKeys } from '../baseline/dconf.ts';
import type { Host } from '../capability.ts';

const owner = 'accessibility';
const a11y = '/org/gnome/desktop/a11y';
const desktop = '/org/gnome/desktop';

/** GNOME: defaults of everybody's dconf, never locked: what a person chose lies in their own database and wins. */
export class LinuxAccessibility implements HostPart<AccessibilitySettings> {
  readonly #host: Host;
  readonly #dconf: Dconf;

  constructor(host: Host, dconf: Dconf) {
    this.#host = host;
    this.#dconf = dconf;
  }

  async observe(settings: AccessibilitySettings): Promise<Line[]> {
    const wanted = startingPoint(settings);
    const lines = await this.#dconf.observe(owner, wanted);
    if (wanted.keys.size === 0 || !this.#host.files.isHost || (await this.#dconf.isInstalled())) return lines;
    return [...lines, forPeople('dconf of GNOME', 'installed', 'missing: install the package dconf-cli')];
  }

  apply(settings: AccessibilitySettings): Promise<void> {
    return this.#dconf.bring(owner, startingPoint(settings));
  }

  async holds(): Promise<boolean> {
    return this.#host.files.holds(owner);
  }

  remove(): Promise<void> {
    return this.#dconf.remove(owner);
  }

  watched(): string[] {
    return this.#dconf.watched(owner);
  }
}

function startingPoint(settings: AccessibilitySettings): DconfKeys {
  return { keys: accessibilityKeys(settings), locked: false };
}

/**
 * Pure. A setting that is off is left alone: nothing of ours ever takes help away.
 * Schemas: https://gitlab.gnome.org/GNOME/gsettings-desktop-schemas
 */
export function accessibilityKeys(settings: AccessibilitySettings): Map<string, string> {
  const { magnification, textScalePercent, cursorSize, slowKeysMs, bounceKeysMs, keyRepeatDelayMs } = settings;
  const pairs: (readonly [string, string])[] = [
    ...on(settings.screenReader, `${a11y}/applications/screen-reader-enabled`),
    ...on(magnification !== undefined, `${a11y}/applications/screen-magnifier-enabled`),
    ...valued(`${a11y}/magnifier/mag-factor`, magnification, asDouble),
    ...valued(`${desktop}/interface/text-scaling-factor`, textScalePercent, (percent) => asDouble(percent / 100)),
    ...valued(`${desktop}/interface/cursor-size`, cursorSize, String),
    ...on(settings.highContrast, `${a11y}/interface/high-contrast`),
    ...(settings.reduceMotion ? [[`${desktop}/interface/enable-animations`, 'false'] as const] : []),
    ...on(settings.visualAlerts, `${desktop}/wm/preferences/visual-bell`),
    ...on(settings.stickyKeys, `${a11y}/keyboard/stickykeys-enable`),
    ...on(slowKeysMs !== undefined, `${a11y}/keyboard/slowkeys-enable`),
    ...valued(`${a11y}/keyboard/slowkeys-delay`, slowKeysMs, String),
    ...on(bounceKeysMs !== undefined, `${a11y}/keyboard/bouncekeys-enable`),
    ...valued(`${a11y}/keyboard/bouncekeys-delay`, bounceKeysMs, String),
    ...valued(`${desktop}/peripherals/keyboard/delay`, keyRepeatDelayMs, (ms) => `uint32 ${ms}`),
  ];
  // So that whoever has the device can also switch it off and on again.
  return pairs.length === 0 ? new Map() : new Map([...pairs, [`${a11y}/always-show-universal-access-status`, 'true']]);
}

function on(isAsked: boolean | undefined, key: string): (readonly [string, string])[] {
  return isAsked === true ? [[key, 'true']] : [];
}

function valued(
  key: string,
  value: number | undefined,
  words: (value: number) => string,
): (readonly [string, string])[] {
  return value === undefined ? [] : [[key, words(value)]];
}

/** GVariant tells a double from an integer by its point. */
function asDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
