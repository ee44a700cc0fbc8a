import { ProfileContent } from '../../shared/api/schemas.ts';
import { windowProblems } from '../../shared/calendar/problems.ts';
import { parseRange } from '../../shared/filter/place.ts';
import type { Groups } from '../../shared/policy/group.ts';
import { noGroups, selectorKey } from '../../shared/policy/match.ts';
import { settingSchemas } from '../../shared/policy/merge.ts';
import type { AssignmentInput } from '../../shared/policy/selector.ts';
import { selectorProblems } from '../../shared/policy/selector-problems.ts';
import { selectorWords } from '../../shared/policy/words.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../shared/profile/registry.ts';
import { wifiProblems } from '../../shared/profile/wifi.ts';
import { validator } from '../../shared/schema.ts';
import { groupsWithDrafts, unknownNames } from '../groups/group-problems.ts';
import type { CalendarRecord } from '../store/calendars.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ListStore } from '../store/lists.ts';
import type { ProfileStore } from '../store/profiles.ts';

const contentSchema = validator(ProfileContent);
/** Several profiles share a section of at most a million characters. */
const largestSettings = 400_000;

/** What is wrong with a profile's content, one sentence each that names the place; empty when it may be published. `beside`: groups that come with it. */
export async function problemsOf(
  content: unknown,
  stores: { profiles: ProfileStore; lists: ListStore; groups: GroupStore },
  beside: Groups = noGroups,
): Promise<string[]> {
  if (!contentSchema.check(content)) return contentSchema.problems(content).map((words) => inWords(words, content));
  const wrong = await selectorErrors(content.assignments, stores.groups, beside);
  if (wrong.length > 0) return wrong;
  return [
    ...sizeProblems(content),
    ...repeatedAssignments(content.assignments),
    ...scheduleProblems(content),
    ...rangeProblems(content),
    ...(content.settings.wifi?.networks ?? []).flatMap((network) =>
      wifiProblems(network).map((words) => `Wi-Fi: ${words}`),
    ),
    ...(await unknownCategories(content, stores.lists)),
    ...(await unknownAssignees(content.assignments, stores.profiles)),
  ];
}

function sizeProblems({ settings }: ProfileContent): string[] {
  const size = JSON.stringify(settings).length;
  if (size <= largestSettings) return [];
  return [
    `The settings take ${size} characters; the limit is ${largestSettings}. Import a list for long lists of names.`,
  ];
}

function repeatedAssignments(assignments: readonly AssignmentInput[]): string[] {
  const groups = Map.groupBy(assignments, ({ to }) => selectorKey(to));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1) return [];
    const whom = selectorWords(first.to, { org: (id) => id, person: (id) => id });
    return [`Assignments: ${whom} is named ${same.length} times. Keep one.`];
  });
}

async function unknownCategories({ settings }: ProfileContent, lists: ListStore): Promise<string[]> {
  const { blockedCategories = [], lockedCategories = [], schedules = [] } = settings.webFilter ?? {};
  const wanted = [
    ...blockedCategories.map((category) => ({ category, where: 'blocked categories' })),
    ...lockedCategories.map((category) => ({ category, where: 'locked minimum' })),
    ...schedules.flatMap(({ title, categories }) =>
      categories.map((category) => ({ category, where: `schedule “${title}”` })),
    ),
  ];
  const known = await lists.known([...new Set(wanted.map(({ category }) => category))]);
  return wanted
    .filter(({ category }) => !known.has(category))
    .map(({ category, where }) => `Web filter, ${where}: there is no list for “${category}”. Import one first.`);
}

function scheduleProblems({ settings }: ProfileContent): string[] {
  return (settings.webFilter?.schedules ?? []).flatMap(({ title, categories, domains, when }) => {
    const where = `Web filter, schedule “${title}”`;
    return [
      ...(categories.length + domains.length === 0 ? [`${where}: name at least one category or domain.`] : []),
      ...(when.kind === 'times' && when.from === '24:00' ? [`${where} begins at 24:00. Write 00:00.`] : []),
    ];
  });
}

/**
 * What schedules ask of the timetable that no calendar can give: they would never hold, so people are warned, but a
 * calendar may still come. One sentence each.
 */
export function timetableProblems(
  { webFilter }: ProfileContent['settings'],
  calendars: readonly Pick<CalendarRecord, 'calendar'>[],
): string[] {
  return (webFilter?.schedules ?? []).flatMap(({ title, when }) => {
    const where = `The schedule “${title}”`;
    if (calendars.length === 0) return windowProblems(where, when, undefined);
    const problems = calendars.map(({ calendar }) => windowProblems(where, when, calendar));
    return (problems[0] ?? []).filter((words) => problems.every((others) => others.includes(words)));
  });
}

function rangeProblems({ settings }: ProfileContent): string[] {
  return (settings.webFilter?.resolverAddresses ?? [])
    .map(parseRange)
    .filter((parsed) => typeof parsed === 'string')
    .map((words) => `Web filter, more resolvers over HTTPS: ${words}`);
}

/** Among groups one that has a draft alone will do: it is published before the profile, or with it. */
async function selectorErrors(
  assignments: readonly AssignmentInput[],
  store: GroupStore,
  beside: Groups,
): Promise<string[]> {
  const groups = new Map([...groupsWithDrafts(await store.list()), ...beside]);
  return assignments.flatMap(({ to }, index) =>
    selectorProblems(to, { groups }).errors.map((words) => `Assignments, entry ${index + 1}: ${words}`),
  );
}

async function unknownAssignees(assignments: readonly AssignmentInput[], profiles: ProfileStore): Promise<string[]> {
  const selectors = assignments.map(({ to }) => to);
  return (await unknownNames(selectors, profiles)).map(inAssignments);
}

const inAssignments = (words: string) => `Assignments: ${words}`;

/** `/settings/webFilter/blockedDomains/3 must match …` → `Web filter, blocked domains, entry 4 (“a b”): must match …`. */
function inWords(problem: string, content: unknown): string {
  const [path = '', ...message] = problem.split(' ');
  const steps = path.split('/').slice(1);
  const value = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], content);
  const quoted = typeof value === 'string' ? ` (“${value.slice(0, 100)}”)` : '';
  const example = exampleFor(steps);
  const words = message[1] === 'match' && example ? `is not of the form of ${example}` : message.join(' ');
  return `${place(steps)}${quoted}: ${words}.`;
}

function place([part, ...rest]: string[]): string {
  if (part === 'assignments') return ['Assignments', ...rest.map(step)].join(', ');
  if (part !== 'settings') return 'The profile';
  const [capability, setting, ...deeper] = rest;
  if (!isCapability(capability)) return 'Settings';
  const title = setting === undefined ? undefined : settingSchemas(capability)[setting]?.title.toLowerCase();
  return [capabilities[capability].title, ...(title ? [title] : []), ...deeper.map(step)].join(', ');
}

function exampleFor([part, capability, setting]: string[]): string | undefined {
  if (part !== 'settings' || !isCapability(capability) || setting === undefined) return undefined;
  return settingSchemas(capability)[setting]?.['x-example'];
}

const step = (name: string) => (/^\d+$/.test(name) ? `entry ${Number(name) + 1}` : name);

function isCapability(name: string | undefined): name is CapabilityName {
  return capabilityNames.some((known) => known === name);
}
