import { Button, Group, MultiSelect, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type CannedFix, ticketCategories } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import { changedAt, without } from '../../form-rows.ts';
import { freshFix } from '../../helpdesk-form.ts';
import { categoryWords } from '../../ticket-words.ts';
import classes from './fixes-panel.module.css';

const categories = ticketCategories.map((value) => ({ value, label: categoryWords[value] }));
const most = 200;

interface Props {
  fixes: readonly CannedFix[];
  onChange: (fixes: CannedFix[]) => void;
}

/** Words for what comes again and again, one of them open at a time. */
export function FixesPanel({ fixes, onChange }: Props) {
  const [open, setOpen] = useState<string>();
  const add = () => {
    const id = crypto.randomUUID();
    onChange([...fixes, freshFix(id)]);
    setOpen(id);
  };
  return (
    <Panel
      title="Canned fixes"
      note="Offered on tickets of their categories, and can be changed before they are sent."
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={fixes.length >= most}
          onClick={add}
        >
          Add a fix
        </Button>
      }
    >
      {fixes.length === 0 ? (
        <Text size="sm" c="dimmed">
          There are none yet.
        </Text>
      ) : null}
      {fixes.map((fix, place) => (
        <details key={fix.id} className={classes.fix} open={fix.id === open}>
          <summary>
            <b>{fix.title.trim() === '' ? `Canned fix ${place + 1}` : fix.title}</b>
            <Text span size="xs" c="dimmed">
              {' '}
              {fix.categories.map((category) => categoryWords[category]).join(', ') || 'every category'}
              {fix.resolves ? ' · resolves' : ''}
            </Text>
          </summary>
          <FixFields
            fix={fix}
            onChange={(changed) => onChange(changedAt(fixes, place, changed))}
            onRemove={() => onChange(without(fixes, place))}
          />
        </details>
      ))}
    </Panel>
  );
}

interface FieldsProps {
  fix: CannedFix;
  onChange: (fix: CannedFix) => void;
  onRemove: () => void;
}

function FixFields({ fix, onChange, onRemove }: FieldsProps) {
  return (
    <Stack gap="sm" mt="xs">
      <TextInput
        label="Title"
        required
        maxLength={200}
        value={fix.title}
        onChange={(event) => onChange({ ...fix, title: event.currentTarget.value })}
      />
      <MultiSelect
        label="Categories"
        placeholder={fix.categories.length === 0 ? 'Every category' : ''}
        value={fix.categories}
        data={categories}
        onChange={(chosen) => onChange({ ...fix, categories: chosen as CannedFix['categories'] })}
      />
      <Textarea
        label="What is sent to the person"
        required
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        value={fix.words}
        onChange={(event) => onChange({ ...fix, words: event.currentTarget.value })}
      />
      <Group justify="space-between">
        <Switch
          label="Sending it resolves the ticket"
          checked={fix.resolves}
          onChange={(event) => onChange({ ...fix, resolves: event.currentTarget.checked })}
        />
        <Button size="xs" variant="default" onClick={onRemove}>
          Remove it
        </Button>
      </Group>
    </Stack>
  );
}
