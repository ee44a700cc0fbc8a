import type { ComplianceMeasures, PersonHistory, VerdictIntervalView } from '../../shared/api/schemas.ts';
import type { Cell } from './csv.ts';
import type { Paper } from './pdf.ts';

export const personTitles = ['From', 'To', 'Of', 'Kind', 'State', 'Until', 'Why', 'By'];

/** Everything in one order, newest first, so that a spreadsheet can sort and filter it. */
export function personRows({ person, verdicts, devices, marks }: PersonHistory): Cell[][] {
  const rows: Cell[][] = [
    ...verdicts.map((one) => verdictRow(person.name, 'verdict of the person', one)),
    ...devices.flatMap((held) => [
      [held.from, held.to, held.device.name, 'custody', 'held', null, '', null],
      ...held.verdicts.map((one) => verdictRow(held.device.name, 'verdict of the device', one)),
      ...held.checks.map((one) => [one.from, one.to, held.device.name, one.title, one.status, null, one.seen, null]),
    ]),
    ...marks.map(({ at, code, words, by }) => [at, at, person.name, code, '', null, words, by]),
  ];
  return rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? 1 : -1));
}

function verdictRow(name: string, kind: string, { from, to, state, until, reasons }: VerdictIntervalView): Cell[] {
  return [from, to, name, kind, state, until, reasons.join('; '), null];
}

/** For a meeting or a file: how the person stood and why, what failed, and what was done about it. */
export function personPaper({ person, measures, verdicts, devices, marks }: PersonHistory, district: string): Paper {
  const failures = devices.flatMap((held) =>
    held.checks
      .filter(({ status }) => status === 'fail')
      .map(({ from, to, title, seen }) => [minute(from), minute(to), held.device.name, `${title}: ${seen}`]),
  );
  const begin = { title: 'From', share: 1.6 };
  const end = { title: 'To', share: 1.6 };
  return {
    title: `Compliance of ${person.name}`,
    lines: [district, `From ${minute(measures.from)} to ${minute(measures.to)}, in UTC`, ...measureWords(measures)],
    at: Date.parse(measures.to),
    tables: [
      {
        title: 'Verdicts',
        columns: [begin, end, { title: 'Verdict', share: 1.6 }, { title: 'Why', share: 6 }],
        rows: verdicts.map(({ from, to, state, reasons }) => [minute(from), minute(to), state, reasons.join('; ')]),
      },
      {
        title: 'Devices held',
        columns: [begin, end, { title: 'Device', share: 7 }],
        rows: devices.map(({ device, from, to }) => [minute(from), minute(to), device.name]),
      },
      {
        title: 'Checks that failed',
        columns: [begin, end, { title: 'Device', share: 2.4 }, { title: 'What was seen', share: 5 }],
        rows: failures,
      },
      {
        title: 'What was done',
        columns: [
          { title: 'At', share: 1.6 },
          { title: 'By', share: 2.4 },
          { title: 'What', share: 6 },
        ],
        rows: marks.map(({ at, by, words }) => [minute(at), by, words]),
      },
    ],
  };
}

/** The figures in sentences. */
export function measureWords({ timeInCompliance, fixed, open, meanHoursToFix }: ComplianceMeasures): string[] {
  return [
    timeInCompliance === null
      ? 'Time in compliance: nothing was judged.'
      : `Time in compliance: ${(timeInCompliance * 100).toFixed(1)} % of the judged time.`,
    `Failures that were put right: ${fixed}; still open: ${open}.`,
    ...(meanHoursToFix === null ? [] : [`Mean time to fix: ${meanHoursToFix.toFixed(1)} hours.`]),
  ];
}

/** `2026-10-03 15:04`; empty for what has not ended. */
function minute(instant: string | null): string {
  return instant === null ? '' : instant.slice(0, 16).replace('T', ' ');
}
