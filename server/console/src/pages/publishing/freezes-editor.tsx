import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { PublishingSettings } from '../../../../../shared/api/schemas.ts';
import { InstantField } from '../../components/instant-field.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';
import { freezeProblem } from '../../publishing-form.ts';
import classes from './publishing.module.css';

type Freezes = PublishingSettings['freezes'];

const most = 100;

interface Props {
  freezes: Freezes;
  onChange: (freezes: Freezes) => void;
}

/** Times of the district's own in which nothing is published. */
export function FreezesEditor({ freezes, onChange }: Props) {
  return (
    <>
      {freezes.length > 0 ? (
        <ul className={classes.rows}>
          {numbered(freezes).map(({ key, place, row }) => (
            <li key={key} className={classes.freeze}>
              <TextInput
                label="What for"
                required
                maxLength={100}
                value={row.title}
                onChange={(event) => onChange(changedAt(freezes, place, { ...row, title: event.currentTarget.value }))}
              />
              <InstantField
                label="From"
                value={row.from || undefined}
                onChange={(from = '') => onChange(changedAt(freezes, place, { ...row, from }))}
              />
              <InstantField
                label="To"
                value={row.to || undefined}
                error={row.from !== '' && row.to !== '' ? freezeProblem(row) : undefined}
                onChange={(to = '') => onChange(changedAt(freezes, place, { ...row, to }))}
              />
              <ActionIcon
                variant="subtle"
                size={36}
                color="gray"
                aria-label={`Remove the freeze ${row.title || place + 1}`}
                onClick={() => onChange(without(freezes, place))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      ) : null}
      <Group>
        <Button
          size="xs"
          variant="default"
          disabled={freezes.length >= most}
          onClick={() => onChange([...freezes, { title: '', from: '', to: '' }])}
        >
          Add a freeze
        </Button>
      </Group>
    </>
  );
}
