import { SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { FilterSchedule } from '../../../../../shared/profile/web-filter.ts';
import { CategoriesField } from '../../components/categories-field.tsx';
import { LinesField } from '../../components/lines-field.tsx';
import { domainsSchema } from '../../override-form.ts';
import { WindowField } from './window-field.tsx';

interface Props {
  schedule: FilterSchedule;
  onChange: (schedule: FilterSchedule) => void;
}

const placeChoices: { value: FilterSchedule['place']; label: string }[] = [
  { value: 'anywhere', label: 'Anywhere' },
  { value: 'on-campus', label: 'On campus' },
  { value: 'off-campus', label: 'Off campus' },
];

/** What is blocked or opened, when, and where. */
export function ScheduleForm({ schedule, onChange }: Props) {
  const id = useId();
  const set = (change: Partial<FilterSchedule>) => onChange({ ...schedule, ...change });
  return (
    <Stack gap="sm">
      <TextInput
        label="Title"
        description="The block page names it"
        placeholder="Social media at lunch"
        maxLength={100}
        value={schedule.title}
        error={schedule.title.trim() === ''}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <SegmentedControl
        aria-label="What it does"
        value={schedule.action}
        data={[
          { value: 'block', label: 'Blocks' },
          { value: 'allow', label: 'Opens' },
        ]}
        onChange={(action) => set({ action })}
      />
      <div>
        <Text size="sm" fw={600} mb={2} id={`${id}-categories`}>
          Categories
        </Text>
        <CategoriesField
          labelId={`${id}-categories`}
          value={schedule.categories}
          none="None"
          onChange={(categories) => set({ categories })}
        />
      </div>
      <div>
        <Text size="sm" fw={600} mb={2} id={`${id}-domains`}>
          Domains
        </Text>
        <LinesField
          schema={domainsSchema}
          labelId={`${id}-domains`}
          value={schedule.domains}
          none="None"
          onChange={(domains) => set({ domains })}
        />
      </div>
      <WindowField when={schedule.when} onChange={(when) => set({ when })} />
      <Select
        label="Where"
        description={
          schedule.action === 'block'
            ? 'Where the place is not known, it blocks'
            : 'Where the place is not known, it does not open'
        }
        allowDeselect={false}
        value={schedule.place}
        data={placeChoices}
        onChange={(place) => place && set({ place })}
      />
    </Stack>
  );
}
