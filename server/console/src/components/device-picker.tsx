import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary } from '../../../../shared/api/schemas.ts';
import { queries } from '../queries.ts';

interface Props {
  label: string;
  /** Picked from the beginning. */
  chosen?: DeviceSummary | undefined;
  onPick: (device: DeviceSummary | undefined) => void;
}

/** Finds a device by name or serial number on the server, ten at a time. */
export function DevicePicker({ label, chosen, onPick }: Props) {
  const [typed, setTyped] = useState(chosen?.name ?? '');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery(queries.devices({ ...(search ? { search } : {}), limit: 10 }));
  const listed = found.data?.items ?? [];
  const devices = chosen && !listed.some(({ id }) => id === chosen.id) ? [...listed, chosen] : listed;
  return (
    <Select
      label={label}
      placeholder="Type a name or serial number"
      searchable
      defaultValue={chosen?.id ?? null}
      clearable
      data={devices.map((device) => ({ value: device.id, label: device.name }))}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => onPick(devices.find((device) => device.id === id))}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      nothingFoundMessage={found.isFetching ? 'Searching…' : 'No device of that name'}
      maxDropdownHeight={320}
    />
  );
}
