import { NumberInput, type NumberInputProps } from '@mantine/core';

interface Props
  extends Pick<
    NumberInputProps,
    'label' | 'description' | 'suffix' | 'decimalScale' | 'aria-label' | 'w' | 'maw' | 'error'
  > {
  /** Not a number while the field is empty. */
  value: number;
  onChange: (value: number) => void;
}

/** A number that may be wrong or missing while it is written: whoever reads it says so. */
export function NumberField({ value, onChange, decimalScale = 0, ...props }: Props) {
  return (
    <NumberInput
      clampBehavior="none"
      allowNegative={false}
      decimalScale={decimalScale}
      value={Number.isNaN(value) ? '' : value}
      onChange={(next) => onChange(typeof next === 'number' ? next : Number.NaN)}
      {...props}
    />
  );
}
