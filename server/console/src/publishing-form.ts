import type { PublishingSettings } from '../../../shared/api/schemas.ts';
import { planProblems } from './plan-form.ts';
import { capabilityTitle } from './setting-words.ts';

/** Everything the server would refuse, in words with the place. */
export function publishingProblems(settings: PublishingSettings): string[] {
  const { approvalPercent, approvalLeast, fewDevices, coSigning, freezes, plan } = settings;
  return [
    ...(approvalPercent >= 0 && approvalPercent <= 100 ? [] : ['Share of all devices: Between 0 and 100 %.']),
    ...(isWhole(approvalLeast, 1, 1_000_000) ? [] : ['At least so many devices: Between 1 and 1,000,000.']),
    ...repeated(coSigning.map(({ capability, side }) => `${capabilityTitle(capability)} by ${side}`)).map(
      (words) => `Co-signing: ${words} is there twice.`,
    ),
    ...freezes.flatMap((freeze, place) => {
      const problem = freezeProblem(freeze);
      return problem === undefined ? [] : [`${freeze.title.trim() || `Freeze ${place + 1}`}: ${problem}`];
    }),
    ...planProblems(plan),
    ...(isWhole(fewDevices, 0, 10_000) ? [] : ['Few devices: Between 0 and 10,000.']),
  ];
}

/** What a freeze lacks, in words. */
export function freezeProblem({ title, from, to }: PublishingSettings['freezes'][number]): string | undefined {
  if (from === '' || to === '') return 'Say from when to when.';
  if (from >= to) return 'It ends before it begins.';
  return title.trim() === '' ? 'Say what it is for.' : undefined;
}

const isWhole = (number: number, least: number, most: number) =>
  Number.isInteger(number) && number >= least && number <= most;

const repeated = (names: readonly string[]) => [...new Set(names.filter((name, place) => names.indexOf(name) < place))];
