import { Alert, NumberInput, Select, Stack, Switch, Text } from '@mantine/core';
import { IconLifebuoy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import {
  type CompliancePolicy,
  type ComplianceSteps,
  defaultReturnDays,
  defaultSteps,
} from '../../../../../shared/compliance/policy.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';

interface Props {
  policy: CompliancePolicy;
  onChange: (change: Partial<CompliancePolicy>) => void;
}

type Restrict = NonNullable<ComplianceSteps['restrict']>;

/** What follows a failure: warned at once, reminded, restricted. */
export function StepsPanel({ policy, onChange }: Props) {
  const { steps = defaultSteps, returnDays = defaultReturnDays } = policy;
  const { remindDays, restrict } = steps;
  const set = (change: Partial<ComplianceSteps>) => onChange({ steps: { ...steps, ...change } });
  return (
    <Panel
      title="Steps"
      note="On the device’s own page a person is warned at once, and reads how to put it right. No step is taken in a break."
    >
      <Stack gap="md" maw={520}>
        <Days
          label="Remind so many school days before the grace ends"
          description="0: nobody is reminded"
          value={remindDays}
          onChange={(days) => set({ remindDays: days })}
        />
        <Switch
          label="Restrict a device whose failure goes on after the grace"
          checked={restrict !== null}
          onChange={({ currentTarget: { checked } }) =>
            set({ restrict: checked ? { profileId: '', afterDays: 5 } : null })
          }
        />
        {restrict ? <RestrictFields restrict={restrict} onChange={(next) => set({ restrict: next })} /> : null}
        <Days
          label="Leavers bring their device back within so many school days"
          description="Asked by itself of whoever leaves the roster and still holds a device. 0: it is not asked"
          value={returnDays}
          onChange={(days) => onChange({ returnDays: days })}
        />
      </Stack>
    </Panel>
  );
}

function RestrictFields({ restrict, onChange }: { restrict: Restrict; onChange: (restrict: Restrict) => void }) {
  const profiles = useQuery(queries.profiles());
  const fitting = (profiles.data?.items ?? []).filter(
    ({ publishedRevision, capabilities }) =>
      publishedRevision !== null &&
      capabilities.length > 0 &&
      capabilities.every((name) => name === 'webFilter' || name === 'browser'),
  );
  const options = fitting.map(({ id, name }) => ({ value: id, label: name }));
  const isMissing = restrict.profileId !== '' && !options.some(({ value }) => value === restrict.profileId);
  return (
    <>
      <Days
        label="So many school days after the grace"
        value={restrict.afterDays}
        onChange={(afterDays) => onChange({ ...restrict, afterDays })}
      />
      <Select
        label="By the profile"
        description="A published one that sets web filter and browser alone"
        placeholder="Choose a profile"
        allowDeselect={false}
        value={restrict.profileId === '' ? null : restrict.profileId}
        data={
          isMissing
            ? [...options, { value: restrict.profileId, label: 'A profile that does not fit any more' }]
            : options
        }
        nothingFoundMessage="No profile fits"
        onChange={(profileId) => profileId && onChange({ ...restrict, profileId })}
      />
      <Alert
        variant="default"
        icon={<IconLifebuoy color="var(--verdict-in-grace)" />}
        title="What a restricted person sees"
      >
        <Text size="sm">
          Until the device is put right it holds this profile above all others, and its own page says why, since when
          and the way out. Help always stays open, whatever the profile blocks: that page, this server, the sign-in
          pages and the names that are never blocked (<TextLink to="/filter-settings">Filter settings</TextLink>). The
          restriction is lifted at once when the failure is fixed, waived, or the device is handed on.
        </Text>
      </Alert>
    </>
  );
}

interface DaysProps {
  label: string;
  description?: string;
  value: number;
  onChange: (days: number) => void;
}

function Days({ label, description, value, onChange }: DaysProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      maw={420}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={Number.isNaN(value) ? '' : value}
      onChange={(days) => onChange(typeof days === 'number' ? days : Number.NaN)}
    />
  );
}
