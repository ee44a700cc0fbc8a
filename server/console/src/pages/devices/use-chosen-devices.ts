import { useState } from 'react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import type { DeviceChoice } from '../../components/device-table.tsx';

export interface ChosenDevices extends DeviceChoice {
  /** Also those on other pages of the list. */
  devices: readonly DeviceSummary[];
  add: (devices: readonly DeviceSummary[]) => void;
  clear: () => void;
}

/** Devices that are chosen in the list, kept while its pages are turned and its filters change. */
export function useChosenDevices(): ChosenDevices {
  const [chosen, setChosen] = useState<ReadonlyMap<string, DeviceSummary>>(new Map());
  const add = (devices: readonly DeviceSummary[]) =>
    setChosen((before) => new Map([...before, ...devices.map((device) => [device.id, device] as const)]));
  return {
    devices: [...chosen.values()],
    has: (id) => chosen.has(id),
    set: (device, isChosen) =>
      isChosen ? add([device]) : setChosen((before) => new Map([...before].filter(([id]) => id !== device.id))),
    add,
    clear: () => setChosen(new Map()),
  };
}
