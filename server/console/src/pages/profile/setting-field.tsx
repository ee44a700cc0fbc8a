import { Button, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { CapabilityName } from '../../../../../shared/profile/registry.ts';
import { abilitiesLine } from '../../ability-words.ts';
import { CategoriesField } from '../../components/categories-field.tsx';
import { LinesField } from '../../components/lines-field.tsx';
import { Tag } from '../../components/tag.tsx';
import { type Field, type FieldSchema, mergeText } from '../../form-fields.ts';
import classes from './capability-form.module.css';
import { EntriesField } from './entries-field.tsx';
import { VariantField } from './variant-field.tsx';

interface Props {
  capability: CapabilityName;
  field: Field;
  value: unknown;
  problem: string | undefined;
  onChange: (value: unknown) => void;
}

/** One setting: its words from the schema, whether it is set, how profiles go together, and the control that fits. */
export function SettingField({ capability, field, value, problem, onChange }: Props) {
  const id = useId();
  const isSet = value !== undefined;
  return (
    <div className={classes.setting} data-set={isSet || undefined}>
      <div>
        <div className={classes.head}>
          <span className={classes.label} id={id}>
            {field.title}
          </span>
          <Tag tone={isSet ? 'good' : 'outline'} keepsLine>
            {isSet ? 'Set' : 'Left alone'}
          </Tag>
        </div>
        <div className={classes.description}>{field.schema.description}</div>
        <div className={classes.about}>
          {mergeText(field.schema)} {abilitiesLine(capability)}
        </div>
      </div>
      <div className={classes.control}>
        <Control field={field} labelId={id} value={value} problem={problem} onChange={onChange} />
        {isSet ? (
          <Button
            size="compact-xs"
            variant="subtle"
            className={classes.reset ?? ''}
            aria-label={`Reset ${field.title}`}
            onClick={() => onChange(undefined)}
          >
            Reset
          </Button>
        ) : null}
      </div>
    </div>
  );
}

type ControlProps = Omit<Props, 'capability'> & { labelId: string };

function Control({ field, labelId, value, problem, onChange }: ControlProps) {
  const { schema } = field;
  switch (field.kind) {
    case 'switch':
      return <ThreeWay labelId={labelId} value={value} onChange={onChange} />;
    case 'choice':
      return <Choice schema={schema} labelId={labelId} value={value} onChange={onChange} />;
    case 'categories':
      return <CategoriesField labelId={labelId} value={(value as string[] | undefined) ?? []} onChange={onChange} />;
    case 'lines':
      return (
        <LinesField
          schema={schema}
          labelId={labelId}
          value={(value as string[] | undefined) ?? []}
          onChange={onChange}
        />
      );
    case 'entries':
      return (
        <EntriesField
          schema={schema}
          labelId={labelId}
          value={(value as unknown[] | undefined) ?? []}
          problem={problem}
          onChange={onChange}
        />
      );
    case 'variants':
      return <VariantField schema={schema} labelId={labelId} value={value} problem={problem} onChange={onChange} />;
    case 'number':
      return (
        <NumberInput
          aria-labelledby={labelId}
          placeholder={rangeWords(schema)}
          allowDecimal={schema.type !== 'integer'}
          value={typeof value === 'number' ? value : ''}
          error={problem}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      );
    case 'text':
      return (
        <TextInput
          aria-labelledby={labelId}
          placeholder={schema['x-example'] ? `Left alone; for example ${schema['x-example']}` : 'Left alone'}
          value={typeof value === 'string' ? value : ''}
          error={problem}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

type SimpleProps = Pick<ControlProps, 'labelId' | 'value' | 'onChange'>;

/** Absent is not off: a profile may leave a setting to others. */
function ThreeWay({ labelId, value, onChange }: SimpleProps) {
  const shown = value === true ? 'on' : value === false ? 'off' : 'alone';
  return (
    <SegmentedControl
      aria-labelledby={labelId}
      style={{ placeSelf: 'start' }}
      value={shown}
      data={[
        { value: 'alone', label: 'Left alone' },
        { value: 'on', label: 'On' },
        { value: 'off', label: 'Off' },
      ]}
      onChange={(next) => onChange(next === 'alone' ? undefined : next === 'on')}
    />
  );
}

function Choice({ schema, labelId, value, onChange }: SimpleProps & { schema: FieldSchema }) {
  const labels = schema['x-labels'] ?? [];
  return (
    <Select
      aria-labelledby={labelId}
      placeholder="Left alone"
      clearable
      value={typeof value === 'string' ? value : null}
      data={(schema.enum ?? []).map((choice, place) => ({ value: choice, label: labels[place] ?? choice }))}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

function rangeWords({ minimum, maximum }: FieldSchema): string {
  return minimum === undefined || maximum === undefined ? 'Left alone' : `Left alone; ${minimum} to ${maximum}`;
}
