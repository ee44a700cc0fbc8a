import { Button, Group, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { rolloutStateWords } from '../../rollout-words.ts';
import { count } from '../../words.ts';
import classes from './rollout-actions.module.css';
import { RolloutDialog } from './rollout-dialog.tsx';
import { actionWords, type RolloutAction } from './rollout-steps.ts';

const offered: Partial<Record<RolloutView['rollout']['state'], readonly RolloutAction[]>> = {
  running: ['pause', 'finish', 'roll-back'],
  paused: ['resume', 'finish', 'roll-back'],
  halted: ['resume', 'finish', 'roll-back'],
};

/** What may be done with a rollout under way; to stop it comes first and stays in sight. */
export function RolloutActions({ view }: { view: RolloutView }) {
  const [asked, setAsked] = useState<RolloutAction>();
  const { state, given, devices } = view.rollout;
  return (
    <section className={classes.bar} aria-label="What to do">
      {state === 'halted' ? null : (
        <Button
          size="lg"
          color="vermilion.7"
          className={classes.stop ?? ''}
          leftSection={<IconHandStop size={22} aria-hidden="true" />}
          onClick={() => setAsked('stop')}
        >
          Stop
        </Button>
      )}
      <Text size="sm" className={classes.words ?? ''}>
        <b>{rolloutStateWords[state].label}</b>. {given.toLocaleString('en')} of {count(devices, 'device')} have it.
      </Text>
      <Group gap="xs">
        {(offered[state] ?? []).map((action) => (
          <Button key={action} size="xs" variant="default" onClick={() => setAsked(action)}>
            {actionWords[action].button}…
          </Button>
        ))}
      </Group>
      {asked ? <RolloutDialog view={view} action={asked} onClose={() => setAsked(undefined)} /> : null}
    </section>
  );
}
