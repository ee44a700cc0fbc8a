import type { Clock } from '../../shared/clock.ts';
import { openFiles, type RosterSource } from '../people/source.ts';
import type {
  Actor,
  Calendars,
  CompliancePolicies,
  FilterSettingsService,
  ImportOptions,
  Lists,
  Profiles,
  Rosters,
} from '../services.ts';
import { sampleDistrict } from './district.ts';
import { sampleCalendar, sampleFilterSettings } from './filter.ts';
import { restrictionProfile, sampleCompliancePolicy, sampleLists, sampleProfiles } from './policy.ts';
import { seedTickets, type TicketSeedParts } from './tickets.ts';

/** What seeding uses: the same services as everybody else. */
export interface SeedParts {
  people: { countActive(): Promise<number>; scopes(): Promise<ReadonlyMap<string, { role: string | null }>> };
  rosters: {
    importFiles(source: RosterSource, options: ImportOptions, actor: Actor): ReturnType<Rosters['importOneRoster']>;
  };
  lists: Pick<Lists, 'import'>;
  profiles: Pick<Profiles, 'applyDocument' | 'list'>;
  compliancePolicy: Pick<CompliancePolicies, 'read' | 'save'>;
  calendars: Pick<Calendars, 'save'>;
  filterSettings: Pick<FilterSettingsService, 'read' | 'save'>;
  ticketsAt: TicketSeedParts['ticketsAt'];
  clock: Clock;
}

const actor = 'server';
const seed = 1853;
const ticketedPeople = 9;

/**
 * Fills an empty server with the sample district: people, a category list, published profiles, what is asked of devices, a
 * calendar. A server that has people is left alone. People come last, so that seeding that was interrupted is done again. The
 * school year is the one of `now`. True when it was filled.
 */
export async function seedDistrict(parts: SeedParts, now = parts.clock.now()): Promise<boolean> {
  const { people, rosters, lists, profiles } = parts;
  if ((await people.countActive()) > 0) return false;
  const today = new Date(now).toISOString().slice(0, 10);
  for (const { category, title, source: origin, licence, text } of sampleLists()) {
    await lists.import(category, new TextEncoder().encode(text), { title, source: origin, licence }, actor);
  }
  for (const profile of sampleProfiles) await profiles.applyDocument(profile, { actor });
  await seedCompliance(parts);
  await seedFilter(parts, today);
  const source = openFiles(sampleDistrict({ seed, today }));
  const result = await rosters.importFiles(source, { mode: 'strict', dryRun: false, confirm: false }, actor);
  if (!result.applied)
    throw new Error(`The sample district was refused: ${JSON.stringify(result.problems.slice(0, 5))}`);
  const learners = [...(await people.scopes())].filter(([, { role }]) => role === 'student').map(([id]) => id);
  await seedTickets(parts, learners.sort().slice(0, ticketedPeople), now);
  return true;
}

async function seedCompliance({ profiles, compliancePolicy }: SeedParts): Promise<void> {
  const restriction = (await profiles.list()).find(({ name }) => name === restrictionProfile);
  if (!restriction) throw new Error(`The sample district has no profile “${restrictionProfile}”.`);
  const { version } = await compliancePolicy.read();
  await compliancePolicy.save(sampleCompliancePolicy(restriction.id), version, actor);
}

async function seedFilter({ calendars, filterSettings }: SeedParts, today: string): Promise<void> {
  await calendars.save('district', sampleCalendar(today), actor);
  const { version } = await filterSettings.read();
  await filterSettings.save(sampleFilterSettings, version, actor);
}
