import type { ChangePreview, PublishingSettings, Requirement } from '../../shared/api/schemas.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { diffSettings } from '../../shared/policy/diff.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { FrozenItem, Side } from '../store/change-records.ts';

export type Need = Pick<Requirement, 'kind' | 'why'>;

/** One approval, for what it was given. */
export interface Approval {
  side: Side;
  /** Who, in words. */
  by: string;
  at: number;
  fingerprint: string;
}

export interface Question {
  items: readonly FrozenItem[];
  preview: Pick<ChangePreview, 'devices' | 'of' | 'percent' | 'settings' | 'locked'>;
  /** Devices that its author has touched within a day by changes nobody else approved, for other audiences. */
  alone: number;
  settings: Pick<PublishingSettings, 'approvalPercent' | 'approvalLeast' | 'coSigning'>;
}

const sideWords = { it: 'IT', curriculum: 'Curriculum' } as const;

/** What a change needs before it is published, each with why. Pure. */
export function needsOf(question: Question): Need[] {
  const [first, ...rest] = secondPersonReasons(question);
  const second: Need[] = first ? [{ kind: 'second-person', why: [first, ...rest].join(' ').slice(0, 400) }] : [];
  return [...second, ...coSigning(question)];
}

function secondPersonReasons(question: Question): string[] {
  return [...sizeReasons(question), ...lockedReasons(question.items, question.preview)];
}

/** By itself, or with what its author published before: a large change may be cut into small ones. */
function sizeReasons({ preview: { devices, of, percent }, alone, settings }: Question): string[] {
  const { approvalPercent, approvalLeast } = settings;
  const isLarge = (share: number, count: number) => share > approvalPercent && count >= approvalLeast;
  const rule = `above ${shown(approvalPercent)} % a second person approves.`;
  if (isLarge(percent, devices)) return [`It touches ${devices} devices, ${shown(percent)} % of all; ${rule}`];
  const all = Math.min(of, devices + alone);
  const share = Math.min(100, (100 * all) / Math.max(of, 1));
  if (devices === 0 || !isLarge(share, all)) return [];
  const together = `with what the same person published alone within a day that is ${all} devices`;
  return [`It touches ${devices} devices; ${together}, ${shown(share)} % of all; ${rule}`];
}

/** A locked minimum that is made, changed or taken away, and settings of one that change by anything else. */
function lockedReasons(items: readonly FrozenItem[], { locked }: Pick<ChangePreview, 'locked'>): string[] {
  const own = items.filter(touchesLocked).map(({ name }) => name);
  const names = [...new Set([...own, ...locked.map(({ profile }) => profile)])];
  return names.map((name) => `“${name}” is a locked minimum; a second person approves what touches it.`);
}

function touchesLocked(item: FrozenItem): boolean {
  if (item.kind !== 'profile') return false;
  const isLocked = item.content.locked === true || item.before?.locked === true;
  return isLocked && canonicalJson(item.content) !== canonicalJson(item.before);
}

function coSigning({ items, preview, settings }: Question): Need[] {
  const touched = new Set(capabilitiesTouched(items, preview));
  const asked = settings.coSigning.filter(({ capability }) => touched.has(capability));
  const sides = Map.groupBy(asked, ({ side }) => side);
  return [...sides].map(([kind, rows]) => {
    const what = [...new Set(rows.map(({ capability }) => titleOf(capability)))].join(', ');
    return { kind, why: `It changes ${what}; ${sideWords[kind]} signs that.`.slice(0, 400) };
  });
}

/** Of what the contents set otherwise, and of what comes to be otherwise on a device: a wider assignment is a change too. */
function capabilitiesTouched(items: readonly FrozenItem[], { settings }: Pick<ChangePreview, 'settings'>): string[] {
  const written = items.flatMap((item) =>
    item.kind === 'profile' ? diffSettings(item.before?.settings ?? {}, item.content.settings) : [],
  );
  return [...written, ...settings].map(({ capability }) => capability);
}

function titleOf(capability: string): string {
  return Object.hasOwn(capabilities, capability) ? capabilities[capability as CapabilityName].title : capability;
}

/** The needs with who has met each: by an approval of exactly this fingerprint. Pure. */
export function requirementsOf(
  needs: readonly Need[],
  approvals: readonly Approval[],
  fingerprint: string,
): Requirement[] {
  return needs.map((need) => {
    const met = approvals.find((approval) => approval.side === need.kind && approval.fingerprint === fingerprint);
    return { ...need, metBy: met?.by ?? null, metAt: met ? new Date(met.at).toISOString() : null };
  });
}

const shown = (percent: number) => String(Math.round(percent * 10) / 10);
