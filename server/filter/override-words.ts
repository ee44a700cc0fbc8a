import type { OverrideRecord } from '../store/overrides.ts';

const verbs = { allow: 'Opened', block: 'Blocked', only: 'Only open' } as const;
const shown = 10;

/** What an override does and until when, without names of people: `Opened a.example for a person until …: why`. */
export function overrideWords(override: OverrideRecord, targetName: string): string {
  const { kind, until, reason } = override;
  const ends = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${verbs[kind]}: ${whatWords(override)}, for ${targetWords(override, targetName)}, until ${ends}. ${reason}`;
}

export function endedWords(override: OverrideRecord, targetName: string, early: boolean): string {
  const how = early ? 'was ended early' : 'ended by itself';
  return `“${verbs[override.kind]}: ${whatWords(override)}”, for ${targetWords(override, targetName)}, ${how}.`;
}

function whatWords({ everything, domains, categories }: OverrideRecord): string {
  const all = [
    ...(everything ? ['everything but the locked minimum'] : []),
    ...domains,
    ...categories.map((category) => `category ${category}`),
  ];
  const rest = all.length - shown;
  return all.slice(0, shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function targetWords({ target }: OverrideRecord, name: string): string {
  if (target.kind === 'person') return 'a person';
  return target.kind === 'device' ? 'this device' : `${target.kind === 'class' ? 'the class ' : ''}${name}`;
}
