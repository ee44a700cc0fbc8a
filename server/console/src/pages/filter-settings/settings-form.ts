import { FilterSettings } from '../../../../../shared/api/schemas.ts';
import { CampusNetwork } from '../../../../../shared/filter/place.ts';
import { listProblem } from '../../content.ts';
import type { FieldSchema } from '../../form-fields.ts';

type Schemas<T> = Readonly<Record<keyof T, FieldSchema>>;

export const settingsSchemas: Schemas<FilterSettings> = { ...FilterSettings.properties } as Schemas<FilterSettings>;
export const networkSchemas = { ...CampusNetwork.properties } as Schemas<CampusNetwork>;

/** The ways in which a network is recognised, the hardest to imitate first. */
export const proofs = [
  {
    name: 'publicAddresses',
    title: 'Public addresses',
    example: '203.0.113.0/28',
    strength: 'strong',
    help: 'The address the server sees the device at. A student cannot choose it; but it needs the server to be reached.',
  },
  {
    name: 'gateways',
    title: 'Hardware addresses of the gateway',
    example: '00:1a:2b:3c:4d:5e',
    strength: 'good',
    help: 'Hard to imitate without a router of one’s own that is set up for it.',
  },
  {
    name: 'accessPoints',
    title: 'Hardware addresses of access points',
    example: '00:1a:2b:3c:4d:5f',
    strength: 'good',
    help: 'As hard to imitate as a gateway; there are many, and they change when one is replaced.',
  },
  {
    name: 'addresses',
    title: 'The device’s own addresses',
    example: '10.20.0.0/16',
    strength: 'weak',
    help: 'Any home router can give out the same. Good only beside another proof.',
  },
  {
    name: 'ssids',
    title: 'Names of the Wi-Fi',
    example: 'LUSD-Student',
    strength: 'weak',
    help: 'Any telephone can offer a Wi-Fi of the same name. Good only beside another proof.',
  },
] as const satisfies readonly {
  name: keyof CampusNetwork;
  title: string;
  example: string;
  strength: 'strong' | 'good' | 'weak';
  help: string;
}[];

export type ProofName = (typeof proofs)[number]['name'];

/** How hard a network is to imitate, by the proofs it asks for: each kind that is given must match. */
export function strengthOf(network: CampusNetwork): 'strong' | 'good' | 'weak' | 'none' {
  const given = proofs.filter(({ name }) => (network[name]?.length ?? 0) > 0);
  return (
    (['strong', 'good', 'weak'] as const).find((level) => given.some(({ strength }) => strength === level)) ?? 'none'
  );
}

/** A network with one of its proofs replaced; hardware addresses as the server wants them. */
export function withProof(network: CampusNetwork, name: ProofName, entries: readonly string[]): CampusNetwork {
  const { [name]: _, ...rest } = network;
  const tidy = name === 'gateways' || name === 'accessPoints' ? entries.map(macAddress) : [...entries];
  return tidy.length === 0 ? rest : { ...rest, [name]: tidy };
}

/** `00-1A-2B-…` → `00:1a:2b:…` */
const macAddress = (text: string) => text.toLowerCase().replaceAll('-', ':');

/** Everything the server would refuse, in words with the place. */
export function settingsProblems(settings: FilterSettings): string[] {
  const numbers = ['requestHours', 'namesKeptDays', 'countsKeptDays', 'reportThreshold'] as const;
  return [
    ...named('Essentials', listProblem(settingsSchemas.essentials, settings.essentials)),
    ...settings.campus.flatMap(networkProblems),
    ...numbers.flatMap((name) => named(numberWords[name], numberProblem(name, settings[name]))),
    ...exceptionProblems(settings),
  ];
}

export const numberWords = {
  requestHours: 'Hours to answer',
  namesKeptDays: 'Days that names are kept',
  countsKeptDays: 'Days that numbers are kept',
  reportThreshold: 'Fewest people in a number',
} as const;
export type NumberName = keyof typeof numberWords;

/** What is wrong with one number; an empty field is 0. */
export function numberProblem(name: NumberName, value: number): string | undefined {
  const { minimum = 0, maximum = Number.POSITIVE_INFINITY } = settingsSchemas[name];
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return undefined;
  return `Between ${minimum} and ${maximum.toLocaleString('en')}.`;
}

function networkProblems(network: CampusNetwork): string[] {
  const where = network.name.trim() || 'A network';
  return [
    ...named(where, network.name.trim() === '' ? 'It has no name.' : undefined),
    ...named(where, strengthOf(network) === 'none' ? 'Give at least one proof.' : undefined),
    ...proofs.flatMap(({ name, title }) => {
      const entries = network[name];
      return entries ? named(`${where}, ${title.toLowerCase()}`, listProblem(networkSchemas[name], entries)) : [];
    }),
  ];
}

function exceptionProblems({ preset, presetException }: FilterSettings): string[] {
  if (preset === 'none' || !presetException) return [];
  const { reason, until } = presetException;
  return [
    ...named('Exception', reason.trim().length < 10 ? 'Its reason has at least 10 characters.' : undefined),
    ...named('Exception', until === '' ? 'Say when it ends.' : undefined),
  ];
}

const named = (place: string, words: string | undefined) => (words ? [`${place}: ${words}`] : []);
