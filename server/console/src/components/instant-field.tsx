import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { fromLocal, toLocal } from '../time.ts';

interface Props {
  label: string;
  description?: string;
  /** ISO 8601 in UTC; undefined while none is given. */
  value: string | undefined;
  error?: string | undefined;
  required?: boolean;
  /** Where a dialog begins. */
  focused?: boolean;
  onChange: (instant: string | undefined) => void;
}

/** A date with a time, in the reader's own zone. Half a date is kept as it is typed. */
export function InstantField({ label, description, value, error, required = true, focused, onChange }: Props) {
  const [typed, setTyped] = useState(value === undefined ? '' : toLocal(value));
  const shown = value === undefined || fromLocal(typed) === value ? typed : toLocal(value);
  return (
    <TextInput
      type="datetime-local"
      data-autofocus={focused}
      label={label}
      description={description}
      required={required}
      value={shown}
      error={error}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(fromLocal(event.currentTarget.value));
      }}
    />
  );
}
