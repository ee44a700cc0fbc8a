import { Group, Stack, Text, Title } from '@mantine/core';
import type { ProfileContent } from '../../../../../shared/api/schemas.ts';
import type { Ability, CapabilityDefinition, Platform } from '../../../../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities } from '../../../../../shared/profile/registry.ts';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { settingCount, settingOf, valueProblem } from '../../content.ts';
import { fieldGroups } from '../../form-fields.ts';
import { count, platformWords } from '../../words.ts';
import classes from './capability-form.module.css';
import { SettingField } from './setting-field.tsx';

interface Props {
  capability: CapabilityName;
  settings: ProfileContent['settings'];
  onSet: (setting: string, value: unknown) => void;
}

/** Every setting of a capability, built from its schema. What is not set is left alone on devices. */
export function CapabilityForm({ capability, settings, onSet }: Props) {
  const definition: CapabilityDefinition = capabilities[capability];
  const set = settingCount(settings, capability);
  return (
    <Panel
      title={definition.title}
      note={definition.summary}
      aside={<Tag tone={set > 0 ? 'good' : 'plain'}>{set > 0 ? `${count(set, 'setting')} set` : 'Left alone'}</Tag>}
    >
      <Abilities definition={definition} />
      {fieldGroups(capability).map(({ group, fields }) => (
        <section key={group} aria-label={group}>
          <Title order={3} className={classes.group}>
            {group}
          </Title>
          <Stack gap={0}>
            {fields.map((field) => {
              const value = settingOf(settings, capability, field.name);
              return (
                <SettingField
                  key={field.name}
                  field={field}
                  value={value}
                  problem={valueProblem(field.schema, value)}
                  onChange={(next) => onSet(field.name, next)}
                />
              );
            })}
          </Stack>
        </section>
      ))}
    </Panel>
  );
}

const abilityWords: Record<Ability, { label: string; tone: 'good' | 'warn' | 'plain' }> = {
  enforce: { label: 'enforced', tone: 'good' },
  observe: { label: 'only observed', tone: 'warn' },
  'needs-mdm': { label: 'needs MDM', tone: 'warn' },
  unsupported: { label: 'not supported yet', tone: 'plain' },
};

const platforms = ['linux', 'win32', 'darwin'] as const satisfies readonly Platform[];

function Abilities({ definition }: { definition: CapabilityDefinition }) {
  return (
    <div className={classes.abilities}>
      <Group gap={6}>
        {platforms.map((platform) => {
          const { label, tone } = abilityWords[definition.abilities[platform]];
          return (
            <Tag key={platform} tone={tone}>
              {platformWords[platform]}: {label}
            </Tag>
          );
        })}
      </Group>
      {platforms.map((platform) =>
        definition.limits[platform] ? (
          <Text key={platform} size="sm" c="dimmed">
            {platformWords[platform]}: {definition.limits[platform]}
          </Text>
        ) : null,
      )}
    </div>
  );
}
