import { ActionIcon, Button, NumberInput, Select, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ProfileContent, ProfileSummary } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import { emptySelector, type SelectorKind, selectorKinds } from '../../selector-words.ts';
import classes from './assignments-editor.module.css';
import { SelectorValueField } from './selector-value-field.tsx';

type Assignment = ProfileContent['assignments'][number];

interface Props {
  assignments: readonly Assignment[];
  /** What the server said in words about saved assignments. */
  known: ProfileSummary['assignments'];
  onChange: (assignments: Assignment[]) => void;
}

const kinds = Object.entries(selectorKinds).map(([value, label]) => ({ value, label }));

export function AssignmentsEditor({ assignments, known, onChange }: Props) {
  const replace = (place: number, next: Assignment) =>
    onChange(assignments.map((one, index) => (index === place ? next : one)));
  return (
    <Panel
      title="Whom it reaches"
      note="A device is reached through the person who has it, or by its own tags. The higher priority holds where profiles differ."
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...assignments, { to: { kind: 'everyone' }, priority: 100 }])}
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
      {numbered(assignments).map(({ key, place, assignment }) => (
        <div key={key} className={classes.row}>
          <div className={classes.wide}>
            <Select
              label="Reaches"
              allowDeselect={false}
              value={assignment.to.kind}
              data={kinds}
              onChange={(kind) => kind && replace(place, { ...assignment, to: emptySelector(kind as SelectorKind) })}
            />
          </div>
          <div className={classes.wide}>
            <SelectorValueField
              selector={assignment.to}
              words={wordsOf(known, assignment)}
              onChange={(to) => replace(place, { ...assignment, to })}
            />
          </div>
          <NumberInput
            label="Priority"
            min={0}
            max={1000}
            clampBehavior="strict"
            allowDecimal={false}
            value={assignment.priority}
            onChange={(priority) => typeof priority === 'number' && replace(place, { ...assignment, priority })}
          />
          <ActionIcon
            variant="subtle"
            size={36}
            aria-label="Remove this assignment"
            onClick={() => onChange(assignments.filter((_, index) => index !== place))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </div>
      ))}
    </Panel>
  );
}

/** Rows are named by their place: they have no other identity. */
function numbered(assignments: readonly Assignment[]) {
  return assignments.map((assignment, place) => ({ key: `${assignment.to.kind} ${place}`, place, assignment }));
}

function wordsOf(known: Props['known'], { to }: Assignment): string | undefined {
  const wanted = JSON.stringify(to, Object.keys(to).sort());
  return known.find(({ input }) => JSON.stringify(input.to, Object.keys(input.to).sort()) === wanted)?.words;
}
