import type {
  CheckIntervalView,
  DeviceHistory,
  HistoryMark,
  PersonHistory,
  VerdictIntervalView,
} from '../../../shared/api/schemas.ts';
import { checkName } from './compliance-map.ts';
import { stretch } from './time.ts';

/** Milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

interface Stretch {
  from: string;
  to: string | null;
}

/** A stretch on a line, in percent of its length. */
export interface Band<T> {
  of: T;
  left: number;
  width: number;
}

const inside = ({ from, to }: Stretch, at: number) => Date.parse(from) <= at && (to === null || at < Date.parse(to));

/** Where an instant lies on the line, in percent; undefined when it is off the line. */
export function placeOf(at: number, { from, to }: Span): number | undefined {
  return at < from || at > to || to <= from ? undefined : ((at - from) / (to - from)) * 100;
}

/** The part of each stretch that lies within the span, oldest first; what is still open reaches its end. */
export function bandsOf<T extends Stretch>(stretches: readonly T[], span: Span): Band<T>[] {
  const length = span.to - span.from;
  return stretches
    .flatMap((of) => {
      const from = Math.max(span.from, Date.parse(of.from));
      const to = of.to === null ? span.to : Math.min(span.to, Date.parse(of.to));
      if (length <= 0 || to <= from) return [];
      return [{ of, left: ((from - span.from) / length) * 100, width: ((to - from) / length) * 100 }];
    })
    .toSorted((a, b) => a.left - b.left);
}

/** Five dates along a span, its ends included. */
export function ticksOf({ from, to }: Span): { at: number; left: number }[] {
  return [0, 25, 50, 75, 100].map((left) => ({ at: from + ((to - from) * left) / 100, left }));
}

/** One check over time. */
export interface CheckLine {
  check: string;
  title: string;
  intervals: CheckIntervalView[];
}

/** The checks that ever failed, those that fail longest first, each with all its intervals. */
export function failedChecks(intervals: readonly CheckIntervalView[], now: number): CheckLine[] {
  const lines = [...Map.groupBy(intervals, ({ check }) => check).values()].flatMap((own) => {
    const [first] = own;
    const failedFor = own
      .filter(({ status }) => status === 'fail')
      .reduce((sum, { from, to }) => sum + (to === null ? now : Date.parse(to)) - Date.parse(from), 0);
    return first && failedFor > 0 ? [{ check: first.check, title: checkName(first), intervals: own, failedFor }] : [];
  });
  return lines.toSorted((a, b) => b.failedFor - a.failedFor).map(({ failedFor: _, ...line }) => line);
}

type Held = PersonHistory['devices'][number];

/** What held at an instant: the verdict, and of each device in hand the checks that failed. */
export interface StandingAt {
  verdict: VerdictIntervalView | undefined;
  devices: { device: Held['device']; verdict: VerdictIntervalView | undefined; failing: CheckIntervalView[] }[];
}

const failingAt = (checks: readonly CheckIntervalView[], at: number) =>
  checks.filter((one) => one.status === 'fail' && inside(one, at));

export function personAt({ verdicts, devices }: Pick<PersonHistory, 'verdicts' | 'devices'>, at: number): StandingAt {
  return {
    verdict: verdicts.find((one) => inside(one, at)),
    devices: devices
      .filter((held) => inside(held, at))
      .map((held) => ({
        device: held.device,
        verdict: held.verdicts.find((one) => inside(one, at)),
        failing: failingAt(held.checks, at),
      })),
  };
}

export function deviceAt(history: Pick<DeviceHistory, 'device' | 'verdicts' | 'checks'>, at: number): StandingAt {
  const verdict = history.verdicts.find((one) => inside(one, at));
  return { verdict, devices: [{ device: history.device, verdict, failing: failingAt(history.checks, at) }] };
}

/** Devices whose own verdict was the same at the beginning of an interval: those it is about. */
export function devicesBehind({ state, from }: VerdictIntervalView, devices: readonly Held[]): Held['device'][] {
  const at = Date.parse(from);
  const behind = devices.filter(
    (held) => inside(held, at) && held.verdicts.some((one) => one.state === state && inside(one, at)),
  );
  return behind.map(({ device }) => device);
}

/** What somebody did and the verdict after it are stamped moments apart. */
const nearMs = 120_000;

/** Acts that moved an interval, being the nearest to its beginning; the others fell into it. */
export function marksOf(interval: Stretch, marks: readonly HistoryMark[], all: readonly Stretch[]) {
  const movedBy = (mark: HistoryMark) => {
    const distance = ({ from }: Stretch) => Math.abs(Date.parse(from) - Date.parse(mark.at));
    const nearest = all.toSorted((a, b) => distance(a) - distance(b))[0];
    return nearest && distance(nearest) <= nearMs ? nearest : undefined;
  };
  return {
    moved: marks.filter((mark) => movedBy(mark)?.from === interval.from),
    meanwhile: marks.filter((mark) => movedBy(mark) === undefined && inside(interval, Date.parse(mark.at))),
  };
}

/** Where a line begins: with its span, or with the first verdict, if that came later. ISO 8601 in UTC. */
export function lineStart(spanFrom: string, verdicts: readonly Stretch[]): string {
  const first = verdicts.map(({ from }) => from).toSorted()[0];
  return first !== undefined && Date.parse(first) > Date.parse(spanFrom) ? first : spanFrom;
}

/** A stretch in words, for people who do not see the line. */
export function bandWords({ from, to }: Stretch, label: string): string {
  return `${label}, ${stretch(Date.parse(from), to === null ? undefined : Date.parse(to))}`;
}
