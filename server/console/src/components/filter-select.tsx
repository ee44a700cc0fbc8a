import { Select } from '@mantine/core';

interface Props<V extends string> {
  label: string;
  /** What stands there while nothing is chosen: "Any role". */
  any: string;
  value: V | undefined;
  options: readonly { value: V; label: string }[];
  onChange: (value: V | undefined) => void;
}

/** One choice that narrows a list, or none. */
export function FilterSelect<V extends string>({ label, any, value, options, onChange }: Props<V>) {
  return (
    <Select
      aria-label={label}
      placeholder={any}
      clearable
      value={value ?? null}
      data={options}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
