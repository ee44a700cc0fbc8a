import { Textarea } from '@mantine/core';
import { reasonProblem, reasonSchema } from '../override-form.ts';

interface Props {
  label?: string;
  description: string;
  placeholder?: string;
  value: string;
  minLength?: number;
  onChange: (reason: string) => void;
}

/** Why something is done; others read it later. */
export function ReasonField({ label = 'Reason', description, placeholder, value, minLength, onChange }: Props) {
  const problem = value === '' ? undefined : reasonProblem(value, minLength);
  return (
    <Textarea
      data-autofocus
      label={label}
      description={description}
      placeholder={placeholder ?? ''}
      required
      autosize
      minRows={2}
      maxRows={5}
      maxLength={reasonSchema.maxLength ?? 300}
      value={value}
      error={problem}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
