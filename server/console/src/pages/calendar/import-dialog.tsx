import {
  Alert,
  Button,
  Checkbox,
  FileInput,
  Group,
  Modal,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../../../../shared/api/routes.ts';
import type { SchoolCalendar } from '../../../../../shared/calendar/calendar.ts';
import { Problem } from '../../components/problem.tsx';
import { bytes } from '../../words.ts';
import { freshImport, type ImportForm, preview } from './import-form.ts';
import { ImportPreview } from './import-preview.tsx';

interface Props {
  org: string;
  calendar: SchoolCalendar;
  /** Changes that are not saved: an import begins with what is. */
  dirty: boolean;
  onTake: (calendar: SchoolCalendar) => void;
  onClose: () => void;
}

const { limitBytes } = routes.previewCalendarImport.upload ?? { limitBytes: 0 };
const tooLarge = (file: File | null) => file !== null && file.size > limitBytes;

/** A calendar file or the roster's sessions: first what they would change, then into the form, to be saved there. */
export function ImportDialog({ org, calendar, dirty, onTake, onClose }: Props) {
  const [form, setForm] = useState(freshImport);
  const change = (next: Partial<ImportForm>) => setForm({ ...form, ...next });
  const show = useMutation({ mutationFn: () => preview(org, calendar.zone, form) });
  const ready = !dirty && (form.source === 'roster' || (form.file !== null && !tooLarge(form.file)));
  if (show.data)
    return (
      <Modal opened onClose={onClose} size="lg" title="What the import would change">
        <ImportPreview preview={show.data} onTake={() => onTake(show.data.calendar)} onBack={show.reset} />
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} size="lg" title="Import into the calendar">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) show.mutate();
        }}
      >
        <Stack gap="md">
          {dirty ? (
            <Alert variant="default" title="Save or undo your changes first">
              An import begins with the calendar as it is saved.
            </Alert>
          ) : null}
          <SegmentedControl
            aria-label="Where from"
            style={{ alignSelf: 'start' }}
            value={form.source}
            data={[
              { value: 'file', label: 'Calendar file' },
              { value: 'roster', label: 'Terms of the roster' },
            ]}
            onChange={(source) => change({ source: source === 'roster' ? 'roster' : 'file' })}
          />
          {form.source === 'file' ? (
            <FileFields form={form} bellNames={calendar.bells.map(({ name }) => name)} onChange={change} />
          ) : (
            <RosterFields form={form} onChange={change} />
          )}
          {show.error ? <Problem error={show.error} title="This cannot be imported" /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!ready} loading={show.isPending}>
              Show what would change
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldProps {
  form: ImportForm;
  onChange: (change: Partial<ImportForm>) => void;
}

const wordFields = [
  ['holidays', 'Holidays', 'Events whose title or category has one of these words, parted by commas'],
  ['early', 'Early releases', 'Single days with other bells'],
  ['closures', 'Closures', 'Single days without school, such as snow days'],
  ['freezes', 'Freezes', 'Exam days'],
] as const;

function FileFields({ form, bellNames, onChange }: FieldProps & { bellNames: readonly string[] }) {
  return (
    <>
      <FileInput
        label="File"
        description={`iCalendar (.ics), up to ${bytes(limitBytes)}. Google, Outlook and Apple calendars export it.`}
        placeholder="Choose a file"
        accept=".ics,text/calendar"
        clearable
        value={form.file}
        onChange={(file) => onChange({ file })}
        error={tooLarge(form.file) ? 'The file is larger than the limit.' : null}
      />
      {wordFields.map(([name, label, description]) => (
        <TextInput
          key={name}
          label={label}
          description={description}
          maxLength={500}
          value={form[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      ))}
      <Select
        label="Bells of early releases"
        placeholder="Choose a bell schedule"
        clearable
        data={[...new Set(bellNames)]}
        value={form.earlyBells}
        onChange={(earlyBells) => onChange({ earlyBells })}
      />
      <Checkbox
        label="Every other event is a holiday too"
        checked={form.others}
        onChange={(event) => onChange({ others: event.currentTarget.checked })}
      />
      <Radio.Group
        label="What the calendar has already"
        value={form.mode}
        onChange={(mode) => onChange({ mode: mode === 'replace' ? 'replace' : 'add' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="add" label="Stays" />
          <Radio
            value="replace"
            label="Is replaced"
            description="Holidays, exceptions or freezes go where the file has any of the same kind."
          />
        </Stack>
      </Radio.Group>
    </>
  );
}

const types: { value: ImportForm['type']; label: string }[] = [
  { value: 'semester', label: 'Semesters' },
  { value: 'term', label: 'Terms' },
  { value: 'gradingPeriod', label: 'Grading periods' },
  { value: 'schoolYear', label: 'School years' },
];

function RosterFields({ form, onChange }: FieldProps) {
  return (
    <>
      <Select
        label="Sessions"
        description="Academic sessions of the last OneRoster import become the terms."
        allowDeselect={false}
        data={types}
        value={form.type}
        onChange={(type) => type && onChange({ type })}
      />
      <Radio.Group
        label="The end date of a session is"
        value={form.endsOn}
        onChange={(endsOn) => onChange({ endsOn: endsOn === 'last-day' ? 'last-day' : 'day-after' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="day-after" label="The day after the last" description="As the OneRoster standard has it." />
          <Radio
            value="last-day"
            label="The last day itself"
            description="As many student information systems write it."
          />
        </Stack>
      </Radio.Group>
    </>
  );
}
