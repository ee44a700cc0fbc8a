import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { queries } from '../../queries.ts';

interface Props {
  of: 'model' | 'tag' | 'os';
  label: string;
  placeholder: string;
  value: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}

/** `Debian GNU/Linux 12` → `Debian GNU/Linux`: versions are asked for by themselves. */
const systemName = (os: string) => os.replace(/\s+\d.*$/, '');

const wordsOf: Record<Props['of'], (device: DeviceSummary) => readonly string[]> = {
  model: ({ model }) => (model ? [model] : []),
  tag: ({ tags }) => tags,
  os: ({ os }) => (os ? [systemName(os)] : []),
};

/** A word that devices say of themselves, with those that the district's devices say as suggestions. */
export function DeviceWordField({ of, label, placeholder, value, error, onChange }: Props) {
  const [search] = useDebouncedValue(of === 'model' ? value.trim() : '', 250);
  const devices = useQuery(queries.devices({ ...(search ? { search } : {}), limit: 200 }));
  const known = (devices.data?.items ?? []).flatMap(wordsOf[of]);
  return (
    <Autocomplete
      label={label}
      placeholder={placeholder}
      maxLength={of === 'tag' ? 60 : 100}
      data={[...new Set(known)].sort()}
      value={value}
      error={error}
      spellCheck={false}
      onChange={onChange}
    />
  );
}
