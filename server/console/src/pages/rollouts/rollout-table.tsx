import { Box, Text } from '@mantine/core';
import type { RolloutSummary } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Meter } from '../../components/meter.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { rolloutKindWords, rolloutStateWords } from '../../rollout-words.ts';
import { actorWords } from '../../words.ts';

const columns: readonly Column<RolloutSummary>[] = [
  { title: 'Rollout', main: true, cell: (rollout) => <What rollout={rollout} /> },
  { title: 'State', wide: true, cell: (rollout) => <State rollout={rollout} /> },
  { title: 'Given to', wide: true, cell: (rollout) => <Given rollout={rollout} /> },
  { title: 'Started', cell: (rollout) => <Started rollout={rollout} /> },
];

/** Rollouts with how far each has come. */
export function RolloutTable({ rollouts }: { rollouts: readonly RolloutSummary[] }) {
  return <Rows label="Rollouts" rows={rollouts} keyOf={({ id }) => id} columns={columns} />;
}

function What({ rollout: { id, title, kind } }: { rollout: RolloutSummary }) {
  return (
    <div>
      <TextLink to="/rollouts/$id" params={{ id }} fw={600}>
        {title}
      </TextLink>
      <Text size="xs" c="dimmed">
        {rolloutKindWords[kind]}
      </Text>
    </div>
  );
}

function State({ rollout: { state, since, reason } }: { rollout: RolloutSummary }) {
  const { label, tone } = rolloutStateWords[state];
  return (
    <div>
      <Tag tone={tone}>{label}</Tag>{' '}
      <Text span size="xs" c="dimmed">
        <When at={since} />
      </Text>
      {reason !== null && state !== 'completed' ? (
        <Text size="xs" lineClamp={2} maw={360}>
          {reason}
        </Text>
      ) : null}
    </div>
  );
}

function Given({ rollout: { ring, rings, given, devices } }: { rollout: RolloutSummary }) {
  return (
    <Box miw={260}>
      <Meter
        label={`Ring ${ring} of ${rings}`}
        value={devices === 0 ? 0 : (given / devices) * 100}
        detail={`${given.toLocaleString('en')} of ${devices.toLocaleString('en')}`}
      />
    </Box>
  );
}

function Started({ rollout: { startedAt, by } }: { rollout: RolloutSummary }) {
  return (
    <div>
      <When at={startedAt} />
      <Text size="xs" c="dimmed">
        {actorWords(by)}
      </Text>
    </div>
  );
}
