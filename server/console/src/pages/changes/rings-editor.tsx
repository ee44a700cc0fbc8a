import { ActionIcon, Button, Group, Select, Stack, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RolloutPlan, RolloutRing } from '../../../../../shared/policy/rollout-plan.ts';
import { NumberField } from '../../components/number-field.tsx';
import { numbered, without } from '../../form-rows.ts';
import { mostRings, withRing, withRingAt } from '../../plan-form.ts';
import { queries } from '../../queries.ts';
import classes from './rings-editor.module.css';

interface Props {
  plan: RolloutPlan;
  onChange: (plan: RolloutPlan) => void;
}

/** Who is given it together, one after the other. */
export function RingsEditor({ plan, onChange }: Props) {
  return (
    <Stack gap="xs">
      <Title order={3}>Rings</Title>
      <ol className={classes.rings}>
        {numbered(plan.rings).map(({ key, place, row }) => (
          <li key={key} aria-label={`Ring ${place + 1}`}>
            <span className={classes.number} aria-hidden="true">
              {place + 1}
            </span>
            <Ring
              ring={row}
              onlyOne={plan.rings.length === 1}
              place={place}
              onChange={(ring) => onChange(withRingAt(plan, place, ring))}
              onRemove={() => onChange({ ...plan, rings: without(plan.rings, place) })}
            />
          </li>
        ))}
      </ol>
      <Group>
        <Button
          size="xs"
          variant="default"
          disabled={plan.rings.length >= mostRings}
          onClick={() => onChange(withRing(plan))}
        >
          Add a ring
        </Button>
      </Group>
    </Stack>
  );
}

interface RingProps {
  ring: RolloutRing;
  place: number;
  onlyOne: boolean;
  onChange: (ring: RolloutRing) => void;
  onRemove: () => void;
}

function Ring({ ring, place, onlyOne, onChange, onRemove }: RingProps) {
  const { soakHours } = ring;
  const choose = (kind: string | null) =>
    onChange(kind === 'group' ? { kind, group: '', soakHours } : { kind: 'percent', percent: 10, soakHours });
  return (
    <>
      <Select
        label="Who"
        allowDeselect={false}
        value={ring.kind}
        data={[
          { value: 'percent', label: 'A share of devices' },
          { value: 'group', label: 'A pilot group' },
        ]}
        onChange={choose}
      />
      {ring.kind === 'percent' ? (
        <NumberField
          label="Up to"
          suffix=" %"
          decimalScale={1}
          value={ring.percent}
          onChange={(percent) => onChange({ ...ring, percent })}
        />
      ) : (
        <GroupSelect value={ring.group} onChange={(group) => onChange({ ...ring, group })} />
      )}
      <NumberField
        label="Watched for"
        suffix=" school hours"
        decimalScale={1}
        value={soakHours}
        onChange={(hours) => onChange({ ...ring, soakHours: hours })}
      />
      <ActionIcon
        variant="subtle"
        size={36}
        color="gray"
        disabled={onlyOne}
        aria-label={`Remove ring ${place + 1}`}
        onClick={onRemove}
      >
        <IconTrash size={18} />
      </ActionIcon>
    </>
  );
}

function GroupSelect({ value, onChange }: { value: string; onChange: (group: string) => void }) {
  const groups = useQuery(queries.groups());
  const known = (groups.data?.items ?? []).map(({ name }) => name);
  return (
    <Select
      label="Group"
      placeholder="Choose a group"
      searchable
      value={value || null}
      data={value === '' || known.includes(value) ? known : [value, ...known]}
      nothingFoundMessage="No group of that name"
      onChange={(group) => onChange(group ?? '')}
    />
  );
}
