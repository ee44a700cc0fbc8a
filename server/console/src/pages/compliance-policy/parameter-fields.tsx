import { NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Parameter, parameterProblem, recordLines, recordOf } from '../../parameter-form.ts';

type Values = Record<string, unknown>;

interface Props {
  parameters: readonly Parameter[];
  values: Values;
  onChange: (values: Values) => void;
}

/** What a check asks, by its schema. An empty field is what the library asks. */
export function ParameterFields({ parameters, values, onChange }: Props) {
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...others } = values;
    onChange(value === undefined ? others : { ...others, [name]: value });
  };
  return (
    <Stack gap="sm">
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name]}
          onChange={(value) => set(parameter.name, value)}
        />
      ))}
    </Stack>
  );
}

interface FieldProps {
  parameter: Parameter;
  value: unknown;
  onChange: (value: unknown) => void;
}

function ParameterField({ parameter, value, onChange }: FieldProps) {
  const { title, schema, usual } = parameter;
  const error = parameterProblem(parameter, value);
  switch (schema.type) {
    case 'boolean':
      return (
        <Switch
          label={title}
          checked={(value ?? usual) === true}
          onChange={({ currentTarget: { checked } }) => onChange(checked === usual ? undefined : checked)}
        />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          label={title}
          placeholder={String(usual)}
          maw={320}
          clampBehavior="none"
          allowDecimal={schema.type === 'number'}
          value={typeof value === 'number' ? value : ''}
          error={error}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      );
    case 'object':
      return <RecordField title={title} value={value} error={error} onChange={onChange} />;
    default:
      return (
        <TextInput
          label={title}
          placeholder={String(usual)}
          maw={320}
          value={typeof value === 'string' ? value : ''}
          error={error}
          onChange={({ currentTarget: { value: next } }) => onChange(next === '' ? undefined : next)}
        />
      );
  }
}

interface RecordProps {
  title: string;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}

/** Keeps what is being written, also while a line is not finished. */
function RecordField({ title, value, error, onChange }: RecordProps) {
  const [text, setText] = useState(recordLines(value));
  return (
    <Textarea
      label={title}
      description="One a line, as the device reports its system: Ubuntu 22.04 = 2032-04-01"
      autosize
      minRows={2}
      maxRows={8}
      value={text}
      error={error}
      onChange={({ currentTarget: { value: next } }) => {
        setText(next);
        const record = recordOf(next);
        onChange(Object.keys(record).length === 0 ? undefined : record);
      }}
    />
  );
}
