import type { RowProblem } from '../../shared/api/schemas.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import { ProblemLog, quoted } from '../people/problems.ts';
import type { MemberKey } from '../store/group-members.ts';
import type { Column, ListFile, ListRow } from './list-file.ts';

const file = 'list.csv';

export type FindMembers = (by: MemberKey, keys: readonly string[]) => Promise<Map<string, (string | null)[]>>;

export interface ReadList {
  content: Extract<GroupContent, { kind: 'list' }>;
  problems: RowProblem[];
}

/** In which ways a cell of a column may name somebody, the surest first. */
const ways: Record<Column | 'any', readonly MemberKey[]> = {
  sourcedId: ['sourcedId'],
  username: ['username'],
  email: ['email'],
  serial: ['serial'],
  name: ['name'],
  asset: ['name'],
  any: ['sourcedId', 'serial', 'username', 'email', 'name'],
};
const exact: readonly MemberKey[] = ['sourcedId', 'serial'];
const ofPeople: readonly MemberKey[] = ['sourcedId', 'username', 'email'];

/** Whom the rows of a file mean. Nothing is lost: what is not found is a problem of its line, and ids stay on the list. */
export async function readMembers({ rows, ignored }: ListFile, find: FindMembers): Promise<ReadList> {
  const log = new ProblemLog('lenient');
  for (const column of ignored) {
    log.warn({ file, row: 1, column }, `The column ${quoted(column)} says nothing here and was left out.`);
  }
  const found = await lookUp(rows, find);
  const [people, devices] = [new Set<string>(), new Set<string>()];
  for (const row of rows) {
    for (const member of membersOf(row, found, log)) {
      const list = member.isPerson ? people : devices;
      if (list.has(member.id)) log.warn(placeOf(row), 'This stands in the file twice; once is enough.');
      list.add(member.id);
    }
  }
  return { content: { kind: 'list', people: [...people], devices: [...devices] }, problems: log.list() };
}

type Found = Record<MemberKey, Map<string, (string | null)[]>>;

const keyOf = (by: MemberKey, value: string) => (exact.includes(by) ? value : value.toLowerCase());

async function lookUp(rows: readonly ListRow[], find: FindMembers): Promise<Found> {
  const cells = rows.flatMap((row) => row.cells);
  const of = async (by: MemberKey) => {
    const asked = cells.filter(({ column }) => ways[column].includes(by)).map(({ value }) => keyOf(by, value));
    return asked.length === 0 ? new Map<string, (string | null)[]>() : await find(by, asked);
  };
  const [sourcedId, username, email] = [await of('sourcedId'), await of('username'), await of('email')];
  return { sourcedId, username, email, serial: await of('serial'), name: await of('name') };
}

interface Member {
  isPerson: boolean;
  id: string;
}

const placeOf = ({ line }: ListRow, column: string | null = null) => ({ file, row: line, column });

/** A row may name a person and a device, each in several columns; the first cell that is found counts for either. */
function membersOf(row: ListRow, found: Found, log: ProblemLog): Member[] {
  const members: Member[] = [];
  for (const isPerson of [true, false]) {
    const cells = row.cells.filter(
      ({ column }) => column !== 'any' && ofPeople.includes(ways[column][0] as MemberKey) === isPerson,
    );
    const member = firstOf(row, cells, found, log);
    if (member) members.push(member);
  }
  const plain = row.cells.filter(({ column }) => column === 'any');
  const member = firstOf(row, plain, found, log);
  return member ? [...members, member] : members;
}

function firstOf(row: ListRow, cells: ListRow['cells'], found: Found, log: ProblemLog): Member | undefined {
  for (const { column, value } of cells) {
    for (const by of ways[column]) {
      const hits = found[by].get(keyOf(by, value));
      if (hits) return only(row, by, value, hits, log);
    }
  }
  const [cell] = cells;
  return cell && notFound(row, cell, log);
}

function only(
  row: ListRow,
  by: MemberKey,
  value: string,
  [id = null, ...others]: readonly (string | null)[],
  log: ProblemLog,
): Member | undefined {
  const isPerson = ofPeople.includes(by);
  if (others.length > 0) {
    const words = isPerson
      ? 'means several people. Name them by sourcedId.'
      : 'means several devices. Name them by serial.';
    log.error(placeOf(row), `${quoted(value)} ${words}`);
    return undefined;
  }
  if (id === null)
    log.error(placeOf(row), `The device ${quoted(value)} has no serial number, by which lists keep devices.`);
  return id === null ? undefined : { isPerson, id };
}

/** An id may belong to somebody who comes tomorrow, so it stays; any other name cannot be kept. */
function notFound(row: ListRow, { column, value }: ListRow['cells'][number], log: ProblemLog): Member | undefined {
  if (column === 'sourcedId') {
    log.warn(placeOf(row, column), `${quoted(value)} is nobody in the roster. It stays on the list in case they come.`);
    return { isPerson: true, id: value.slice(0, 255) };
  }
  if (column === 'serial') {
    log.warn(
      placeOf(row, column),
      `${quoted(value)} is no device that is enrolled. It stays on the list in case it comes.`,
    );
    return { isPerson: false, id: value.slice(0, 100) };
  }
  const where =
    column === 'any'
      ? 'neither in the roster nor among the devices'
      : ofPeople.includes(ways[column][0] as MemberKey)
        ? 'nobody in the roster'
        : 'no device';
  log.error(placeOf(row, column === 'any' ? null : column), `${quoted(value)} is ${where}. It was left out.`);
  return undefined;
}
