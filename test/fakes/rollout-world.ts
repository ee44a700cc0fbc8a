import {
  beginRollout,
  decideRollout,
  type GateEvidence,
  type ModelEvidence,
  type RolloutEvidence,
  type RolloutState,
  ringsWithNew,
} from '../../shared/policy/rollout.ts';
import { type GateName, gateNames, type RolloutPlan } from '../../shared/policy/rollout-plan.ts';

/** What the new one does to a device that has it; absent: it is healthy. */
export interface Fault {
  readonly gate: GateName;
  /** Whether the device is bad by it in this hour. */
  strikes(device: { model: number; luck: number; hoursWithIt: number; weekday: number }): boolean;
}

export interface World {
  readonly devices: number;
  /** Share of devices that are away on a day. */
  readonly away: number;
  readonly seed: number;
  readonly plan: RolloutPlan;
  readonly fault?: Fault;
}

export interface Course {
  readonly state: RolloutState;
  /** School hours from the beginning to the end. */
  readonly hours: number;
  /** The last ring that was open, how many devices had it by then, and how many of them it had broken. */
  readonly ring: number;
  readonly given: number;
  readonly broken: number;
}

const schools = 30;
const models = 60;
const hoursADay = 7;
const longest = 60 * hoursADay;
/** As the server does (`server/rollouts/evidence.ts`). */
const lookedAtElsewhere = 3_000;

/**
 * What happens to devices anyway, for each gate: the share that is bad at the start, and the share of the good that turn bad
 * in an hour; as many turn good again. Chosen to be restless rather than kind.
 */
const restlessness: Readonly<Record<GateName, { bad: number; turns: number }>> = {
  'failed-sections': { bad: 0.01, turns: 0.0003 },
  'lost-check-ins': { bad: 0, turns: 0 },
  'agent-crashes': { bad: 0.003, turns: 0.0004 },
  'agent-cpu': { bad: 0.02, turns: 0.004 },
  'agent-memory': { bad: 0.01, turns: 0.001 },
  'filter-probes': { bad: 0.004, turns: 0.0005 },
  'boot-time': { bad: 0.04, turns: 0.003 },
  'unblock-requests': { bad: 0.02, turns: 0.003 },
  'help-tickets': { bad: 0.01, turns: 0.001 },
};
const lost = gateNames.indexOf('lost-check-ins');
const cpu = gateNames.indexOf('agent-cpu');
const probes = gateNames.indexOf('filter-probes');

/** mulberry32: the same seed gives the same numbers from 0 to below 1. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lets one rollout take its course, hour of school by hour of school; `decideRollout` decides each hour. */
export function runRollout(world: World): Course {
  const fleet = new Fleet(world);
  let state = beginRollout(0);
  fleet.open(1);
  for (let hour = 0; hour < longest; hour++) {
    fleet.pass(hour);
    const { state: next } = decideRollout({ plan: world.plan, state }, fleet.evidence(hour), hour);
    const before = ringsWithNew(state);
    state = next;
    if (state.kind !== 'running') return { state, hours: hour + 1, ...fleet.toll() };
    if (state.ring > before) fleet.open(state.ring, hour + 1);
  }
  return { state, hours: longest, ...fleet.toll() };
}

class Fleet {
  readonly #world: World;
  readonly #random: () => number;
  readonly #ring: Uint8Array;
  readonly #model: Uint8Array;
  readonly #school: Uint8Array;
  readonly #luck: Float32Array;
  /** Bit by gate: bad of itself, and bad when it was last looked at before the new one came. */
  readonly #bad: Uint16Array;
  readonly #before: Uint16Array;
  /** Devices that are bad of themselves, by gate. */
  readonly #badOf: number[][] = gateNames.map(() => []);
  readonly #isHere: Uint8Array;
  readonly #hoursWithIt: Uint16Array;
  #open = 0;
  #openedAt = 0;
  #weekday: number;
  #outage = -1;
  #busy = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = dice(world.seed);
    const { devices, plan } = world;
    this.#weekday = Math.floor(this.#random() * 5);
    this.#ring = Uint8Array.from({ length: devices }, () => ringOf(this.#random() * 100, plan));
    // Few models are common, many are rare.
    this.#model = Uint8Array.from({ length: devices }, () => Math.floor(models * this.#random() ** 2));
    this.#school = Uint8Array.from({ length: devices }, () => Math.floor(schools * this.#random()));
    this.#luck = Float32Array.from({ length: devices }, () => this.#random());
    this.#hoursWithIt = new Uint16Array(devices);
    this.#isHere = new Uint8Array(devices).fill(1);
    this.#bad = new Uint16Array(devices);
    for (const [bit, gate] of gateNames.entries())
      for (let n = 0; n < devices * restlessness[gate].bad; n++) this.#turnBad(this.#anyone(), bit);
    this.#arrive();
    this.#before = Uint16Array.from({ length: devices }, (_, device) => this.#stateOf(device));
  }

  open(ring: number, hour = 0): void {
    this.#open = ring;
    this.#openedAt = hour;
    for (let device = 0; device < this.#ring.length; device++)
      if (this.#ring[device] === ring) this.#before[device] = this.#stateOf(device);
  }

  /** An hour of school goes by. */
  pass(hour: number): void {
    if (hour > 0 && hour % hoursADay === 0) {
      this.#weekday = (this.#weekday + 1) % 5;
      this.#arrive();
    }
    const { devices } = this.#world;
    for (const [bit, gate] of gateNames.entries()) {
      for (let n = this.#about(devices * restlessness[gate].turns); n > 0; n--) {
        this.#turnBad(this.#anyone(), bit);
        this.#turnGood(bit);
      }
    }
    for (let device = 0; device < devices; device++)
      if (this.#hasIt(device) && this.#isHere[device]) this.#hoursWithIt[device] = (this.#hoursWithIt[device] ?? 0) + 1;
  }

  evidence(hour: number): RolloutEvidence {
    const [mine, elsewhere] = [new Side(), new Side()];
    for (let device = 0; device < this.#ring.length; device++) {
      const side = this.#hasIt(device) ? mine : elsewhere;
      if (side === elsewhere && elsewhere.given >= lookedAtElsewhere) continue;
      const isHere = this.#isHere[device] === 1 && !this.#isStruckSilent(device);
      side.add(isHere, this.#model[device] ?? 0, this.#before[device] ?? 0, this.#stateOf(device));
    }
    const { given, here: answered } = mine;
    const gates = gateNames.map((gate, bit) => ({ gate, ...mine.seen(bit), elsewhere: elsewhere.seen(bit) }));
    return { given, answered, soakedHours: hour + 1 - this.#openedAt, gates };
  }

  toll(): Pick<Course, 'ring' | 'given' | 'broken'> {
    const mine = [...this.#ring.keys()].filter((device) => this.#hasIt(device));
    return { ring: this.#open, given: mine.length, broken: mine.filter((device) => this.#isStruck(device)).length };
  }

  #turnBad(device: number, bit: number): void {
    const state = this.#bad[device] ?? 0;
    if ((state >> bit) & 1) return;
    this.#bad[device] = state | (1 << bit);
    this.#badOf[bit]?.push(device);
  }

  /** Whichever of those that are bad. */
  #turnGood(bit: number): void {
    const all = this.#badOf[bit] ?? [];
    const place = Math.floor(this.#random() * all.length);
    const device = all[place];
    const last = all.pop();
    if (device === undefined || last === undefined) return;
    if (place < all.length) all[place] = last;
    this.#bad[device] = (this.#bad[device] ?? 0) & ~(1 << bit);
  }

  #hasIt = (device: number) => (this.#ring[device] ?? 0) <= this.#open;
  #anyone = () => Math.floor(this.#random() * this.#world.devices);

  /** A whole number that is so much on average. */
  #about(mean: number): number {
    return Math.floor(mean) + (this.#random() < mean % 1 ? 1 : 0);
  }

  /** A morning: who is here, which school has trouble with its line, and how busy Mondays make everybody. */
  #arrive(): void {
    const { devices, away } = this.#world;
    for (let device = 0; device < devices; device++) this.#isHere[device] = this.#random() < away ? 0 : 1;
    this.#outage = this.#random() < 0.1 ? Math.floor(this.#random() * schools) : -1;
    this.#busy = this.#weekday === 0 ? 0.08 : 0;
  }

  #isStruck(device: number): boolean {
    const { fault } = this.#world;
    if (!fault || !this.#hasIt(device)) return false;
    const [model = 0, luck = 0, hoursWithIt = 0] = [this.#model[device], this.#luck[device], this.#hoursWithIt[device]];
    return hoursWithIt > 0 && fault.strikes({ model, luck, hoursWithIt, weekday: this.#weekday });
  }

  #isStruckSilent(device: number): boolean {
    return this.#world.fault?.gate === 'lost-check-ins' && this.#isStruck(device);
  }

  #stateOf(device: number): number {
    let state = this.#bad[device] ?? 0;
    if (this.#isHere[device] === 0) state |= 1 << lost;
    if (this.#school[device] === this.#outage) state |= 1 << probes;
    if (this.#busy > 0 && ((this.#luck[device] ?? 0) * 7919) % 1 < this.#busy) state |= 1 << cpu;
    if (this.#isStruck(device)) state |= 1 << gateNames.indexOf(this.#world.fault?.gate ?? 'failed-sections');
    return state;
  }
}

const counts = () => new Uint32Array(gateNames.length);

/** Counts the devices that have the new one, or those that do not. */
class Side {
  given = 0;
  here = 0;
  readonly #before = counts();
  readonly #after = counts();
  readonly #worsened = counts();
  readonly #improved = counts();
  readonly #allOfModel = new Uint32Array(models);
  readonly #ofModel = new Uint32Array(models);
  readonly #worsenedOfModel = new Uint32Array(models * gateNames.length);
  readonly #improvedOfModel = new Uint32Array(models * gateNames.length);

  /** Of a device that is away only its absence is known. */
  add(isHere: boolean, model: number, before: number, now: number): void {
    this.given += 1;
    bump(this.#allOfModel, model);
    if (isHere) {
      this.here += 1;
      bump(this.#ofModel, model);
    }
    const seen = isHere ? before | now : (before | now) & (1 << lost);
    for (let rest = seen; rest !== 0; rest &= rest - 1) this.#count(31 - Math.clz32(rest & -rest), model, before, now);
  }

  #count(bit: number, model: number, before: number, now: number): void {
    const [was, is] = [(before >> bit) & 1, (now >> bit) & 1];
    if (was) bump(this.#before, bit);
    if (is) bump(this.#after, bit);
    if (was === is) return;
    bump(is ? this.#worsened : this.#improved, bit);
    bump(is ? this.#worsenedOfModel : this.#improvedOfModel, bit * models + model);
  }

  seen(bit: number): Omit<GateEvidence, 'gate' | 'elsewhere'> {
    return {
      asked: bit === lost ? this.given : this.here,
      before: this.#before[bit] ?? 0,
      after: this.#after[bit] ?? 0,
      worsened: this.#worsened[bit] ?? 0,
      improved: this.#improved[bit] ?? 0,
      models: this.#modelsWith(bit),
    };
  }

  #modelsWith(bit: number): ModelEvidence[] {
    const found: ModelEvidence[] = [];
    for (let model = 0; model < models; model++) {
      const worsened = this.#worsenedOfModel[bit * models + model] ?? 0;
      const improved = this.#improvedOfModel[bit * models + model] ?? 0;
      const asked = (bit === lost ? this.#allOfModel : this.#ofModel)[model] ?? 0;
      if (worsened > 0) found.push({ model: `model ${model}`, asked, worsened, improved });
    }
    return found;
  }
}

function bump(counted: Uint32Array, index: number): void {
  counted[index] = (counted[index] ?? 0) + 1;
}

function ringOf(position: number, { rings }: RolloutPlan): number {
  const ring = rings.findIndex((one) => one.kind === 'percent' && position < one.percent);
  return ring < 0 ? rings.length : ring + 1;
}
