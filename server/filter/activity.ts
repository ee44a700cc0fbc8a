import type Type from 'typebox';
import type { RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { ActivityEntry, DeletionProof, FilterReport } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { countTitles } from '../../shared/filter/words.ts';
import type { Sight } from '../access/standing.ts';
import type { Activity, Actor, EventLog, FilterSettingsService, Page } from '../services.ts';
import type { ActivityName, ActivityStore, CategorySum, Deletion } from '../store/activity.ts';
import type { PeopleStore } from '../store/people.ts';
import { type Cell, suppress } from './suppression.ts';

export interface ActivityParts {
  stores: { activity: ActivityStore; people: Pick<PeopleStore, 'findPerson'> };
  settings: Pick<FilterSettingsService, 'read'>;
  events: EventLog;
  clock: Clock;
}

const usualLimit = 50;
const noUnit = 'Without a school';

/** Reports without children's names, and one person's names for who says why they are looked at. */
export class ActivityService implements Activity {
  readonly #parts: ActivityParts;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  async report(from: string, to: string, sight?: Sight): Promise<FilterReport> {
    if (from > to) throw new CodedError('bad-request', 'The report ends before it begins. Exchange the two days.');
    const { settings } = await this.#parts.settings.read();
    const sums = await this.#parts.stores.activity.sums(from, to, sight);
    const { orgs, lists } = await this.#parts.stores.activity.titles();
    const units = distinct(sums.map(({ orgId }) => orgId)).sort((a, b) =>
      (orgs.get(a) ?? noUnit).localeCompare(orgs.get(b) ?? noUnit),
    );
    const categories = distinct(sums.map(({ category }) => category)).filter((category) => category !== '');
    const byCell = new Map(sums.map((sum) => [`${sum.category} ${sum.orgId}`, sum]));
    const at = (category: string, orgId: string) => byCell.get(`${category} ${orgId}`);
    const { cells, rowTotals, columnTotals, hidden } = suppress(
      categories.map((category) => units.map((orgId) => blockedCell(at(category, orgId)))),
      settings.reportThreshold,
    );
    const askedOf = (sum: CategorySum | undefined) =>
      sum && sum.devices >= settings.reportThreshold ? sum.asked : null;
    return {
      from,
      to,
      threshold: settings.reportThreshold,
      schools: units.map((id, column) => ({
        id: id || null,
        name: orgs.get(id) ?? noUnit,
        asked: askedOf(at('', id)),
        blocked: columnTotals[column] ?? null,
      })),
      categories: categories
        .map((category, row) => ({
          category,
          title: lists.get(category) ?? countTitles[category] ?? category,
          total: rowTotals[row] ?? null,
          bySchool: cells[row] ?? [],
        }))
        .sort((a, b) => (b.total ?? 0) - (a.total ?? 0) || a.title.localeCompare(b.title)),
      suppressed: hidden,
    };
  }

  /** The look is on record before anything is read. */
  async ofPerson(
    personId: string,
    { purpose, cursor, limit = usualLimit }: RequestBody<Routes['readActivity']>,
    actor: Actor,
  ): Promise<Page<ActivityEntry>> {
    const { stores, events } = this.#parts;
    if (purpose.trim().length < 10)
      throw new CodedError('bad-request', 'Say in a few words why you look at this person’s records.');
    if (!(await stores.people.findPerson(personId))) throw new CodedError('not-found', 'There is no such person.');
    const before = cursor === undefined ? undefined : readCursor(cursor);
    const words = `The recorded names of this person were looked at. Purpose: ${purpose.trim()}`;
    await events.add({ actor, code: 'activity-viewed', words, subject: { kind: 'person', id: personId } });
    const { rows, total } = await stores.activity.namesOf(personId, limit, before);
    const last = rows.at(-1);
    return {
      items: rows.map(entryOf),
      total,
      nextCursor: last && rows.length === limit ? `${last.at}-${last.id}` : null,
    };
  }

  async deletions({
    cursor,
    limit = usualLimit,
  }: Type.Static<Routes['listDeletions']['query']>): Promise<Page<DeletionProof>> {
    const before = cursor === undefined ? undefined : readCursor(`0-${cursor}`).id;
    const { rows, total } = await this.#parts.stores.activity.deletions(limit, before);
    const last = rows.at(-1);
    return { items: rows.map(proofOf), total, nextCursor: last && rows.length === limit ? String(last.id) : null };
  }
}

function blockedCell(sum: CategorySum | undefined): Cell {
  return { value: sum?.blocked ?? 0, people: sum?.devices ?? 0 };
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}

function readCursor(cursor: string): { at: number; id: number } {
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw new CodedError('bad-request', 'The cursor is not one of this list. Begin at the first page.');
  return { at: Number(at), id: Number(id) };
}

function entryOf({ at, device_id, deviceName, name, outcome, category, place, count }: ActivityName): ActivityEntry {
  return {
    at: new Date(at).toISOString(),
    deviceId: device_id,
    deviceName,
    name,
    outcome: outcome as ActivityEntry['outcome'],
    category,
    place: place as ActivityEntry['place'],
    count,
  };
}

function proofOf({ at, what, older_than, rows, digest }: Deletion): DeletionProof {
  return {
    at: new Date(at).toISOString(),
    what: what as DeletionProof['what'],
    olderThan: new Date(older_than).toISOString(),
    rows,
    digest,
  };
}
