import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { useWaitingChanges } from '../../components/use-waiting-changes.ts';
import { reviewQueries } from '../../review-queries.ts';
import { rolloutStateWords } from '../../rollout-words.ts';
import { count } from '../../words.ts';

const few = 5;
const urgency = ['halted', 'paused', 'running'];

/** Rollouts under way, those that are halted first, and changes that the reader may approve; nothing when there are none. */
export function PolicyUnderWay() {
  const rollouts = useQuery(reviewQueries.rollouts({ live: true, limit: 50 }));
  const live = (rollouts.data?.items ?? []).toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
  const waiting = useWaitingChanges();
  if (live.length + waiting.length === 0) return null;
  return (
    <Panel
      title="Policy on its way"
      aside={
        <TextLink to="/rollouts" size="sm">
          All rollouts
        </TextLink>
      }
    >
      <Stack gap="sm">
        {live.slice(0, few).map(({ id, title, state, ring, rings, given, devices, reason }) => (
          <div key={id}>
            <Group gap={8}>
              <Tag tone={rolloutStateWords[state].tone}>{rolloutStateWords[state].label}</Tag>
              <TextLink to="/rollouts/$id" params={{ id }} fw={600}>
                {title}
              </TextLink>
              <Text size="sm" c="dimmed" component="span" className="numeric">
                Ring {ring} of {rings}, {given.toLocaleString('en')} of {count(devices, 'device')}
              </Text>
            </Group>
            {state === 'halted' && reason !== null ? (
              <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
                {reason}
              </Text>
            ) : null}
          </div>
        ))}
        {live.length > few ? <Text size="sm">and {live.length - few} more under way</Text> : null}
        {waiting.length > 0 ? (
          <Text size="sm" component="div">
            <TextLink to="/changes" search={{ state: 'waits' }} fw={600}>
              {waiting.length === 1 ? 'A change waits' : `${count(waiting.length, 'change')} wait`} for your approval
            </TextLink>
            :{' '}
            {waiting
              .slice(0, few)
              .map(({ title }) => title)
              .join(', ')}
            {waiting.length > few ? '…' : ''}
          </Text>
        ) : null}
      </Stack>
    </Panel>
  );
}
