import { setTimeout as delay } from 'node:timers/promises';
import { FakeDevice } from '../fakes/device.ts';
import { crowdKeys } from './keys.ts';
import type { BenchServer } from './server.ts';

const atOnce = 8;
const tooManyRequests = 429;
const waitMs = 5_000;

/** Enrols so many devices over the real listener, each with a key and a certificate of its own. */
export async function enrolDevices(server: BenchServer, count: number): Promise<FakeDevice[]> {
  const token = await server.token(count);
  const devices = (await crowdKeys(count)).map((key, index) => new FakeDevice(`bench-${index}`, key));
  const [first] = devices;
  if (!first) return [];
  await enrolOne(first, server.ports.enrolment, token);
  for (const device of devices) device.root = first.root;
  await inTurn(devices.slice(1), (device) => enrolOne(device, server.ports.enrolment, token));
  return devices;
}

async function enrolOne(device: FakeDevice, port: number, token: string): Promise<void> {
  for (;;) {
    const { status, body } = await device.enroll(port, token);
    if (status === 200) return;
    if (status !== tooManyRequests) throw new Error(`${device.name} could not enrol: ${body.error?.message}`);
    await delay(waitMs);
  }
}

/** Works through the items, a few at once. */
export async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
