import { Card, List, Text } from '@mantine/core';
import type { VerdictView } from '../../../../shared/api/schemas.ts';
import { untilDay, verdictWords } from '../words.ts';
import { useNow, When } from './when.tsx';

/** The verdict with since when and why, in words. */
export function VerdictPanel({ verdict }: { verdict: VerdictView }) {
  const now = useNow();
  return (
    <Card component="section" aria-label="Verdict" style={{ borderLeft: `4px solid var(--verdict-${verdict.state})` }}>
      <Text fw={600} component="div">
        {verdictWords[verdict.state].label}
        {verdict.until ? ` ${untilDay(verdict.until, now)},` : ''} since <When at={verdict.since} as="moment" />
      </Text>
      {verdict.reasons.length === 0 ? (
        <Text size="sm" mt="xs">
          {verdictWords[verdict.state].meaning}
        </Text>
      ) : (
        <List size="sm" mt="xs" spacing={4}>
          {verdict.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
    </Card>
  );
}
