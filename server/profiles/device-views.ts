import type { Landing, SectionView, SettingView } from '../../shared/api/schemas.ts';
import type { Assignment } from '../../shared/policy/assignment.ts';
import { settingSchemas } from '../../shared/policy/merge.ts';
import { isUpToDate, standingOf } from '../../shared/policy/standing.ts';
import { selectorWords } from '../../shared/policy/words.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../shared/profile/registry.ts';
import { capOf, presetCap } from '../filter/state-preset.ts';
import { type DesiredStore, manifestSections } from '../store/desired.ts';
import type { LandingStore } from '../store/landings.ts';
import type { PostureStore } from '../store/posture.ts';
import type { ProfileRecord } from '../store/profiles.ts';
import { readFilterSettings } from './filter-context.ts';
import { landingOf, rowsShown, type ShownDevice, type Standings, standingsOf, worstFirst } from './landing.ts';
import { limitedViews } from './limited-views.ts';
import { readNames } from './names.ts';
import { type PolicySources, readPolicy } from './policy.ts';
import { resolverOf } from './resolving.ts';
import { readDevices, type SubjectStores } from './subjects.ts';
import { reachedScopes } from './summaries.ts';

const restrictionWords = 'restriction until put right';

type ViewStores = SubjectStores & PolicySources['stores'] & { landings: LandingStore; posture: PostureStore };

/** Every setting of a device with the assignments that set it and those it beat; empty for one out of service. */
export async function readSettings(
  deviceId: string,
  stores: ViewStores,
  hosts: readonly string[],
  now: number,
): Promise<SettingView[]> {
  const [device] = await readDevices(stores, now, [deviceId]);
  if (!device) return [];
  const last = await stores.desired.ofDevice(deviceId);
  const policy = await readPolicy({ stores, hosts }, now);
  const { merged } = resolverOf(policy)(device, last?.scope ?? []);
  const { explanation, settings } = merged;
  const names = await readNames(stores.profiles, policy.selectors());
  const source = ({ profile, profileId, revision, to, priority, restriction }: Assignment) => {
    const whom = restriction ? restrictionWords : selectorWords(to, names).slice(0, 400);
    return { profile, profileId, revision, to: whom, priority };
  };
  const views = explanation.map(({ capability, setting, value, from, beaten }) => ({
    capability,
    setting,
    title: settingSchemas(capability)[setting]?.title ?? setting,
    value,
    from: from.map(source),
    beaten: beaten.map(({ assignment, value: wanted }) => ({ ...source(assignment), value: wanted })),
  }));
  const filterSettings = (await readFilterSettings(stores.documents)).settings;
  const cap = capOf(presetCap(filterSettings, now), device.subject.custodian?.role);
  return cap && settings.webFilter ? limitedViews(views, settings.webFilter, cap) : views;
}

/** What a device should hold, section by section, with its last word about each. */
export async function readSections(deviceId: string, stores: ViewStores): Promise<SectionView[]> {
  const row = await stores.desired.ofDevice(deviceId);
  if (!row) return [];
  const sections = await sectionsByGeneration(stores.desired, [row.generation]);
  const reports = new Map((await stores.posture.reportsWithEvidence(deviceId)).map((r) => [r.section, r]));
  return Object.entries(sections.get(row.generation) ?? {}).map(([section, hash]) => {
    const report = reports.get(section);
    const desired = { section, hash, generation: row.generation };
    return {
      section,
      title:
        section === 'approvers' ? 'Approvers of dangerous commands' : capabilities[section as CapabilityName].title,
      status: standingOf(report, desired),
      upToDate: isUpToDate(report, desired),
      generation: row.generation,
      reportedAt: report ? new Date(report.at).toISOString() : null,
      failure: report?.failure ?? null,
      evidence: report?.evidence ?? [],
    };
  });
}

/** How the published revision of a profile is landing on the devices it reaches. */
export async function readLanding(
  { published }: ProfileRecord,
  { desired, landings, posture }: Pick<ViewStores, 'desired' | 'landings' | 'posture'>,
  isConnected: (deviceId: string) => boolean,
): Promise<Landing> {
  const wanted = capabilityNames.filter((capability) => published?.settings[capability] !== undefined);
  if (published === null || wanted.length === 0) return landingOf(published, standingsOf([]), []);
  const scopes = reachedScopes(published, await desired.scopeCounts()).map(({ scope }) => scope);
  const alike = await landings.alike(scopes, wanted);
  const sections = await sectionsByGeneration(
    desired,
    alike.map(({ generation }) => generation),
  );
  const standings = standingsOf(
    alike.map(({ generation, ...rest }) => ({
      ...rest,
      sections: wanted.flatMap((section) => {
        const hash = sections.get(generation)?.[section];
        return hash === undefined ? [] : [{ section, hash, generation }];
      }),
    })),
  );
  const shown = await readShown(standings, landings);
  const reports = await posture.reports(shown.map(({ id }) => id));
  return landingOf(
    published,
    standings,
    shown.map((one) => ({ ...one, connected: isConnected(one.id), reports: reports.get(one.id) ?? [] })),
  );
}

/** The worst, by name: what needs somebody's eyes comes first. */
async function readShown(standings: Standings, landings: LandingStore) {
  const shown: Omit<ShownDevice, 'connected' | 'reports'>[] = [];
  for (const status of worstFirst) {
    const devices = await landings.firstByName(standings[status], rowsShown - shown.length);
    shown.push(...devices.map((device) => ({ ...device, status, section: standings[status].get(device.id) })));
  }
  return shown;
}

/** Generation → section → hash, each manifest read once. */
export async function sectionsByGeneration(
  desired: DesiredStore,
  generations: readonly number[],
): Promise<Map<number, Record<string, string>>> {
  const states = await desired.states([...new Set(generations)]);
  return new Map([...states].map(([generation, { signed }]) => [generation, manifestSections(signed.manifest)]));
}
