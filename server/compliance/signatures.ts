import type { RowProblem } from '../../shared/api/schemas.ts';
import { type ImportMode, ProblemLog, quoted } from '../people/problems.ts';
import { RowReader } from '../people/row-reader.ts';
import { pieces } from '../people/source.ts';
import { readTable, type TableSpec } from '../people/table.ts';
import type { ObligedPerson } from '../store/obligation-records.ts';

/** Who signed, by a file. `people`: each once, by the row that names them. */
export interface Signatures {
  people: Set<string>;
  problems: RowProblem[];
  /** In strict mode any problem is one too many. */
  refused: boolean;
}

const file = 'signatures.csv';

/** Names and dates may stand beside; they are never read. */
const spec: TableSpec = {
  columns: ['username', 'sourcedId', 'givenName', 'familyName', 'email', 'signedOn'],
  kept: ['username', 'sourcedId'],
  required: [],
  essential: [],
  aliases: { id: 'sourcedId' },
  misspellings: {
    ...{ user: 'username', login: 'username', loginid: 'username' },
    ...{ personid: 'sourcedId', studentid: 'sourcedId', staffid: 'sourcedId', localid: 'sourcedId' },
    ...{ firstname: 'givenName', lastname: 'familyName', mail: 'email', date: 'signedOn', signed: 'signedOn' },
  },
};

/** Reads a CSV of people who signed, by sourcedId or, where there is none, by the username of somebody in the roster. */
export async function readSignatures(
  bytes: Uint8Array,
  mode: ImportMode,
  roster: readonly ObligedPerson[],
): Promise<Signatures> {
  const log = new ProblemLog(mode);
  const people = new Set<string>();
  const find = finder(roster);
  const end = await readTable(file, pieces(bytes), spec, log, (tableRow) => {
    const row = new RowReader(file, tableRow, log);
    const id = personOf(row, find);
    if (id === undefined) return;
    if (people.has(id)) row.warn(null, 'This person stands in the file twice; once is enough.');
    people.add(id);
  });
  if (end.rows === 0 && log.errorCount === 0) log.error({ file, row: null, column: null }, 'The file names nobody.');
  return { people, problems: log.list(), refused: log.errorCount > 0 && (mode === 'strict' || people.size === 0) };
}

type Find = Record<'sourcedId' | 'username', (key: string) => readonly ObligedPerson[]>;

function personOf(row: RowReader, find: Find): string | undefined {
  const column = row.text('sourcedId') === '' && row.has('username') ? 'username' : 'sourcedId';
  if (!row.has(column)) {
    row.error(null, 'There is no column username or sourcedId to tell people by. Add one to the header.');
    return undefined;
  }
  const key = row.demanded(column);
  if (row.failed) return undefined;
  const [found, ...others] = find[column](key);
  if (found && others.length === 0) return found.id;
  const words = found ? 'is the username of several people. Name them by sourcedId.' : 'is nobody in the roster.';
  row.error(column, `${quoted(key)} ${words}`);
  return undefined;
}

function finder(roster: readonly ObligedPerson[]): Find {
  const bySourcedId = Map.groupBy(roster, ({ sourcedId }) => sourcedId);
  const active = roster.filter((person) => person.active);
  const byUsername = Map.groupBy(active, ({ username }) => username.toLowerCase());
  return {
    sourcedId: (key) => bySourcedId.get(key) ?? [],
    username: (key) => byUsername.get(key.toLowerCase()) ?? [],
  };
}
