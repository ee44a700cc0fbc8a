import type { Clock } from '../../shared/clock.ts';
import { openFiles, type RosterSource } from '../people/source.ts';
import type { Actor, ImportOptions, Lists, Profiles, Rosters } from '../services.ts';
import { sampleDistrict } from './district.ts';
import { sampleLists, sampleProfiles } from './policy.ts';

/** What seeding uses: the same services as everybody else. */
export interface SeedParts {
  people: { countActive(): Promise<number> };
  rosters: {
    importFiles(source: RosterSource, options: ImportOptions, actor: Actor): ReturnType<Rosters['importOneRoster']>;
  };
  lists: Pick<Lists, 'import'>;
  profiles: Pick<Profiles, 'applyDocument'>;
  clock: Clock;
}

const actor = 'server';
const seed = 1853;

/**
 * Fills an empty server with the sample district: people, a category list, two published profiles. A server that has
 * people is left alone. People come last, so that seeding that was interrupted is done again. True when it was filled.
 */
export async function seedDistrict({ people, rosters, lists, profiles, clock }: SeedParts): Promise<boolean> {
  if ((await people.countActive()) > 0) return false;
  for (const { category, title, source: origin, licence, text } of sampleLists()) {
    await lists.import(category, new TextEncoder().encode(text), { title, source: origin, licence }, actor);
  }
  for (const profile of sampleProfiles) await profiles.applyDocument(profile, actor);
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const source = openFiles(sampleDistrict({ seed, today }));
  const result = await rosters.importFiles(source, { mode: 'strict', dryRun: false, confirm: false }, actor);
  if (!result.applied)
    throw new Error(`The sample district was refused: ${JSON.stringify(result.problems.slice(0, 5))}`);
  return true;
}
