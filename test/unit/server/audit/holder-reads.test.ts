import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoredEventLog } from '../../../../server/audit/event-log.ts';
import { HolderReads } from '../../../../server/audit/holder-reads.ts';
import type { Actor } from '../../../../server/services.ts';
import { type HelpdeskDistrict, openHelpdesk, turn } from '../../../fakes/helpdesk-district.ts';

const day = 86_400_000;
let district: HelpdeskDistrict;
let reads: HolderReads;
let events: StoredEventLog;

beforeEach(async () => {
  district = await openHelpdesk();
  const { stores, clock, bus } = district;
  reads = new HolderReads({ store: stores.holderReads, clock });
  events = new StoredEventLog(stores.events, bus, clock);
});
afterEach(() => district.close());

type Subject = { kind: 'person' | 'device' | 'ticket'; id: string };
const look = async (subject: Subject, actor: Actor = 'staff:Kim Lee', code = 'record-read') =>
  await events.add({ actor, code, words: `Looked at a ${subject.kind}.`, reason: 'the battery', subject });
const shown = async (device: string) => (await reads.of([device])).get(device)?.reads ?? [];
const ada = async () => {
  const holder = (await district.stores.custody.openCustodyOfDevices(['a'])).get('a')?.personId;
  return { kind: 'person', id: holder ?? '' } as const;
};

describe('what a device shows its holder of who looked at their records', () => {
  it('is who, when and what for, by the name alone', async () => {
    await look(await ada());
    expect(await shown('a')).toEqual([
      { at: district.clock.now(), by: 'Kim Lee', roles: [], words: 'Looked at a person.', reason: 'the battery' },
    ]);
  });

  it('is looks at the device they hold and at their tickets, too; the newest first', async () => {
    await look({ kind: 'device', id: 'a' });
    district.clock.advance(1_000);
    const { id } = await district.tickets.create(
      { subject: 'Slow', words: 'x', category: 'slow', deviceId: 'a', personId: (await ada()).id },
      { actor: 'staff:Kim' },
    );
    await look({ kind: 'ticket', id });
    expect((await shown('a')).map(({ words }) => words)).toEqual(['Looked at a ticket.', 'Looked at a device.']);
  });

  it.each<[string, () => Promise<void>]>([
    ['somebody else', () => look({ kind: 'person', id: 'bob' })],
    ['the device of somebody else', () => look({ kind: 'device', id: 'b' })],
    ['a change, which is no look', async () => look(await ada(), 'staff:Kim Lee', 'device-tagged')],
    [
      'them more than a month ago',
      async () => {
        await look(await ada());
        district.clock.advance(31 * day);
      },
    ],
  ])('says nothing of a look at %s', async (_, happens) => {
    await happens();
    expect(await shown('a')).toEqual([]);
  });

  it('is empty, and said, once the device is in other hands or in nobody’s', async () => {
    await look(await ada());
    await look({ kind: 'device', id: 'a' });
    district.clock.advance(1_000);
    await district.stores.custody.close('a', district.clock.now(), 'returned');
    expect(await reads.of(['a'])).toEqual(new Map([['a', { at: district.clock.now(), reads: [] }]]));
    const next = (await district.stores.custody.openCustodyOfDevices(['b'])).get('b')?.personId ?? '';
    await district.stores.custody.open({
      ...{ deviceId: 'a', personId: next, kind: 'loan', id: 'c9', at: district.clock.now(), by: 'staff:Kim' },
    });
    expect(await shown('a')).toEqual([]);
  });

  it('is told to the devices of whom a look was about, as soon as it is on record', async () => {
    const told: string[][] = [];
    district.bus.subscribe('record-read', async (subject) => void told.push(await reads.devicesOf(subject)));
    await look(await ada());
    await look({ kind: 'device', id: 'b' });
    await look(await ada(), 'staff:Kim Lee', 'device-tagged');
    await turn();
    await expect.poll(() => told).toEqual([['a'], ['b']]);
  });
});
