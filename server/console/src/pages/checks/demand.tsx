import type { LibraryCheck } from '../../../../../shared/api/schemas.ts';
import { Tag } from '../../components/tag.tsx';
import { capital, count, severityWords } from '../../words.ts';

type Demand = LibraryCheck['demand'];

const tones = { critical: 'bad', major: 'warn', minor: 'plain' } as const;

/** What a failure weighs under the district's policy. */
export function DemandTag({ demand: { counts, severity } }: { demand: Demand }) {
  const weight = counts ? severity : 'minor';
  return (
    <Tag tone={tones[weight]} keepsLine>
      {severityWords[weight]}
    </Tag>
  );
}

/** How long a failure may last. */
export function demandWords({ counts, severity, graceDays }: Demand): string {
  if (!counts) return 'Turns no verdict';
  return severity === 'critical' || graceDays === 0 ? 'At once' : count(graceDays, 'school day');
}

/** Whom a check binds, as the first words of a line. */
export function bindsWords({ binds }: Demand): string {
  return capital(binds ?? 'everybody');
}
