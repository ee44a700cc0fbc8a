import type { Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { CalendarPreview, CalendarView } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { dayOf } from '../../shared/calendar/days.ts';
import { freshCalendar } from '../../shared/calendar/fresh.ts';
import { calendarProblems } from '../../shared/calendar/problems.ts';
import { isKnownZone } from '../../shared/calendar/zone.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { Actor, Calendars, Changed, EventLog } from '../services.ts';
import type { CalendarRecord, CalendarStore } from '../store/calendars.ts';
import type { PeopleStore } from '../store/people.ts';
import { importPreview, termsPreview } from './calendar-preview.ts';

export interface CalendarParts {
  store: CalendarStore;
  people: Pick<PeopleStore, 'findOrg'>;
  /** The district's name. */
  district: string;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

/** How routes name the district's own calendar. */
const districtKey = 'district';

/** School calendars: the nearest above a person holds. Devices follow each save. */
export class CalendarService implements Calendars {
  readonly #parts: CalendarParts;

  constructor(parts: CalendarParts) {
    this.#parts = parts;
  }

  async list(): Promise<CalendarView[]> {
    return (await this.#parts.store.list()).map((record) => this.#view(record));
  }

  async save(org: string, calendar: SchoolCalendar, actor: Actor): Promise<CalendarView> {
    const { store, clock } = this.#parts;
    const problems = calendarProblems(calendar);
    if (problems.length > 0) throw new CodedError('bad-calendar', undefined, problems);
    const unit = await this.#unit(org);
    const before = (await store.list()).find(({ orgId }) => orgId === unit.id)?.calendar;
    await store.save(unit.id, calendar, clock.now());
    const changed = { before: before ?? {}, after: calendar };
    await this.#changed('calendar-saved', `The calendar of ${unit.name} was saved.`, actor, changed);
    const { id: orgId } = unit;
    return this.#view({ orgId, org: { sourcedId: '', name: unit.name }, calendar, updatedAt: clock.now() });
  }

  /** Also of a unit that has left the roster. */
  async delete(org: string, actor: Actor): Promise<void> {
    const { store, people, district } = this.#parts;
    const orgId = org === districtKey ? null : org;
    if (!(await store.delete(orgId))) throw new CodedError('not-found', 'This unit has no calendar of its own.');
    const name = orgId === null ? district : ((await people.findOrg(orgId))?.name ?? orgId);
    await this.#changed('calendar-deleted', `The calendar of ${name} was deleted.`, actor);
  }

  async previewImport(
    org: string,
    bytes: Uint8Array,
    wanted: Query<Routes['previewCalendarImport']>,
  ): Promise<CalendarPreview> {
    return importPreview(await this.#begin(org, wanted.zone), bytes, wanted, this.#parts.clock.now());
  }

  async proposeTerms(org: string, wanted: RequestBody<Routes['proposeTerms']>): Promise<CalendarPreview> {
    const begin = await this.#begin(org, wanted.zone);
    return termsPreview(begin, await this.#parts.store.sessions(), wanted, this.#parts.clock.now());
  }

  /** What a unit without a calendar begins with is the district's, and a district with none begins anew. */
  async #begin(org: string, zone: string | undefined): Promise<SchoolCalendar> {
    const { id } = await this.#unit(org);
    const saved = await this.#parts.store.list();
    const begin = saved.find(({ orgId }) => orgId === id) ?? saved.find(({ orgId }) => orgId === null);
    if (begin) return begin.calendar;
    if (zone !== undefined && isKnownZone(zone)) return freshCalendar(zone);
    throw new CodedError('bad-request', 'There is no calendar yet. Say its time zone, such as America/Chicago.');
  }

  async #unit(org: string): Promise<{ id: string | null; name: string }> {
    if (org === districtKey) return { id: null, name: this.#parts.district };
    const unit = await this.#parts.people.findOrg(org);
    if (!unit?.active) throw new CodedError('not-found', 'There is no such school or unit in the roster.');
    return unit;
  }

  async #changed(code: string, words: string, actor: Actor, changed: Changed = {}): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed });
    this.#parts.bus.publish('filter-changed', {});
    this.#parts.bus.publish('calendars-changed', {});
  }

  #view({ orgId, org, calendar, updatedAt }: CalendarRecord): CalendarView {
    const { district, clock } = this.#parts;
    return {
      orgId,
      orgName: orgId === null ? district : (org?.name ?? 'A unit that is not in the roster'),
      calendar,
      updatedAt: new Date(updatedAt).toISOString(),
      today: dayWords(calendar, clock.now()),
    };
  }
}

/** `School day, Regular bells 08:00–15:05`; `No school: Winter break`. */
function dayWords(calendar: SchoolCalendar, now: number): string {
  const { bells, title, freeze } = dayOf(calendar, now);
  const exams = freeze === undefined ? '' : `; ${freeze}`;
  if (!bells) return `No school: ${title}${exams}`.slice(0, 200);
  const first = bells.periods.map(({ from }) => from).sort()[0];
  const last = bells.periods
    .map(({ to }) => to)
    .sort()
    .at(-1);
  const named = title === bells.name ? title : `${title}, ${bells.name}`;
  return `School day, ${named} ${first}–${last}${exams}`.slice(0, 200);
}
