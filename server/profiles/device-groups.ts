import type { ManagedDevice } from './subjects.ts';

/** Devices looked at between two pauses. */
const atOnce = 1_000;

export interface Grouped {
  /** Never empty ones; in the order of their first device. */
  groups: ManagedDevice[][];
  /** For each device, which group it is in. */
  groupOf: Uint32Array;
}

/** Devices of the same key together; `pause` is waited for now and then. */
export async function groupDevices(
  devices: readonly ManagedDevice[],
  keyOf: (device: ManagedDevice) => string,
  pause: () => Promise<unknown>,
): Promise<Grouped> {
  const numbers = new Map<string, number>();
  const groups: ManagedDevice[][] = [];
  const groupOf = new Uint32Array(devices.length);
  for (const [index, device] of devices.entries()) {
    if (index % atOnce === atOnce - 1) await pause();
    const key = keyOf(device);
    const number = numbers.get(key) ?? groups.push([]) - 1;
    numbers.set(key, number);
    groups[number]?.push(device);
    groupOf[index] = number;
  }
  return { groups, groupOf };
}

/** Works one answer out for each group, from its first device. */
export async function perGroup<T>(
  groups: readonly ManagedDevice[][],
  work: (first: ManagedDevice, devices: ManagedDevice[]) => T,
  pause: () => Promise<unknown>,
): Promise<T[]> {
  const answers: T[] = [];
  for (const devices of groups) {
    const [first] = devices;
    if (first) answers.push(work(first, devices));
    if (answers.length % groupsAtOnce === groupsAtOnce - 1) await pause();
  }
  return answers;
}

const groupsAtOnce = 10;
