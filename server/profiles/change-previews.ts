import { setImmediate } from 'node:timers/promises';
import { type ChangedContent, type ChangePreview, type TouchedDevice, unitless } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { groupsBehind, groupsInCircles } from '../../shared/policy/group.ts';
import { selectorKey } from '../../shared/policy/match.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { type SelectorNames, unknownWords } from '../../shared/policy/words.ts';
import { capOf, presetCap } from '../filter/state-preset.ts';
import type { Page } from '../services.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { ListStore } from '../store/lists.ts';
import { decodeCursor, encodeCursor } from '../store/views/cursor.ts';
import { conflictSums, cutLists, lockedSums, settingSums, unitSums } from './change-sums.ts';
import { abridged } from './change-words.ts';
import type { DesiredRows } from './desired-rows.ts';
import { nameDevices } from './device-names.ts';
import { type ChangedDevice, type Difference, differenceOf } from './difference.ts';
import { readFilterSettings } from './filter-context.ts';
import { readNames } from './names.ts';
import { type Policy, type PolicySources, type Proposed, readPolicy } from './policy.ts';
import type { SubjectIndex } from './subject-index.ts';
import type { ManagedDevice } from './subjects.ts';
import { problemsOf, timetableProblems } from './validate.ts';

export interface PreviewParts extends PolicySources {
  stores: PolicySources['stores'] & { lists: ListStore; calendars: CalendarStore };
  index: SubjectIndex;
  rows: DesiredRows;
  clock: Clock;
  random: Random;
}

/** What a change would do, worked out on every device, and which devices it touches, by name. */
export interface PreviewedChange {
  preview: ChangePreview;
  touched: readonly ManagedDevice[];
}

/** What is to be made yet has a name, and an id of the caller's. */
export type PreviewedItem = ChangedContent & { name?: string };

export interface DeviceQuery {
  cursor?: string | undefined;
  limit?: number | undefined;
  /** Name of the unit, as the preview gives it. */
  org?: string | undefined;
  /** `capability.setting`. */
  setting?: string | undefined;
}

interface Kept {
  changed: readonly ChangedDevice[];
  unitOf: (device: ManagedDevice) => string;
  until: number;
}

const sampleSize = 50;
const unknownShown = 500;
const keptMs = 15 * 60_000;
/** A preview of all of 60,000 devices takes about 4 MB, and the devices themselves when they have been read anew since. */
const mostKept = 8;
const mostDevicesKept = 200_000;

/** Works out what would change if contents were published together, on every device, and keeps it to be leafed through. */
export class ChangePreviews {
  readonly #parts: PreviewParts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: PreviewParts) {
    this.#parts = parts;
  }

  /** Ends with `bad-request` soon after `gone` aborts. `not-found` when one of the items does not exist. */
  async of(items: readonly PreviewedItem[], gone?: AbortSignal): Promise<PreviewedChange> {
    const { index, random, clock } = this.#parts;
    const proposed = await this.#named(items);
    const problems = await this.#contentProblems(proposed);
    const devices = await index.all();
    const about = { id: random.uuid(), at: new Date(clock.now()).toISOString(), of: devices.length };
    if (problems.length > 0) return { preview: { ...nothing, ...about, problems }, touched: [] };
    const before = await readPolicy(this.#parts, clock.now());
    const after = before.with(proposed);
    const difference = await this.#compare(devices, before, after, gone);
    const { changed, groups } = difference;
    const unitOf = await this.#units(changed);
    await setImmediate();
    const orgs = unitSums(changed, unitOf);
    await setImmediate();
    const conflicts = conflictSums(groups, new Set(proposed.map(({ id }) => id)));
    await setImmediate();
    const settings = settingSums(groups);
    this.#keep(about.id, { changed, unitOf, until: clock.now() + keptMs });
    return {
      touched: changed.map(({ device }) => device),
      preview: {
        ...about,
        devices: changed.length,
        people: new Set(changed.flatMap(({ device }) => device.personId ?? [])).size,
        percent: devices.length === 0 ? 0 : Math.round((1_000 * changed.length) / devices.length) / 10,
        settings,
        orgs,
        sample: await this.#views(changed.slice(0, sampleSize)),
        conflicts,
        locked: lockedSums(groups),
        ...(await this.#unknown(difference, after, proposed)),
        problems: [...circleProblems(after, proposed), ...cutLists(groups), ...(await this.#timetable(proposed))],
      },
    };
  }

  /** Ids of every device that these contents would change. */
  async touched(items: readonly ChangedContent[]): Promise<string[]> {
    return (await this.of(items)).touched.map(({ id }) => id);
  }

  /** A page of the devices of a preview, by name; `not-found` some minutes after it was made. */
  async devices(previewId: string, query: DeviceQuery): Promise<Page<TouchedDevice>> {
    const kept = this.#kept.get(previewId);
    if (!kept || kept.until < this.#parts.clock.now())
      throw new CodedError('not-found', 'This preview is no longer kept. Preview the change again.');
    const { org, setting, limit = sampleSize } = query;
    const isAsked = ({ device, changes }: ChangedDevice) =>
      (org === undefined || kept.unitOf(device) === org) &&
      (setting === undefined || changes.some((change) => `${change.capability}.${change.setting}` === setting));
    const asked = kept.changed.filter(isAsked);
    const start = Number(decodeCursor(query.cursor, 1)?.[0] ?? 0);
    const end = start + limit;
    return {
      items: await this.#views(asked.slice(start, end)),
      total: asked.length,
      nextCursor: end < asked.length ? encodeCursor([end]) : null,
    };
  }

  async #named(items: readonly PreviewedItem[]): Promise<Proposed[]> {
    const { profiles, groups } = this.#parts.stores;
    const proposed: Proposed[] = [];
    for (const item of items) {
      const found = item.kind === 'profile' ? await profiles.find(item.id) : await groups.find(item.id);
      const name = found?.name ?? item.name;
      if (name === undefined) throw new CodedError('not-found', `There is no such ${item.kind}.`);
      proposed.push({ ...item, name });
    }
    return proposed;
  }

  /** With the profile's name where there are several. */
  async #contentProblems(proposed: readonly Proposed[]): Promise<string[]> {
    const problems: string[] = [];
    const beside = new Map(
      proposed.flatMap((item) => (item.kind === 'group' ? [[item.name, item.content] as const] : [])),
    );
    for (const item of proposed) {
      if (item.kind === 'group') continue;
      const found = await problemsOf(item.content, this.#parts.stores, beside);
      problems.push(...found.map((words) => (proposed.length > 1 ? `“${item.name}”: ${words}` : words).slice(0, 500)));
    }
    return problems;
  }

  async #compare(devices: readonly ManagedDevice[], before: Policy, after: Policy, gone: AbortSignal | undefined) {
    const { rows, stores, clock } = this.#parts;
    const last = await rows.all();
    const { settings } = await readFilterSettings(stores.documents);
    const cap = presetCap(settings, clock.now());
    return await differenceOf({
      ...{ devices, before, after },
      lastKnown: (id) => last.get(id)?.scope ?? nowhere,
      capOf: ({ subject }) => capOf(cap, subject.custodian?.role),
      pause: async () => {
        if (gone?.aborted) throw new CodedError('bad-request', 'The request was withdrawn before it was answered.');
        await setImmediate();
      },
    });
  }

  /** Selectors of what changes that cannot be answered, by the names of what they ask. */
  async #unknown(
    { groups }: Difference,
    after: Policy,
    proposed: readonly Proposed[],
  ): Promise<Pick<ChangePreview, 'unknown' | 'unknownDevices'>> {
    const asked = askedAnew(after, proposed);
    const found = groups.flatMap(({ devices, after: { unknown } }) => {
      const answers = unknown.filter(({ selector }) => asked.has(selectorKey(selector)));
      return answers.length === 0 ? [] : devices.map((device) => ({ device, answers }));
    });
    const shown = found
      .sort((a, b) => (a.device.name < b.device.name ? -1 : Number(a.device.name > b.device.name)))
      .slice(0, unknownShown);
    const names = await this.#names(shown.flatMap(({ answers }) => answers.map(({ selector }) => selector)));
    return {
      unknownDevices: found.length,
      unknown: shown.map(({ device, answers }) => ({
        deviceId: device.id,
        deviceName: device.name,
        words: answers
          .map((answer) => unknownWords(answer, names))
          .join(' ')
          .slice(0, 400),
      })),
    };
  }

  async #timetable(proposed: readonly Proposed[]): Promise<string[]> {
    const calendars = await this.#parts.stores.calendars.list();
    return proposed.flatMap((item) =>
      item.kind === 'profile' ? timetableProblems(item.content.settings, calendars) : [],
    );
  }

  async #views(changed: readonly ChangedDevice[]): Promise<TouchedDevice[]> {
    const named = await nameDevices(
      this.#parts.stores.profiles,
      changed.map(({ device }) => device),
    );
    return changed.map(({ device, changes }) => ({ ...named(device), changes: changes.map(abridged) }));
  }

  /** The name of the unit of whoever has the device. */
  async #units(changed: readonly ChangedDevice[]): Promise<Kept['unitOf']> {
    const own = new Set(changed.flatMap(({ device }) => device.subject.custodian?.orgs[0] ?? []));
    const names = await this.#names([...own].map((org) => ({ kind: 'org', org })));
    return ({ subject: { custodian } }) => {
      if (custodian === null) return unitless.nobody;
      const [unit] = custodian.orgs;
      return unit === undefined ? unitless.unknown : (names.org(unit) ?? unit);
    };
  }

  async #names(selectors: readonly Selector[]): Promise<SelectorNames> {
    return await readNames(this.#parts.stores.profiles, selectors);
  }

  #keep(id: string, kept: Kept): void {
    this.#kept.set(id, kept);
    let devices = this.#kept.values().reduce((sum, { changed }) => sum + changed.length, 0);
    for (const [oldest, { changed, until }] of this.#kept) {
      const isOld = until < this.#parts.clock.now();
      if (oldest === id || !(isOld || this.#kept.size > mostKept || devices > mostDevicesKept)) return;
      this.#kept.delete(oldest);
      devices -= changed.length;
    }
  }
}

const nowhere: readonly string[] = [];

const nothing = {
  ...{ devices: 0, people: 0, percent: 0, settings: [], orgs: [], sample: [], conflicts: [], locked: [] },
  ...{ unknown: [], unknownDevices: 0 },
};

/** Keys of the selectors that the change brings, or whose groups it changes. */
function askedAnew(after: Policy, proposed: readonly Proposed[]): Set<string> {
  const { assignments, groups } = after.of('');
  const ids = new Set(proposed.map(({ id }) => id));
  const names = proposed.flatMap((item) => (item.kind === 'group' ? [item.name] : []));
  const isAsked = (to: Selector) => names.length > 0 && !groupsBehind(to, groups).isDisjointFrom(new Set(names));
  return new Set(
    assignments.filter(({ profileId, to }) => ids.has(profileId) || isAsked(to)).map(({ to }) => selectorKey(to)),
  );
}

function circleProblems(after: Policy, proposed: readonly Proposed[]): string[] {
  const circles = groupsInCircles(after.of('').groups);
  return proposed
    .filter(({ kind, name }) => kind === 'group' && circles.has(name))
    .map(({ name }) => `The group “${name}” asks for itself, so nothing can be said of it.`);
}
