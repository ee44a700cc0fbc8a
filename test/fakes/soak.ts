import { expect, vi } from 'vitest';
import { DiagnosisDistrict, type LookedAt, type Tab } from './diagnosis-district.ts';

interface Soak {
  devices: number;
  /** Samples every living tab must have had before the server is restarted, and again after it. */
  samples: number;
}

/** As many as wait for a slow tab at most: one sample of its stream, one end of it, and a hint of each kind. */
const waitingForOne = 60;
const patience = { timeout: 150_000, interval: 50 };

/**
 * A viewer for each device: most read, one in five reads slowly, one in five never reads again. Nothing may pile up, living
 * tabs go on, dead ones are cut off, a restart of the server leaves nothing running on any device.
 */
export async function soak({ devices: count, samples }: Soak): Promise<void> {
  await using district = await DiagnosisDistrict.start();
  const devices: LookedAt[] = [];
  for (let number = 0; number < count; number += 1) devices.push(await district.enrol(`laptop-${number}`));
  await round(district, devices, samples);
  await district.stopServer();
  await vi.waitFor(() => expect(stillRunning(devices)).toEqual([]), patience);
  await district.serve();
  for (const device of devices) await district.connected(device);
  expect(stillRunning(devices)).toEqual([]);
  await round(district, devices, samples);
  for (const device of devices) await device.stop();
  expect(stillRunning(devices)).toEqual([]);
}

/** What runs for a look on any device: streams, looks, programs and timers of them. */
function stillRunning(devices: readonly LookedAt[]): string[] {
  return devices
    .filter(({ running, desk }) => running > 0 || desk?.now !== undefined || (desk?.streamCount ?? 0) > 0)
    .map(({ name }) => name);
}

async function round(district: DiagnosisDistrict, devices: readonly LookedAt[], samples: number): Promise<void> {
  const viewers: { tab: Tab; id: string; kind: 'lively' | 'slow' | 'dead' }[] = [];
  for (const [index, device] of devices.entries()) {
    const [id, tab] = [await district.look(device), await district.tab()];
    // Logs are the largest samples: a dead tab's way fills up soonest with them.
    tab.watch(id, 'logs');
    viewers.push({ tab, id, kind: index % 5 === 0 ? 'dead' : index % 5 === 1 ? 'slow' : 'lively' });
  }
  const of = (kind: (typeof viewers)[number]['kind']) => viewers.filter((viewer) => viewer.kind === kind);
  await vi.waitFor(() => expect(devices.every(({ running }) => running === 1)).toBe(true), patience);
  for (const { tab } of of('dead')) tab.socket.pause();
  const slow = setInterval(() => {
    for (const { tab } of of('slow')) {
      tab.socket.resume();
      setImmediate(() => tab.socket.pause());
    }
  }, 200);
  try {
    let most = 0;
    await vi.waitFor(() => {
      most = Math.max(most, district.live?.waiting ?? 0);
      for (const { tab, id } of of('lively')) expect(tab.samples(id)).toBeGreaterThan(samples);
    }, patience);
    // However long they do not read: what waits for them is bounded by what they watch, not by the time.
    expect(most).toBeLessThanOrEqual(waitingForOne * viewers.length);
  } finally {
    clearInterval(slow);
    for (const { tab } of of('slow')) tab.socket.resume();
  }
  // The first asks for a sign of life, the second cuts off who gave none.
  district.tabClock.advance(30_000);
  await vi.waitFor(() => expect(of('lively').every(({ tab }) => tab.closed === undefined)).toBe(true), patience);
  await pongs(district, viewers.length);
  district.tabClock.advance(30_000);
  const dead = of('dead').length;
  await vi.waitFor(() => expect(district.live?.count).toBe(viewers.length - dead), patience);
  await vi.waitFor(
    () => expect(devices.filter(({ running }) => running > 0)).toHaveLength(devices.length - dead),
    patience,
  );
  for (const { tab } of viewers) tab.socket.terminate();
  await vi.waitFor(() => expect(devices.map(({ running }) => running)).toEqual(devices.map(() => 0)), patience);
  expect(district.live?.waiting).toBe(0);
  await vi.waitFor(() => expect(district.live?.count).toBe(0), patience);
}

/** Waits until those that read have answered the question for a sign of life. */
async function pongs(district: DiagnosisDistrict, tabs: number): Promise<void> {
  const dead = Math.ceil(tabs / 5);
  await vi.waitFor(() => expect(district.live?.living).toBe(tabs - dead), patience);
}
