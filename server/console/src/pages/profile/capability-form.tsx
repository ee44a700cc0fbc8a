import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ProfileContent } from '../../../../../shared/api/schemas.ts';
import type { CapabilityDefinition } from '../../../../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities } from '../../../../../shared/profile/registry.ts';
import { abilityWords, platforms } from '../../ability-words.ts';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { onlyLooks, settingCount, settingOf, valueProblem } from '../../content.ts';
import { fieldGroups } from '../../form-fields.ts';
import { count, platformWords } from '../../words.ts';
import classes from './capability-form.module.css';
import { SettingField } from './setting-field.tsx';

interface Props {
  capability: CapabilityName;
  settings: ProfileContent['settings'];
  /** Names of the settings that are shown; all when left out. */
  only?: ReadonlySet<string> | undefined;
  /** Shows the others too. */
  onAll?: (() => void) | undefined;
  onSet: (setting: string, value: unknown) => void;
}

/** Settings of a capability, built from its schema. What is not set is left alone on devices. */
export function CapabilityForm({ capability, settings, only, onAll, onSet }: Props) {
  const definition: CapabilityDefinition = capabilities[capability];
  const set = settingCount(settings, capability);
  const looks = onlyLooks(settings, capability);
  const isShown = (name: string) => !only || only.has(name) || (looks && name === 'mode');
  return (
    <Panel
      title={definition.title}
      note={definition.summary}
      aside={
        <Group gap="xs">
          <Tag tone={set > 0 ? 'good' : 'plain'}>{set > 0 ? `${count(set, 'setting')} set` : 'Left alone'}</Tag>
          {onAll ? (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`All settings of ${definition.title}`}
              onClick={onAll}
            >
              All settings
            </Button>
          ) : null}
        </Group>
      }
    >
      <Abilities definition={definition} />
      {looks ? (
        <Alert variant="default" title="It only looks">
          <Text size="sm">
            Devices report whether they are so, and nothing is changed on them, until “What the agent does” is set to
            put it right.
          </Text>
        </Alert>
      ) : null}
      {fieldGroups(capability)
        .map(({ group, fields }) => ({ group, fields: fields.filter(({ name }) => isShown(name)) }))
        .filter(({ fields }) => fields.length > 0)
        .map(({ group, fields }) => (
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
                    capability={capability}
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

/** What the capability can do on each system, and what it cannot. */
function Abilities({ definition: { abilities, limits } }: { definition: CapabilityDefinition }) {
  const limited = platforms.filter((platform) => limits[platform]);
  return (
    <div className={classes.abilities}>
      <Group gap={6}>
        {platforms.map((platform) => {
          const { label, tone } = abilityWords[abilities[platform]];
          return (
            <Tag key={platform} tone={tone}>
              {platformWords[platform]}: {label}
            </Tag>
          );
        })}
      </Group>
      {limited.length > 0 ? (
        <details className={classes.limits}>
          <summary>What it cannot do</summary>
          {limited.map((platform) => (
            <Text key={platform} size="sm" c="dimmed" mt={4}>
              <b>{platformWords[platform]}:</b> {limits[platform]}
            </Text>
          ))}
        </details>
      ) : null}
    </div>
  );
}
