import { Text } from '@mantine/core';
import type { PlacedProblem } from './calendar-form.ts';

/** What is wrong with one part of the calendar, at that part. */
export function Problems({ problems }: { problems: readonly PlacedProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div role="alert">
      {problems.map(({ words }) => (
        <Text key={words} size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
          {words}
        </Text>
      ))}
    </div>
  );
}
