import type { ComplianceMap, DeviceSummary, PersonSummary } from '../../shared/api/schemas.ts';
import { verdictStates } from '../../shared/compliance/verdict.ts';
import type { Cell } from './csv.ts';
import type { PdfColumn } from './pdf.ts';

/** A column of an export, on paper and in CSV alike. */
export interface Column<T> {
  title: string;
  of(item: T): Cell;
  /** Its share of a page's width; absent: in CSV alone. */
  share?: number;
}

export const personColumns: readonly Column<PersonSummary>[] = [
  { title: 'Name', of: ({ name }) => name, share: 3 },
  { title: 'Username', of: ({ username }) => username },
  { title: 'Id in the roster', of: ({ sourcedId }) => sourcedId },
  { title: 'Role', of: ({ role }) => role, share: 1.4 },
  { title: 'Grade', of: ({ grade }) => grade, share: 0.9 },
  { title: 'Unit', of: ({ orgName }) => orgName, share: 2.4 },
  { title: 'Devices held', of: ({ deviceCount }) => deviceCount },
  { title: 'Verdict', of: ({ verdict }) => verdict.state, share: 1.8 },
  { title: 'Since', of: ({ verdict }) => verdict.since, share: 1.7 },
  { title: 'Until', of: ({ verdict }) => verdict.until ?? null },
  { title: 'Reasons', of: ({ verdict }) => verdict.reasons.join('; '), share: 4 },
];

export const deviceColumns: readonly Column<DeviceSummary>[] = [
  { title: 'Device', of: ({ name }) => name, share: 2.4 },
  { title: 'Serial number', of: ({ serial }) => serial },
  { title: 'Model', of: ({ model }) => model },
  { title: 'System', of: ({ os }) => os, share: 2 },
  { title: 'Status', of: ({ status }) => status },
  { title: 'Held by', of: ({ custodian }) => custodian?.name ?? null, share: 2.4 },
  { title: 'Unit', of: ({ custodian }) => custodian?.orgName ?? null, share: 2.2 },
  { title: 'Verdict', of: ({ verdict }) => verdict.state, share: 1.8 },
  { title: 'Since', of: ({ verdict }) => verdict.since, share: 1.7 },
  { title: 'Until', of: ({ verdict }) => verdict.until ?? null },
  { title: 'Reasons', of: ({ verdict }) => verdict.reasons.join('; '), share: 4 },
];

/** One check in one unit. */
export interface Coverage {
  unit: ComplianceMap['units'][number];
  check: ComplianceMap['checks'][number];
  counts: { pass: number; fail: number; 'not-applicable': number; unknown: number };
}

export const coverageColumns: readonly Column<Coverage>[] = [
  { title: 'Unit', of: ({ unit }) => unit.name, share: 3 },
  { title: 'Check', of: ({ check }) => check.check },
  { title: 'Title', of: ({ check }) => check.title, share: 3 },
  { title: 'Severity', of: ({ check }) => check.severity, share: 1.2 },
  { title: 'Counts', of: ({ check }) => (check.counts ? 'yes' : 'no'), share: 1 },
  { title: 'Pass', of: ({ counts }) => counts.pass, share: 1 },
  { title: 'Fail', of: ({ counts }) => counts.fail, share: 1 },
  { title: 'Not applicable', of: ({ counts }) => counts['not-applicable'], share: 1.2 },
  { title: 'Unknown', of: ({ counts }) => counts.unknown, share: 1.2 },
  { title: 'Share that passes', of: ({ counts }) => shareOf(counts.pass, counts.pass + counts.fail), share: 1.2 },
];

/** By the name of the unit, then as the library orders its checks. */
export function coverageOf({ units, checks }: ComplianceMap): Coverage[] {
  return unitsByName(units).flatMap((unit) =>
    checks.flatMap((check) => {
      const counts = unit.checks[check.check];
      return counts ? [{ unit, check, counts }] : [];
    }),
  );
}

type UnitCounts = ComplianceMap['units'][number];

export const verdictColumns: readonly Column<UnitCounts>[] = [
  { title: 'Unit', of: ({ name }) => name, share: 3 },
  ...verdictStates.map((state) => ({ title: `People ${state}`, of: (unit: UnitCounts) => unit.people[state] })),
  ...verdictStates.map((state) => ({ title: `Devices ${state}`, of: (unit: UnitCounts) => unit.devices[state] })),
];

/** As it would be on every day, whatever is worst on it. */
export function unitsByName(units: readonly UnitCounts[]): UnitCounts[] {
  return units.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.orgId < b.orgId ? -1 : 1));
}

export function titlesOf<T>(columns: readonly Column<T>[]): string[] {
  return columns.map(({ title }) => title);
}

export function cellsOf<T>(columns: readonly Column<T>[], item: T): Cell[] {
  return columns.map((column) => column.of(item));
}

/** Those that fit on paper, instants by their day. */
export function onPaper<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
): { columns: PdfColumn[]; rows: string[][] } {
  const shown = columns.filter(({ share }) => share !== undefined);
  return {
    columns: shown.map(({ title, share = 1 }) => ({ title, share })),
    rows: items.map((item) => shown.map(({ of }) => dayOf(String(of(item) ?? '')))),
  };
}

/** Three digits; `null` where there is nothing to divide by. */
export function shareOf(part: number, whole: number): string | null {
  return whole === 0 ? null : (part / whole).toFixed(3);
}

function dayOf(cell: string): string {
  return cell.replace(/^(\d{4}-\d\d-\d\d)T[\d:.]+Z$/, '$1');
}
