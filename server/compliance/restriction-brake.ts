import type { DocumentStore } from '../store/documents.ts';

/** What is remembered of holding new restrictions back. */
export interface HoldState {
  held: { since: number; by: string; reason: string } | null;
  /** Somebody looked at those that wait: they begin in the next pass, however many. */
  confirmed: boolean;
  /** Restrictions that began until then were looked at and are not counted. */
  countFrom: number;
}

const document = 'restriction-hold';
const share = 0.05;
const always = 20;
export const brakeWindowMs = 3_600_000;

/** How many devices of a fleet may become restricted within an hour before somebody has to look. */
export function brakeOf(fleet: number): number {
  return Math.max(always, Math.floor(fleet * share));
}

export async function readHold(documents: DocumentStore): Promise<{ state: HoldState; version: number }> {
  const saved = await documents.read(document);
  if (!saved) return { state: { held: null, confirmed: false, countFrom: 0 }, version: 0 };
  return { state: saved.content as HoldState, version: saved.version };
}

/** `changed-meanwhile` unless `version` is the newest. */
export async function saveHold(documents: DocumentStore, state: HoldState, version: number, at: number): Promise<void> {
  await documents.save(document, state, version, at);
}
