import { describe, expect, it } from 'vitest';
import { landingOf, type ShownDevice, standingsOf, worstFirst } from '../../../../server/profiles/landing.ts';
import type { DesiredSection, SectionReport } from '../../../../shared/policy/standing.ts';

const at = Date.UTC(2026, 9, 5);
const desired = { section: 'browser', hash: 'new', generation: 7 };

interface Device {
  id: string;
  connected: boolean;
  sections: DesiredSection[];
  reports: SectionReport[];
}

function device(id: string, report?: Partial<SectionReport>, said: Partial<Device> = {}): Device {
  const base = { section: 'browser', generation: 7, hash: 'new', status: 'verified', failure: null, at } as const;
  return { id, connected: true, sections: [desired], reports: report ? [{ ...base, ...report }] : [], ...said };
}

function landing(revision: { number: number; publishedAt: number }, devices: Device[]) {
  const standings = standingsOf(devices.map((one) => ({ ...one, deviceIds: [one.id] })));
  const shown = worstFirst.flatMap((status): ShownDevice[] =>
    devices
      .filter(({ id }) => standings[status].has(id))
      .map((one) => ({
        ...{ ...one, name: `laptop ${one.id}`, simulated: false },
        ...{ status, section: standings[status].get(one.id) },
      })),
  );
  return landingOf(revision, standings, shown);
}

describe('a landing', () => {
  it.each<[string, Device, string, RegExp]>([
    ['a device that has not reported', device('a'), 'pending', /On its way/],
    ['a device that should hold none of it', device('a', {}, { sections: [] }), 'pending', /^On its way/],
    ['a device that is offline', device('a', undefined, { connected: false }), 'pending', /offline/],
    ['a device that reported about older content', device('a', { hash: 'old' }), 'pending', /On its way/],
    [
      'a device that proved the content under an earlier generation',
      device('a', { generation: 5 }),
      'verified',
      /In force/,
    ],
    ['a device that could not prove it', device('a', { status: 'applied' }), 'applied', /not prove/],
    [
      'a device that failed and says why',
      device('a', { status: 'failed', failure: { code: 'port-busy', message: 'Port 53 is in use.' } }),
      'failed',
      /^Browser: Port 53 is in use\.$/,
    ],
    ['a device that failed without a word', device('a', { status: 'failed' }), 'failed', /did not say why/],
    [
      'a failure without content counts for its generation',
      device('a', { status: 'failed', hash: null }),
      'failed',
      /why/,
    ],
    [
      'an older failure without content does not',
      device('a', { status: 'failed', hash: null, generation: 6 }),
      'pending',
      /way/,
    ],
    ['a device that cannot', device('a', { status: 'unsupported' }), 'unsupported', /cannot/],
    [
      'a device of which one section failed',
      device('a', { status: 'failed' }, { sections: [{ ...desired, section: 'webFilter' }, desired] }),
      'failed',
      /^Browser/,
    ],
  ])('shows %s', (_, shown, status, words) => {
    const { devices } = landing({ number: 1, publishedAt: at }, [shown]);
    expect(devices[0]).toMatchObject({ status, words: expect.stringMatching(words) });
  });

  it('counts everything, and failures come first, then what is pending', () => {
    const many = [
      device('1'),
      device('2', {}),
      device('3', { status: 'failed' }),
      device('4', { status: 'unsupported' }),
      device('5', { status: 'applied' }),
      device('6', {}),
    ];
    const shown = landing({ number: 3, publishedAt: at }, many);
    expect(shown).toMatchObject({
      revision: 3,
      publishedAt: '2026-10-05T00:00:00.000Z',
      total: 6,
      verified: 2,
      applied: 1,
      pending: 1,
      failed: 1,
      unsupported: 1,
    });
    expect(shown.devices.map(({ deviceId }) => deviceId)).toEqual(['3', '1', '5', '4', '2', '6']);
  });
});
