import { Select } from '@mantine/core';

interface Props {
  label: string;
  names: readonly string[];
  value: string | null;
  onChange: (bells: string | null) => void;
}

const noSchool = '';

/** A bell schedule, or no school. */
export function BellsSelect({ label, names, value, onChange }: Props) {
  const known = [...new Set([...names.filter((name) => name !== ''), ...(value ? [value] : [])])];
  return (
    <Select
      label={label}
      allowDeselect={false}
      value={value ?? noSchool}
      data={[...known.map((name) => ({ value: name, label: name })), { value: noSchool, label: 'No school' }]}
      onChange={(next) => onChange(next === noSchool ? null : next)}
    />
  );
}
