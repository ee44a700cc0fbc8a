import { Button, Group, Text } from '@mantine/core';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import type { ListAct } from './list-dialogs.tsx';
import { type RolloutStep, stepWords } from './rollout-dialog.tsx';

interface Props {
  lists: readonly ListView[];
  onAct: (act: ListAct) => void;
}

/** New versions that not all devices have yet; a halted one waits for a decision. */
export function Rollouts({ lists, onAct }: Props) {
  return lists.map((list) =>
    list.rollout ? (
      <Rollout
        key={list.category}
        list={list}
        rollout={list.rollout}
        onStep={(step) => onAct({ kind: 'rollout', list, step })}
      />
    ) : null,
  );
}

interface RolloutProps {
  list: ListView;
  rollout: NonNullable<ListView['rollout']>;
  onStep: (step: RolloutStep) => void;
}

function Rollout({ list, rollout, onStep }: RolloutProps) {
  const halted = rollout.state === 'halted';
  const steps: RolloutStep[] = halted ? ['resume', 'finish', 'roll-back'] : ['finish', 'roll-back'];
  return (
    <Panel
      title={`New version of ${list.title}`}
      note={
        <>
          {rollout.names.toLocaleString('en')} names: {rollout.added.toLocaleString('en')} more,{' '}
          {rollout.removed.toLocaleString('en')} fewer. Since <When at={rollout.since} />.
        </>
      }
      aside={<Tag tone={halted ? 'bad' : 'good'}>{halted ? 'Halted by itself' : 'Going out in rings'}</Tag>}
    >
      <Meter label="Devices that are given it" value={rollout.percent} />
      {rollout.reason ? (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <b>Why it was halted:</b> {rollout.reason}
        </Text>
      ) : null}
      <Group gap="xs">
        {steps.map((step) => (
          <Button
            key={step}
            size="xs"
            variant="default"
            aria-label={`${stepWords[step].action}: ${list.title}`}
            onClick={() => onStep(step)}
          >
            {stepWords[step].action}…
          </Button>
        ))}
      </Group>
    </Panel>
  );
}
