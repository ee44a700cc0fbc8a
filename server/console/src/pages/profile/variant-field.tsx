import { Select, Stack, Text, TextInput } from '@mantine/core';
import { useId } from 'react';
import { LinesField } from '../../components/lines-field.tsx';
import { variantOf } from '../../content.ts';
import type { FieldSchema } from '../../form-fields.ts';
import { variantWords } from '../../setting-words.ts';

interface Props {
  schema: FieldSchema;
  labelId: string;
  value: unknown;
  problem: string | undefined;
  onChange: (value: unknown) => void;
}

type Parts = Readonly<Record<string, unknown>>;

const partWords: Record<string, string> = {
  servers: 'Server addresses',
  serverName: 'Name in the server’s certificate',
  url: 'Address (https://…)',
  addresses: 'Addresses of that host',
};

/** A setting with several forms, each with its own small set of fields. */
export function VariantField({ schema, labelId, value, problem, onChange }: Props) {
  const parts = (value ?? {}) as Parts;
  const variant = variantOf(schema, parts.kind);
  const kinds = (schema.anyOf ?? []).map((one) => String(one.properties?.kind?.const));
  const properties = Object.entries(variant?.properties ?? {}).filter(([name]) => name !== 'kind');
  return (
    <Stack gap="xs">
      <Select
        aria-labelledby={labelId}
        placeholder="Left alone"
        clearable
        value={typeof parts.kind === 'string' ? parts.kind : null}
        data={kinds.map((kind) => ({ value: kind, label: variantWords(kind) }))}
        onChange={(kind) => onChange(kind === null ? undefined : { kind })}
      />
      {properties.map(([name, part]) => (
        <Part
          key={`${String(parts.kind)} ${name}`}
          name={name}
          schema={part}
          value={parts[name]}
          onChange={(next) => onChange({ ...parts, [name]: next })}
        />
      ))}
      {problem ? (
        <Text size="xs" c="var(--mantine-color-error)" role="status">
          {problem}
        </Text>
      ) : null}
    </Stack>
  );
}

function Part({
  name,
  schema,
  value,
  onChange,
}: {
  name: string;
  schema: FieldSchema;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const id = useId();
  const label = partWords[name] ?? name;
  if (schema.type !== 'array')
    return (
      <TextInput
        label={label}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <div>
      <Text size="sm" fw={600} mb={2} id={id}>
        {label}, one per line
      </Text>
      <LinesField schema={schema} labelId={id} value={(value as string[] | undefined) ?? []} onChange={onChange} />
    </div>
  );
}
