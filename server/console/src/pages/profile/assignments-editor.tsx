import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { AssignmentInput } from '../../../../../shared/policy/selector.ts';
import { freshAssignment } from '../../assignment-form.ts';
import { Panel } from '../../components/panel.tsx';
import { useSelectorNames } from '../../components/selector/use-selector-names.ts';
import { changedAt, numbered, without } from '../../form-rows.ts';
import { AssignmentEntry } from './assignment-entry.tsx';

interface Props {
  assignments: readonly AssignmentInput[];
  onChange: (assignments: AssignmentInput[]) => void;
}

/** As the schema of profiles allows. */
const most = 200;

/** Whom a profile reaches: each assignment is a line of words with its count, opened one at a time to change it. */
export function AssignmentsEditor({ assignments, onChange }: Props) {
  const [open, setOpen] = useState<number>();
  const names = useSelectorNames(assignments.map(({ to }) => to));
  const add = () => {
    onChange([...assignments, freshAssignment()]);
    setOpen(assignments.length);
  };
  return (
    <Panel
      title="Whom it reaches"
      note="A device is reached when one of these means it."
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={assignments.length >= most}
          onClick={add}
        >
          Add an assignment
        </Button>
      }
    >
      {assignments.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody yet: published like this, the profile changes nothing.
        </Text>
      ) : null}
      <Stack gap="xs">
        {numbered(assignments).map(({ key, place, row }) => (
          <AssignmentEntry
            key={key}
            assignment={row}
            names={names}
            open={open === place}
            onToggle={() => setOpen(open === place ? undefined : place)}
            onChange={(assignment) => onChange(changedAt(assignments, place, assignment))}
            onRemove={() => {
              setOpen(undefined);
              onChange(without(assignments, place));
            }}
          />
        ))}
      </Stack>
    </Panel>
  );
}
