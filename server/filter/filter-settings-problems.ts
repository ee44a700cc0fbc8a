import type { FilterSettings } from '../../shared/api/schemas.ts';
import { normaliseName } from '../../shared/filter/name.ts';
import { type CampusNetwork, campusProblems } from '../../shared/filter/place.ts';
import { publicSuffixProblem } from '../../shared/filter/public-suffix.ts';

const longestException = 366 * 86_400_000;

/** What is wrong with the settings that their schema cannot see, one sentence each that names the place. */
export function filterSettingsProblems(settings: FilterSettings, now: number): string[] {
  return [
    ...settings.essentials.flatMap(essentialProblem),
    ...campusProblems(settings.campus),
    ...settings.campus.flatMap(endlessRanges),
    ...exceptionProblems(settings, now),
  ];
}

function essentialProblem(pattern: string): string[] {
  const name = normaliseName(pattern.replace(/^(\*\.|=)/, ''));
  if (name === undefined) return [`Essentials: “${pattern}” is not the name of a host.`];
  const problem = name.includes('.')
    ? publicSuffixProblem(pattern)
    : `“${name}” is a whole top-level domain. Name the sites.`;
  return problem === undefined ? [] : [`Essentials: ${problem}`];
}

/** A range of every address would make every home a campus. */
function endlessRanges({ name, addresses = [], publicAddresses = [] }: CampusNetwork): string[] {
  const endless = [...addresses, ...publicAddresses].find((range) => range.endsWith('/0'));
  return endless === undefined
    ? []
    : [`The network "${name}": ${endless} is every address there is. Name those of the campus.`];
}

function exceptionProblems({ preset, presetException }: FilterSettings, now: number): string[] {
  if (presetException === null) return [];
  const until = Date.parse(presetException.until);
  if (preset === 'none') return ['State preset: there is no preset to make an exception from. Take it out.'];
  if (!Number.isFinite(until) || until <= now)
    return ['State preset: the exception must end at a time that lies ahead.'];
  return until > now + longestException
    ? ['State preset: an exception ends within a year. Choose an earlier end.']
    : [];
}
