import type { GateEvidence, ModelEvidence, RolloutEvidence } from '../../shared/policy/rollout.ts';
import { type GateName, gateNames } from '../../shared/policy/rollout-plan.ts';
import type { RolloutPlace } from '../store/rollout-records.ts';
import { type Before, type Compared, compare, type DeviceNow, isBadNow, type Span, thresholds } from './gates.ts';

/** A device in service that takes part in a rollout. */
export interface Part extends Pick<RolloutPlace, 'ring' | 'givenAt'> {
  before: Before | null;
  now: DeviceNow;
  isConnected: boolean;
}

/** How far one ring has come, of devices in service. */
export interface RingCount {
  devices: number;
  given: number;
  verified: number;
  failed: number;
  offline: number;
}

interface Silence {
  seen: number;
  silent: number;
}

/** Fewer devices than this without the new one say nothing about the day. */
const leastElsewhere = 50;
/** So many of a school have to be there without the new one, and most of them heard of, before silence there means anything. */
const leastOfSchool = 5;

/** Counts, device by device, what a rollout is judged by. What one device says counts as that one device, whatever it says. */
export class Tally {
  readonly #span: Span;
  readonly #openedAt: number;
  readonly #counts = new Map<GateName, GateCount>(gateNames.map((gate) => [gate, new GateCount()]));
  readonly #rings = new Map<number, RingCount>();
  /** School → those without the new one; school → model → those with it. */
  readonly #silentElsewhere = new Map<string, Silence>();
  readonly #silent = new Map<string, Map<string, Silence>>();
  #given = 0;
  #answered = 0;

  /** `openedAt`: when the newest ring opened. */
  constructor(openedAt: number, now: number) {
    this.#openedAt = openedAt;
    this.#span = { from: Math.max(openedAt, now - thresholds.longestMs), now };
  }

  add(part: Part): void {
    this.#countRing(part);
    if (part.givenAt === null) this.#addElsewhere(part);
    else this.#addGiven(part, part.givenAt);
  }

  /** One that is not looked at: it takes part, and nothing more is known. */
  skip(ring: number): void {
    this.#ringOf(ring).devices += 1;
  }

  get rings(): ReadonlyMap<number, RingCount> {
    return this.#rings;
  }

  evidence(soakedHours: number): RolloutEvidence {
    const silence = this.#counts.get('lost-check-ins') ?? new GateCount();
    this.#countSilence(silence);
    const gates = [...this.#counts].map(([gate, count]) => count.evidence(gate));
    return {
      ...{ given: this.#given, answered: this.#answered, soakedHours },
      gates: gates.map(withoutRhythm),
    };
  }

  #ringOf(ring: number): RingCount {
    const count = this.#rings.get(ring) ?? { devices: 0, given: 0, verified: 0, failed: 0, offline: 0 };
    this.#rings.set(ring, count);
    return count;
  }

  #countRing({ ring, givenAt, now, isConnected }: Part): void {
    const count = this.#ringOf(ring);
    count.devices += 1;
    if (givenAt === null) return;
    count.given += 1;
    if (now.standing === 'failed') count.failed += 1;
    else if (now.standing !== 'pending') count.verified += 1;
    else if (!isConnected) count.offline += 1;
  }

  /** Devices for which nothing is new are not asked: somebody else's setting, or none, holds there. */
  #addGiven({ before, now, isConnected }: Part, givenAt: number): void {
    if (!isConcerned(now, givenAt)) return;
    this.#given += 1;
    this.#noteSilence(now, isConnected, silenceOf(inner(this.#silent, now.school), now.model ?? ''));
    const hasAnswered = now.standing === 'verified' || now.standing === 'failed';
    if (hasAnswered) this.#answered += 1;
    if (!hasAnswered || !before) return;
    for (const [gate, count] of this.#counts)
      if (gate !== 'lost-check-ins') count.add(now.model, compare(gate, before, now, this.#span, givenAt));
  }

  #addElsewhere({ now, isConnected }: Part): void {
    this.#noteSilence(now, isConnected, silenceOf(this.#silentElsewhere, now.school ?? ''));
    if (!isConnected && (now.lastSeenAt ?? 0) < this.#openedAt) return;
    for (const [gate, count] of this.#counts)
      if (gate !== 'lost-check-ins') count.addElsewhere(isBadNow(gate, now, this.#span));
  }

  /** Of those that were there when the ring opened, or have been since. */
  #noteSilence({ lastSeenAt }: DeviceNow, isConnected: boolean, silence: Silence): void {
    if (!isConnected && (lastSeenAt ?? 0) < this.#openedAt - thresholds.seenBeforeMs) return;
    silence.seen += 1;
    if (!isConnected && (lastSeenAt ?? 0) < this.#span.now - thresholds.silentMs) silence.silent += 1;
  }

  /** Only where most devices of the school that are without it can be heard: at night and on holidays all are silent. */
  #countSilence(count: GateCount): void {
    for (const [school, elsewhere] of this.#silentElsewhere) {
      const isAwake = elsewhere.seen >= leastOfSchool && elsewhere.silent * 2 < elsewhere.seen;
      if (!isAwake) continue;
      count.addAllElsewhere(elsewhere.seen, elsewhere.silent);
      for (const [model, { seen, silent }] of this.#silent.get(school) ?? []) count.addAll(model, seen, silent);
    }
  }
}

/** Its desired state is otherwise since it was given the new one. */
const isConcerned = ({ desiredSince, standing }: DeviceNow, givenAt: number) =>
  standing !== null && desiredSince !== null && desiredSince >= givenAt;

class GateCount {
  readonly #sums = { asked: 0, before: 0, after: 0, worsened: 0, improved: 0 };
  readonly #elsewhere = { asked: 0, after: 0 };
  readonly #models = new Map<string, { asked: number; worsened: number; improved: number }>();

  add(model: string | null, seen: Compared | undefined): void {
    if (!seen) return;
    const improved = seen.before && !seen.after;
    this.#sums.asked += 1;
    this.#sums.before += Number(seen.before);
    this.#sums.after += Number(seen.after);
    this.#sums.worsened += Number(seen.worsened);
    this.#sums.improved += Number(improved);
    this.#addModel(model ?? '', 1, Number(seen.worsened), Number(improved));
  }

  /** Many at once, none of which was bad before. */
  addAll(model: string, asked: number, worsened: number): void {
    this.#sums.asked += asked;
    this.#sums.after += worsened;
    this.#sums.worsened += worsened;
    this.#addModel(model, asked, worsened, 0);
  }

  addElsewhere(isBad: boolean | undefined): void {
    if (isBad !== undefined) this.addAllElsewhere(1, Number(isBad));
  }

  addAllElsewhere(asked: number, after: number): void {
    this.#elsewhere.asked += asked;
    this.#elsewhere.after += after;
  }

  evidence(gate: GateName): GateEvidence {
    const models: ModelEvidence[] = [...this.#models].flatMap(([model, sums]) =>
      model !== '' && sums.worsened > 0 ? [{ model, ...sums }] : [],
    );
    return { gate, ...this.#sums, elsewhere: { ...this.#elsewhere }, models };
  }

  #addModel(model: string, asked: number, worsened: number, improved: number): void {
    const sums = this.#models.get(model) ?? { asked: 0, worsened: 0, improved: 0 };
    this.#models.set(model, {
      asked: sums.asked + asked,
      worsened: sums.worsened + worsened,
      improved: sums.improved + improved,
    });
  }
}

const rhythmic: ReadonlySet<GateName> = new Set(['lost-check-ins', 'unblock-requests', 'help-tickets']);

/** What goes with the day of the week and the hour is only told by devices that are still without the new one. */
function withoutRhythm(evidence: GateEvidence): GateEvidence {
  const { gate, elsewhere } = evidence;
  if (!rhythmic.has(gate)) return evidence;
  if (elsewhere.asked >= leastElsewhere) return evidence;
  return { gate, asked: 0, before: 0, after: 0, worsened: 0, improved: 0, elsewhere, models: [] };
}

function inner(of: Map<string, Map<string, Silence>>, school: string | null): Map<string, Silence> {
  const known = of.get(school ?? '') ?? new Map<string, Silence>();
  of.set(school ?? '', known);
  return known;
}

function silenceOf(of: Map<string, Silence>, key: string): Silence {
  const known = of.get(key) ?? { seen: 0, silent: 0 };
  of.set(key, known);
  return known;
}
