import { Button, Group, Text } from '@mantine/core';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import type { ListAct } from './list-dialogs.tsx';
import { type RolloutStep, stepWords } from './rollout-dialog.tsx';
import classes from './rollouts.module.css';

interface Props {
  lists: readonly ListView[];
  onAct: (act: ListAct) => void;
}

type Rolling = ListView & { rollout: NonNullable<ListView['rollout']> };

const isRolling = (list: ListView): list is Rolling => list.rollout !== null;

/** New versions that not all devices have yet. A halted one waits for a decision and comes first, with its reason. */
export function Rollouts({ lists, onAct }: Props) {
  const rolling = lists.filter(isRolling);
  const running = rolling.filter(({ rollout }) => rollout.state === 'running');
  return (
    <>
      {rolling
        .filter(({ rollout }) => rollout.state === 'halted')
        .map((list) => (
          <Halted key={list.category} list={list} onStep={(step) => onAct({ kind: 'rollout', list, step })} />
        ))}
      {running.length > 0 ? (
        <Panel title="New versions on their way" note="They go out in rings, and halt by themselves when probes fail.">
          {running.map((list) => (
            <Running key={list.category} list={list} onStep={(step) => onAct({ kind: 'rollout', list, step })} />
          ))}
        </Panel>
      ) : null}
    </>
  );
}

interface RollingProps {
  list: Rolling;
  onStep: (step: RolloutStep) => void;
}

function Halted({ list, onStep }: RollingProps) {
  const { title, rollout } = list;
  return (
    <Panel
      title={`The new version of ${title} is halted`}
      note={<Change list={list} />}
      aside={<Tag tone="bad">Needs a decision</Tag>}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <b>Why:</b> {rollout.reason ?? 'No reason was given.'}
      </Text>
      <Meter label="Devices that have it" value={rollout.percent} />
      <Steps title={title} steps={['resume', 'finish', 'roll-back']} onStep={onStep} />
    </Panel>
  );
}

function Running({ list, onStep }: RollingProps) {
  return (
    <div className={classes.running}>
      <div className={classes.meter}>
        <Meter label={list.title} value={list.rollout.percent} />
        <Text size="xs" c="dimmed" mt={4} component="div">
          <Change list={list} />
        </Text>
      </div>
      <Steps title={list.title} steps={['finish', 'roll-back']} onStep={onStep} />
    </div>
  );
}

function Change({ list: { rollout } }: { list: Rolling }) {
  return (
    <>
      {rollout.names.toLocaleString('en')} names: {rollout.added.toLocaleString('en')} more,{' '}
      {rollout.removed.toLocaleString('en')} fewer. Since <When at={rollout.since} />.
    </>
  );
}

interface StepsProps {
  title: string;
  steps: readonly RolloutStep[];
  onStep: (step: RolloutStep) => void;
}

function Steps({ title, steps, onStep }: StepsProps) {
  return (
    <Group gap="xs">
      {steps.map((step) => (
        <Button
          key={step}
          size="xs"
          variant="default"
          aria-label={`${stepWords[step].action}: ${title}`}
          onClick={() => onStep(step)}
        >
          {stepWords[step].action}…
        </Button>
      ))}
    </Group>
  );
}
