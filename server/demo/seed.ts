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
  Scripts,
} from '../services.ts';
import { sampleDistrict } from './district.ts';
import { sampleCalendar, sampleFilterSettings } from './filter.ts';
import { restrictionProfile, sampleCompliancePolicy, sampleLists, sampleProfiles } from './policy.ts';
import { sampleScripts } from './scripts.ts';
import { seedTickets, type TicketSeedParts, type TicketSubject } from './tickets.ts';

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
  clock: Clock;
}

/** What seeding the helpdesk uses. */
export interface HelpdeskSeedParts extends TicketSeedParts {
  people: Pick<SeedParts['people'], 'scopes'>;
  scripts: Pick<Scripts, 'create'>;
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
  return true;
}

/** Fills the helpdesk of the sample district: tickets about these, else about some students, and drafts of scripts. */
export async function seedHelpdesk(
  parts: HelpdeskSeedParts,
  now: number,
  about: readonly TicketSubject[] = [],
): Promise<void> {
  for (const script of sampleScripts) await parts.scripts.create(script, actor);
  await seedTickets(parts, about.length > 0 ? about : await someStudents(parts), now);
}

async function someStudents({ people }: HelpdeskSeedParts): Promise<TicketSubject[]> {
  const students = [...(await people.scopes())].filter(([, { role }]) => role === 'student');
  const ids = students.map(([personId]) => personId).sort();
  return ids.slice(0, ticketedPeople).map((personId) => ({ personId }));
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
