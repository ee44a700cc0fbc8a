import { ActionIcon, Button, Checkbox, Group, Select, SimpleGrid, TagsInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ScriptContent } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';

type Parameter = ScriptContent['parameters'][number];

const kinds = [
  { value: 'text' as const, label: 'Text' },
  { value: 'number' as const, label: 'Number' },
  { value: 'boolean' as const, label: 'Yes or no' },
  { value: 'choice' as const, label: 'One of several' },
];
const most = 20;

interface Props {
  parameters: readonly Parameter[];
  onChange: (parameters: Parameter[]) => void;
}

/** What is asked of whoever runs the script. */
export function ParametersEditor({ parameters, onChange }: Props) {
  const add = () => onChange([...parameters, { name: '', title: '', kind: 'text', required: true }]);
  return (
    <Panel
      title="Parameters"
      note="What is asked of whoever runs it."
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={parameters.length >= most}
          onClick={add}
        >
          Add a parameter
        </Button>
      }
    >
      {parameters.length === 0 ? (
        <Text size="sm" c="dimmed">
          It asks for nothing.
        </Text>
      ) : null}
      {numbered(parameters).map(({ key, place, row }) => (
        <ParameterFields
          key={key}
          place={place}
          parameter={row}
          onChange={(changed) => onChange(changedAt(parameters, place, changed))}
          onRemove={() => onChange(without(parameters, place))}
        />
      ))}
    </Panel>
  );
}

interface FieldsProps {
  place: number;
  parameter: Parameter;
  onChange: (parameter: Parameter) => void;
  onRemove: () => void;
}

function ParameterFields({ place, parameter, onChange, onRemove }: FieldsProps) {
  const number = place + 1;
  return (
    <fieldset style={{ margin: 0, padding: 0, border: 0, minWidth: 0 }}>
      <legend style={{ padding: 0 }}>
        <Text span size="sm" fw={600}>
          Parameter {number}
        </Text>
      </legend>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <TextInput
          label="Name"
          placeholder="DAYS"
          maxLength={40}
          value={parameter.name}
          onChange={(event) => onChange({ ...parameter, name: event.currentTarget.value.toUpperCase() })}
        />
        <TextInput
          label="What is asked"
          placeholder="Older than so many days"
          maxLength={120}
          value={parameter.title}
          onChange={(event) => onChange({ ...parameter, title: event.currentTarget.value })}
        />
        <Select
          label="Kind"
          value={parameter.kind}
          data={kinds}
          allowDeselect={false}
          onChange={(kind) => kind && onChange(ofKind(parameter, kind))}
        />
      </SimpleGrid>
      {parameter.kind === 'choice' ? (
        <TagsInput
          mt="xs"
          label="What can be chosen"
          maxTags={50}
          value={parameter.choices ?? []}
          onChange={(choices) => onChange({ ...parameter, choices })}
        />
      ) : null}
      <Group justify="space-between" mt="xs">
        <Checkbox
          label="It must be given"
          checked={parameter.required}
          onChange={(event) => onChange({ ...parameter, required: event.currentTarget.checked })}
        />
        <ActionIcon variant="subtle" aria-label={`Remove the parameter ${number}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </fieldset>
  );
}

/** Choices belong to one kind alone. */
function ofKind({ choices, ...rest }: Parameter, kind: Parameter['kind']): Parameter {
  return kind === 'choice' ? { ...rest, kind, choices: choices ?? [] } : { ...rest, kind };
}
