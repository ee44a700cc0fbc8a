import { Alert, Button, Group, Popover, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { count } from '../words.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { Problem } from './problem.tsx';
import classes from './save-bar.module.css';

interface Props {
  edited: { dirty: boolean; conflict: boolean; undo: () => void; takeTheirs: () => void };
  /** What is shown has never been saved. */
  fresh?: boolean;
  /** What the server would refuse, in words. */
  problems: readonly string[];
  /** What holds while nothing is changed. */
  saved: string;
  busy: boolean;
  error: Error | null;
  onSave: () => void;
}

/** Stays in sight while a long form is edited, and asks before changes are lost. */
export function SaveBar({ edited, fresh = false, problems, saved, busy, error, onSave }: Props) {
  const { dirty, conflict, undo } = edited;
  const faulty = problems.length > 0;
  return (
    <>
      {conflict ? <Conflict onTakeTheirs={edited.takeTheirs} /> : null}
      {error ? <Problem error={error} title="Nothing was saved" /> : null}
      <div className={classes.bar}>
        {faulty ? <Faults problems={problems} /> : null}
        <Text size="sm" c="dimmed" role="status">
          {faulty ? null : dirty ? 'Changes not saved' : saved}
        </Text>
        <Group gap="xs">
          {dirty ? (
            <Button variant="subtle" onClick={undo}>
              Undo changes
            </Button>
          ) : null}
          <Button disabled={!(dirty || fresh) || faulty || conflict} loading={busy} onClick={onSave}>
            Save
          </Button>
        </Group>
      </div>
      <LeaveGuard dirty={dirty} lost="The changes you made here are lost." />
    </>
  );
}

function Faults({ problems }: { problems: readonly string[] }) {
  return (
    <Popover position="top-start" width={360} withArrow>
      <Popover.Target>
        <Button variant="subtle" c="var(--verdict-noncompliant-text)">
          {count(problems.length, 'thing')} to put right
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {problems.map((words) => (
          <Text key={words} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {words}
          </Text>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

function Conflict({ onTakeTheirs }: { onTakeTheirs: () => void }) {
  return (
    <Alert
      variant="default"
      role="alert"
      icon={<IconUsers color="var(--verdict-silent)" />}
      title="Somebody else saved this meanwhile"
    >
      <Text size="sm">Your changes were made on an older version. Load theirs, then repeat your changes.</Text>
      <Button size="xs" variant="default" mt="sm" onClick={onTakeTheirs}>
        Drop mine, load theirs
      </Button>
    </Alert>
  );
}
