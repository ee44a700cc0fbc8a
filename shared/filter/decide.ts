import { connectivityChecks } from './captive.ts';
import {
  type Category,
  type Decision,
  type FilterSources,
  type InForce,
  type Layer,
  type LayerView,
  layers,
  nothingInForce,
} from './decision.ts';
import { NameHashes } from './hash.ts';
import { giversOf, type Judge } from './judge.ts';
import { type Listed, ListedNames } from './listed.ts';
import { generalOverrideJudge, namedOverrideJudge } from './override-layer.ts';
import { scheduleJudge } from './schedule-layer.ts';
import {
  canaryJudge,
  categoriesJudge,
  districtBlockJudge,
  domainJudge,
  domainRules,
  type GivenNames,
  safeSearchJudge,
} from './setting-layers.ts';

/** What `decideName` needs of a web-filter section at one time and place, made ready once. */
export interface FilterPolicy {
  readonly categories: readonly Category[];
  readonly judges: LayerJudges;
  /** The judges in the order of their layers. */
  readonly order: readonly Judge[];
  /** Those that judge the name an answer leads to, in order. */
  readonly forTargets: readonly Judge[];
}

/** A layer that can say nothing has no judge. */
type LayerJudges = Readonly<Partial<Record<Layer, Judge | undefined>>>;

const checks = connectivityChecks.map((host) => `=${host}`);
const pass: Decision = { action: 'pass', layer: 'default' };
/** Reused between decisions; a decision never keeps it. */
const hashes = new NameHashes();

/**
 * Makes settings, opened lists and what is in force now ready. A category that no setting, schedule or override names is
 * not used, one whose list is not among `categories` covers nothing, and patterns that are no names are left out.
 */
export function preparePolicy(
  sources: FilterSources,
  categories: readonly Category[],
  inForce: InForce = nothingInForce,
): FilterPolicy {
  const listed: Listed = new Map(categories.map((category) => [category.id, new ListedNames(category)]));
  const blocked = categoriesOfSetting(sources, 'blockedCategories', listed);
  const blockedNames = blocked.map(({ names }) => names);
  const named = namedOverrideJudge(inForce.overrides, listed, blockedNames);
  const general = generalOverrideJudge(inForce.overrides, listed);
  const scheduleGivers = giversOf(sources.origins, 'schedules');
  const judges: LayerJudges = {
    ...domainJudges(sources),
    'locked-minimum': categoriesJudge('locked-minimum', categoriesOfSetting(sources, 'lockedCategories', listed)),
    override: eitherOf(named, general),
    schedule: scheduleJudge(inForce.schedules, listed, blockedNames, (schedule) => {
      return scheduleGivers[sources.settings.schedules?.indexOf(schedule) ?? -1];
    }),
    category: categoriesJudge('category', blocked),
    'safe-search': safeSearchJudge(sources.settings),
  };
  return { categories, judges, order: inOrder(judges), forTargets: inOrder({ ...judges, override: named }) };
}

/**
 * What to do with a name in comparable form (`normaliseName`). Pure. The layers, the first that speaks wins; why they are in
 * this order is in docs/decisions/0011:
 *
 * 1. `canary`: names programs ask to learn of a filter, unless an allowed domain names the canary itself.
 * 2. `essential`: the district's own and the sign-in pages pass, whatever a list says, and so do the hosts that systems ask
 *    to learn of a captive portal.
 * 3. `locked-minimum`: the locked categories; nothing below lifts them.
 * 4. `district-block`: blocked domains, unless an allowed domain is as specific or more.
 * 5. `override`: what staff opened or closed for now. The most specific domain wins, then categories, then `everything`,
 *    then `only`; between equals the block, then what lasts longer.
 * 6. `allow`: allowed domains.
 * 7. `schedule`: of the schedules that hold, what one blocks, then what one allows.
 * 8. `category`: the blocked categories, in the order of the profile.
 * 9. `safe-search`: a name that passes, for whatever reason, is sent to the filtered service where there is one. It is below
 *    the blocks, so a blocked search engine is blocked.
 * 10. `default`: everything else passes.
 *
 * A category does not hold its exceptions, and to open a category does not open what another blocked category holds.
 */
export function decideName(name: string, policy: FilterPolicy): Decision {
  hashes.of(name);
  const says = firstOf(policy.order, name) ?? pass;
  return says.action === 'pass' ? (policy.judges['safe-search']?.(name, hashes) ?? says) : says;
}

/**
 * The block that an answer runs into because it leads on to `target` (CNAME and the like); undefined: none. `asked` is the
 * decision about the name that was asked for, which passed. What was opened by name stays open wherever it leads, but for
 * the locked minimum, and an essential wherever it leads. `only` and `everything` speak of what people ask for, not of where
 * that is hosted.
 */
export function decideTarget(target: string, asked: Decision, policy: FilterPolicy): Decision | undefined {
  if (asked.layer === 'essential') return undefined;
  hashes.of(target);
  const says =
    asked.layer === 'default' ? firstOf(policy.forTargets, target) : policy.judges['locked-minimum']?.(target, hashes);
  return says?.action === 'block' ? says : undefined;
}

/** What every layer says of a name, in order, by the same judges as `decideName`; exactly one of them decides. */
export function explainName(name: string, policy: FilterPolicy): LayerView[] {
  hashes.of(name);
  const views = layers.map((layer) => {
    return { layer, says: layer === 'default' ? pass : policy.judges[layer]?.(name, hashes) };
  });
  const first = views.find(({ says }) => says !== undefined);
  const rewrite = views.find(({ layer, says }) => layer === 'safe-search' && says !== undefined);
  const deciding = first?.says?.action === 'pass' ? (rewrite ?? first) : first;
  return views.map((view) => ({ ...view, decides: view === deciding }));
}

function firstOf(judges: readonly Judge[], name: string): Decision | undefined {
  for (const judge of judges) {
    const says = judge(name, hashes);
    if (says) return says;
  }
  return undefined;
}

function inOrder(judges: LayerJudges): Judge[] {
  return layers.map((layer) => judges[layer]).filter((judge) => judge !== undefined);
}

function eitherOf(first: Judge | undefined, second: Judge | undefined): Judge | undefined {
  if (!first || !second) return first ?? second;
  return (name, suffixes) => first(name, suffixes) ?? second(name, suffixes);
}

/** The layers made of domains alone. */
function domainJudges({ settings, essentials = [], origins }: FilterSources): LayerJudges {
  const allowed = domainRules(settings.allowedDomains, 'pass', 'allow', giversOf(origins, 'allowedDomains'));
  const blocked = domainRules(settings.blockedDomains, 'block', 'district-block', giversOf(origins, 'blockedDomains'));
  return {
    canary: canaryJudge(allowed),
    essential: domainJudge(domainRules([...essentials, ...checks], 'pass', 'essential')),
    'district-block': districtBlockJudge(blocked, allowed),
    allow: domainJudge(allowed),
  };
}

/** The categories of a setting whose lists are open, with who gave them. */
function categoriesOfSetting(
  { settings, origins }: FilterSources,
  setting: 'blockedCategories' | 'lockedCategories',
  listed: Listed,
): GivenNames[] {
  const givers = giversOf(origins, setting);
  return (settings[setting] ?? []).flatMap((id, index) => {
    const names = listed.get(id);
    return names ? [{ names, assignment: givers[index] }] : [];
  });
}
