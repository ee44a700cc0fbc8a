import { Select, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary, ScriptView } from '../../../../../shared/api/schemas.ts';
import type { Action } from '../../../../../shared/commands/action.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { type ParameterValues, parameterProblem, scriptAction, startValues } from '../../script-form.ts';
import { platformWords } from '../../words.ts';
import { TextLink } from '../links.tsx';
import { NumberField } from '../number-field.tsx';

type Parameter = ScriptView['content']['parameters'][number];

interface Props {
  platform: DeviceSummary['platform'] | undefined;
  onChange: (action: Action | undefined) => void;
}

/** A published script of the library with its parameters. */
export function ScriptFields({ platform, onChange }: Props) {
  const scripts = useQuery(helpdeskQueries.scripts());
  const [id, setId] = useState<string>();
  const [values, setValues] = useState<ParameterValues>({});
  const offered = (scripts.data?.items ?? []).filter(
    ({ published, content }) => published !== null && (platform === undefined || content.platform === platform),
  );
  const script = offered.find((one) => one.id === id);
  const take = (next: ScriptView | undefined, written: ParameterValues) => {
    setId(next?.id);
    setValues(written);
    onChange(next ? scriptAction(next, written) : undefined);
  };
  return (
    <>
      <Select
        data-autofocus
        label="Script"
        required
        placeholder={scripts.isPending ? 'Loading…' : 'Choose a script'}
        description={script?.content.description}
        searchable
        value={id ?? null}
        data={offered.map((one) => ({
          value: one.id,
          label: `${one.content.name} (${platformWords[one.content.platform]})`,
        }))}
        nothingFoundMessage="No script of that name is published"
        onChange={(next) => {
          const chosen = offered.find((one) => one.id === next);
          take(chosen, chosen ? startValues(chosen.content.parameters) : {});
        }}
      />
      {script?.content.parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name]}
          onChange={(value) => take(script, { ...values, [parameter.name]: value })}
        />
      ))}
      <Text size="xs" c="dimmed">
        Only scripts that two approvers signed can be run. <TextLink to="/scripts">The library</TextLink>
      </Text>
    </>
  );
}

interface FieldProps {
  parameter: Parameter;
  value: ParameterValues[string];
  onChange: (value: ParameterValues[string]) => void;
}

function ParameterField({ parameter, value, onChange }: FieldProps) {
  const { name, title, kind, choices = [], required } = parameter;
  const label = title.trim() || name;
  const error = parameterProblem(parameter, value);
  if (kind === 'boolean')
    return (
      <Switch label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  if (kind === 'choice')
    return (
      <Select
        label={label}
        required={required}
        clearable={!required}
        value={typeof value === 'string' ? value : null}
        data={choices}
        error={value === undefined ? undefined : error}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  if (kind === 'number')
    return (
      <NumberField
        label={label}
        decimalScale={6}
        value={typeof value === 'number' ? value : Number.NaN}
        onChange={(next) => onChange(Number.isNaN(next) ? undefined : next)}
      />
    );
  return (
    <TextInput
      label={label}
      required={required}
      maxLength={1000}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}
