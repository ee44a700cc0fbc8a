import { countsByDefault, policyName } from '../../shared/compliance/policy.ts';
import type { FindingStatus } from '../../shared/compliance/verdict.ts';
import type { CheckLanguage, CheckText } from '../../shared/compliance/words/language.ts';
import { textOf } from '../../shared/compliance/words/language.ts';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';
import { type OwnFinding, ownChecks } from './own-checks.ts';
import type { OwnView } from './own-view.ts';

type Judged = VerdictMessage['checks'][number];

/** One thing that is asked of the device, and how it stands by what is known last. */
export interface Asked {
  check: string;
  text: CheckText;
  status: FindingStatus;
  /** What was seen, in the English of the checks. */
  seen: string;
  /** What the district says; undefined while it has not judged this. */
  judged: Judged | undefined;
  /** What the device knows and the district has not answered yet. */
  news: OwnFinding | undefined;
}

/** Everything the page says of the standing, sorted by what a person should read first. */
export interface OwnStanding {
  wrong: Asked[];
  /** The district still says it is wrong, and the device sees it put right. */
  mended: Asked[];
  unknown: Asked[];
  waived: Asked[];
  good: Asked[];
  /** Fails, and turns nothing. */
  minor: Asked[];
}

/**
 * The district answers what a device tells within seconds. What the device knows is newer than what the district said
 * before that; later the district has the last word, for only it knows what it allows.
 */
const answersWithinMs = 30_000;

/** The verdict of the district with what the device knows better by now. Pure. */
export function ownStanding({ received, seen, sections }: OwnView, language: CheckLanguage, now: number): OwnStanding {
  const own = ownChecks(seen, sections, now);
  const judged = received?.verdict.checks ?? [];
  const names = new Set([...judged.map(({ check }) => check), ...own.keys()]);
  const asked = [...names].map((check) => {
    const line = judged.find((one) => one.check === check);
    return askedOf(check, line, own.get(check), received?.receivedAt ?? 0, language);
  });
  const isMinor = minorBy(received !== undefined);
  const counting = asked.filter((one) => !isMinor(one));
  const unsettled = counting.filter(({ judged: line }) => line?.waivedUntil === undefined);
  const has = (status: FindingStatus) => unsettled.filter((one) => one.status === status);
  const waived = counting.filter(
    ({ judged: line, status }) => line?.waivedUntil !== undefined && (status === 'fail' || status === 'unknown'),
  );
  const isMended = ({ judged: line, status }: Asked) => line?.status === 'fail' && status === 'pass';
  return {
    wrong: has('fail').toSorted((a, b) => compare(urgency(a), urgency(b))),
    mended: has('pass').filter(isMended),
    unknown: has('unknown').filter(({ judged: line }) => line !== undefined),
    waived,
    good: counting.filter((one) => one.status === 'pass' && !isMended(one)),
    minor: asked.filter((one) => isMinor(one) && one.status === 'fail'),
  };
}

function askedOf(
  check: string,
  judged: Judged | undefined,
  own: OwnFinding | undefined,
  receivedAt: number,
  language: CheckLanguage,
): Asked {
  const text = textOf(language, check) ?? { title: check, why: '', fix: '' };
  const news = own && isNews(own, judged, receivedAt) ? own : undefined;
  const status = news?.isCertain || !judged ? (own?.status ?? judged?.status ?? 'unknown') : judged.status;
  return { check, text, status, seen: news?.actual ?? judged?.seen ?? own?.actual ?? '', judged, news };
}

/** A pass in other words is no news. */
function isNews(own: OwnFinding, judged: Judged | undefined, receivedAt: number): boolean {
  if (!judged) return false;
  const differs = own.status !== judged.status || (own.status === 'fail' && own.actual !== judged.seen);
  return differs && own.actual !== judged.seen && receivedAt <= own.at + answersWithinMs;
}

/** What the district does not name does not count; before it has said anything the library's own demand does. */
function minorBy(hasVerdict: boolean): (asked: Asked) => boolean {
  return ({ check, judged }) =>
    judged ? judged.severity === 'minor' : hasVerdict || !countsByDefault.has(policyName(check));
}

/** What is overdue or has no time left first, then by the end of its time; without a date last. */
function urgency({ judged }: Asked): number {
  return judged?.graceUntil === null ? Number.POSITIVE_INFINITY : (judged?.graceUntil ?? 0);
}

/** Without a subtraction, which infinities do not bear. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
