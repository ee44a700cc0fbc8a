import { type Decision, nothingInForce } from '../../shared/filter/decision.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { FilterView } from '../filter/view.ts';
import type { FreshLook } from '../fresh-look.ts';
import type { RecentBlock } from '../records/recent-blocks.ts';
import type { HelpBook } from '../store/help-book.ts';
import type { FilterFacts } from './filter-page.ts';
import type { Looks } from './look-banner.ts';
import type { OwnView } from './own-view.ts';
import type { RequestState } from './request-book.ts';
import { Times } from './times.ts';
import type { PageWords } from './words/en.ts';

/** Where the pages learn what they show. */
export interface PageSources {
  own: () => OwnView;
  fresh: FreshLook;
  /** Requests for help. */
  help: HelpBook;
  /** Looks of the helpdesk at this device. */
  looks: Looks;
  /** By the clock of the device. */
  now: () => number;
  /** Undefined while no filter is in force. */
  view: () => FilterView | undefined;
  recent: () => readonly RecentBlock[];
}

/** What holds while one request is answered. */
export interface Moment {
  section: WebFilterSection;
  now: number;
  times: Times;
  /** The decision that blocks a name here and now; undefined: none does. */
  blockOf(name: string): Decision | undefined;
  filterFacts(requests: readonly RequestState[]): Promise<FilterFacts>;
}

/** Undefined while no filter is in force. */
export function momentOf(sources: PageSources, words: PageWords): Moment | undefined {
  const view = sources.view();
  const section = view?.section;
  if (!view || !section) return undefined;
  const now = view.now();
  const times = new Times(now, section.calendar?.zone, words);
  return {
    section,
    now,
    times,
    blockOf: (name) => blockOf(name, view, sources),
    filterFacts: async (requests) => ({ ...(await held(view, section, now)), ...facts(requests) }),
  };

  function facts(requests: readonly RequestState[]) {
    return { section: section as WebFilterSection, now, times, words, requests, recent: sources.recent() };
  }
}

/** The calendar is heavy to load: only where there is one. */
async function held(view: FilterView, section: WebFilterSection, now: number) {
  const { place, recording } = view;
  if (!section.calendar) return { place, recording, inForce: nothingInForce, schoolHours: undefined };
  const [{ inForceAt }, { schoolHoursAt }] = await Promise.all([
    import('../../shared/filter/in-force.ts'),
    import('../../shared/calendar/windows.ts'),
  ]);
  const schoolHours = schoolHoursAt(section.calendar, now).holds;
  return { place, recording, schoolHours, inForce: inForceAt(section, { now, place }) };
}

/**
 * A name may be blocked because its answer leads to a blocked one, which only the resolver sees: what it decided lately
 * counts while the name that was the reason is still blocked.
 */
function blockOf(name: string, view: FilterView, { recent }: PageSources): Decision | undefined {
  const own = view.decide(name);
  if (own?.action === 'block') return own;
  const lately = recent().find((block) => block.name === name)?.decision;
  const reason = lately?.rule?.replace(/^(\*\.|=)/, '');
  if (!lately || !reason?.includes('.') || name === reason || name.endsWith(`.${reason}`)) return undefined;
  return view.decide(reason)?.action === 'block' ? lately : undefined;
}
