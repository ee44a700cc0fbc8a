import { Group, Stack, Switch } from '@mantine/core';
import type { HelpdeskSettings } from '../../../../../shared/api/schemas.ts';
import { NumberField } from '../../components/number-field.tsx';
import { Panel } from '../../components/panel.tsx';

type Automatic = HelpdeskSettings['automatic'];

const usualDays = 10;

/** Tickets that nobody has to open. */
export function AutomaticPanel({ automatic, onChange }: { automatic: Automatic; onChange: (next: Automatic) => void }) {
  const { silentDays, failingDisk, tamper } = automatic;
  return (
    <Panel title="Automatic tickets" note="One for each device and cause; it is not opened again while one is open.">
      <Stack gap="sm">
        <Group gap="md" align="flex-end">
          <Switch
            label="A device that has not been heard from"
            checked={silentDays !== null}
            onChange={(event) => onChange({ ...automatic, silentDays: event.currentTarget.checked ? usualDays : null })}
          />
          {silentDays === null ? null : (
            <NumberField
              aria-label="For so many school days"
              suffix=" school days"
              w={160}
              value={silentDays}
              onChange={(days) => onChange({ ...automatic, silentDays: days })}
            />
          )}
        </Group>
        <Switch
          label="A drive that says it is failing"
          checked={failingDisk}
          onChange={(event) => onChange({ ...automatic, failingDisk: event.currentTarget.checked })}
        />
        <Switch
          label="A device whose settings are changed again and again"
          checked={tamper}
          onChange={(event) => onChange({ ...automatic, tamper: event.currentTarget.checked })}
        />
      </Stack>
    </Panel>
  );
}
