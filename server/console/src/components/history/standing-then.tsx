import { Card, List, Text } from '@mantine/core';
import { momentWords } from '../../as-of.ts';
import { checkName } from '../../compliance-map.ts';
import type { StandingAt } from '../../timeline.ts';
import { TextLink } from '../links.tsx';
import { Verdict } from '../verdict.tsx';

interface Props {
  at: number;
  standing: StandingAt;
  /** The devices are the person's; on a device's own page there is but the one. */
  named: boolean;
}

/** The verdict of one past moment with its reasons, and what failed on which device. */
export function StandingThen({ at, standing: { verdict, devices }, named }: Props) {
  const shade = `var(--verdict-${verdict?.state ?? 'unknown'})`;
  return (
    <Card component="section" aria-label="At that moment" padding="md" style={{ borderLeft: `4px solid ${shade}` }}>
      <Text size="sm" c="dimmed" mb={6}>
        On {momentWords(at)}
      </Text>
      {verdict ? (
        <div>
          <Verdict state={verdict.state} until={verdict.until ?? undefined} />
        </div>
      ) : (
        <Text size="sm">No verdict had been reached.</Text>
      )}
      {verdict && verdict.reasons.length > 0 ? (
        <List size="sm" mt={6}>
          {verdict.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      ) : null}
      {devices.map(({ device: { id, name }, failing }) => (
        <Text key={id} size="sm" mt={6} component="div">
          {named ? (
            <>
              <TextLink to="/devices/$id" params={{ id }} search={{ tab: 'history', at: new Date(at).toISOString() }}>
                {name}
              </TextLink>
              {': '}
            </>
          ) : null}
          {failing.length === 0
            ? 'No check failed.'
            : `Failing: ${failing.map((one) => `${checkName(one)} (${one.seen})`).join(', ')}.`}
        </Text>
      ))}
      {named && devices.length === 0 ? (
        <Text size="sm" mt={6}>
          No device was in hand.
        </Text>
      ) : null}
    </Card>
  );
}
