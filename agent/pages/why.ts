import type { Decision } from '../../shared/filter/decision.ts';
import type { Override, WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { Times } from './times.ts';
import type { PageWords } from './words/en.ts';

/** Why a name is blocked, in words. */
export interface Why {
  sentence: string;
  /** What a member of staff gave as the reason. */
  reason?: string;
  rule?: string;
  list?: string;
  setBy?: string;
  until: string;
  /** True when nobody may open it: only a mistake in the list can be reported. */
  isLocked: boolean;
}

export function whyBlocked(decision: Decision, section: WebFilterSection, times: Times, words: PageWords): Why {
  const { layer, rule, category, assignment, until } = decision;
  const list = category === undefined ? undefined : titleOf(category, section);
  const why: Why = {
    sentence: sentenceOf(decision, section, times, words),
    until: until === undefined ? words.block.noUntil : words.block.untilTime(times.at(until)),
    isLocked: layer === 'locked-minimum',
  };
  const override = layer === 'override' ? overrideOf(decision, section) : undefined;
  if (override?.reason) why.reason = override.reason;
  if (rule !== undefined) why.rule = rule;
  if (list !== undefined) why.list = list;
  if (assignment !== undefined) why.setBy = assignment;
  return why;
}

export function titleOf(category: string, { lists }: WebFilterSection): string {
  return lists.find((list) => list.category === category)?.title ?? category;
}

function sentenceOf(decision: Decision, section: WebFilterSection, times: Times, { block }: PageWords): string {
  const { layer, category, rule = '', assignment = '', until } = decision;
  const list = category === undefined ? '' : titleOf(category, section);
  const end = until === undefined ? undefined : times.at(until);
  switch (layer) {
    case 'locked-minimum':
      return block.locked(list);
    case 'category':
      return block.category(list);
    case 'schedule':
      return end === undefined ? block.schedule(rule) : block.scheduleUntil(rule, end);
    case 'override':
      return overrideOf(decision, section)?.kind === 'only'
        ? block.only(assignment, end ?? '')
        : block.closed(assignment, end ?? '');
    case 'default':
      return block.noLists;
    default:
      return block.district;
  }
}

/** The override behind a decision: what decides carries who gave it and its end. */
function overrideOf({ assignment, until, rule, category }: Decision, section: WebFilterSection): Override | undefined {
  const given = (section.overrides ?? []).filter(
    (override) => override.kind !== 'allow' && override.by === assignment && override.until === until,
  );
  return (
    given.find((override) => (override.kind === 'only') === (rule === undefined && category === undefined)) ?? given[0]
  );
}
