import { Text } from '@mantine/core';
import type { PlacedProblem } from './calendar-form.ts';

/** What is wrong with one part of the calendar, at that part. */
export function Problems({ problems }: { problems: readonly PlacedProblem[] }) {
  return (
    <div role="status">
      {problems.map(({ words }) => (
        <Text key={words} size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
          {words}
        </Text>
      ))}
    </div>
  );
}
