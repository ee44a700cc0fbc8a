import { describe, expect, it } from 'vitest';
import { type OwnStanding, ownStanding } from '../../../../agent/pages/own-standing.ts';
import type { OwnView } from '../../../../agent/pages/own-view.ts';
import { en } from '../../../../shared/compliance/words/en.ts';
import type { ReportedRecord, VerdictMessage } from '../../../../shared/protocol/messages.ts';

const now = Date.UTC(2026, 9, 5, 14);
const second = 1_000;
const day = 86_400_000;
type Line = VerdictMessage['checks'][number];

const line = (change: Partial<Line> = {}): Line => ({
  ...{ check: 'firewall-on', status: 'pass', severity: 'critical', seen: 'on' },
  ...change,
});
const off = line({ status: 'fail', seen: 'off' });
const seenAt = (state: 'on' | 'off' | 'unknown', at: number): OwnView['seen'] => ({
  observations: { firewall: { state, evidence: 'nft' } },
  health: {},
  at: { firewall: at },
});
const nothing: OwnView['seen'] = { observations: {}, health: {}, at: {} };

function view(
  checks: Line[] | undefined,
  seen = nothing,
  change: Partial<OwnView> = {},
  receivedAt = now - 60 * second,
) {
  const verdict: VerdictMessage = { at: 1, state: 'unknown', checks: checks ?? [], step: 'none', obligations: [] };
  return {
    ...{
      deviceId: 'd',
      name: 'n',
      district: 'D',
      agentVersion: '1',
      sections: [],
      corrections: [],
      seen,
      connection: { connected: true },
    },
    received: checks && { verdict, receivedAt },
    ...change,
  };
}

/** The part each check is shown in. */
function placesOf(standing: OwnStanding): Record<string, string> {
  return Object.fromEntries(
    Object.entries(standing).flatMap(([place, asked]) =>
      (asked as OwnStanding['wrong']).map(({ check }) => [check, place] as const),
    ),
  );
}
const firewallOf = (given: OwnView) => placesOf(ownStanding(given, en, now))['firewall-on'];

describe('where a check is shown', () => {
  it.each<[string, OwnView, string | undefined]>([
    ['fails by the district', view([off]), 'wrong'],
    ['passes by the district', view([line()]), 'good'],
    ['is not known', view([line({ status: 'unknown', seen: 'not reported yet' })]), 'unknown'],
    ['does not apply', view([line({ status: 'not-applicable', seen: '' })]), undefined],
    ['is waived', view([line({ ...off, waivedUntil: now + day })]), 'waived'],
    ['is waived and passes', view([line({ waivedUntil: now + day })]), 'good'],
    ['only informs, and fails', view([line({ ...off, severity: 'minor' })]), 'minor'],
    ['only informs, and passes', view([line({ severity: 'minor' })]), undefined],
    ['was switched off since the district looked', view([line()], seenAt('off', now - second)), 'wrong'],
    ['was put right since the district looked', view([off], seenAt('on', now - second)), 'mended'],
    [
      'was switched off and the district answered at once, by an older report',
      view([line()], seenAt('off', now - 2 * second), {}, now - second),
      'wrong',
    ],
    [
      'looks otherwise to a district that knew for long what the device sees',
      view([off], seenAt('on', now - day), {}, now - second),
      'wrong',
    ],
    ['is not known to the device any more', view([line()], seenAt('unknown', now - second)), 'unknown'],
    ['was not judged yet, and fails', view(undefined, seenAt('off', now - second)), 'wrong'],
    ['was not judged yet, and passes', view(undefined, seenAt('on', now - second)), 'good'],
    ['is not asked by the district', view([], seenAt('off', now - second)), 'minor'],
  ])('that %s', (_name, given, place) => {
    expect(firewallOf(given)).toBe(place);
  });
});

describe('what the device knows better', () => {
  it('is what it sees, with its time', () => {
    const [asked] = ownStanding(view([line()], seenAt('off', now - second)), en, now).wrong;
    expect(asked).toMatchObject({
      status: 'fail',
      seen: 'off',
      news: { at: now - second },
      text: { title: 'Firewall' },
    });
  });

  it('is not whether it passes where only the district knows what it allows', () => {
    const screen = {
      observations: { screenLock: { state: 'enforced', afterSeconds: 3_600, evidence: '' } },
      health: {},
    };
    const seen = { ...screen, at: { screenLock: now - second } } as OwnView['seen'];
    const given = view([line({ check: 'screen-locks', seen: 'after 10 min' })], seen);
    expect(ownStanding(given, en, now).good).toMatchObject([{ check: 'screen-locks', seen: 'after 60 min' }]);
  });

  it.each<[string, Partial<ReportedRecord>, Line, keyof OwnStanding]>([
    [
      'a setting that is in force again',
      { status: 'verified' },
      line({ status: 'fail', seen: 'failed (x)' }),
      'mended',
    ],
    [
      'a setting that just failed',
      { status: 'failed', failure: { code: 'x', message: 'no nft' } },
      line({ seen: 'in force and proved' }),
      'wrong',
    ],
    [
      'a setting as the district says',
      { status: 'verified' },
      line({ seen: 'in force; a change is on its way' }),
      'good',
    ],
  ])('is %s', (_name, reported, judged, place) => {
    const record: ReportedRecord = {
      ...{ kind: 'reported', at: now - second, section: 'firewall', generation: 1, hash: 'a', status: 'verified' },
      evidence: [],
      ...reported,
    };
    const given = view([{ ...judged, check: 'policy-verified:firewall' }], nothing, { sections: [record] });
    expect(placesOf(ownStanding(given, en, now))['policy-verified:firewall']).toBe(place);
  });

  it('is nothing of a section that was removed', () => {
    const record = {
      kind: 'reported',
      at: now,
      section: 'firewall',
      generation: 1,
      status: 'verified',
      evidence: [],
    } as const;
    expect(placesOf(ownStanding(view([], nothing, { sections: [{ ...record, evidence: [] }] }), en, now))).toEqual({});
  });

  it('keeps the name of a check of a newer server', () => {
    expect(ownStanding(view([line({ ...off, check: 'from-the-future' })]), en, now).wrong).toMatchObject([
      { text: { title: 'from-the-future' } },
    ]);
  });
});

it('puts first what is overdue, then what is due next, and last what has no date', () => {
  const failing = (check: string, graceUntil?: number | null) =>
    line({ ...off, check, ...(graceUntil !== undefined && { graceUntil }) });
  const given = view([failing('a', null), failing('b', now + 2 * day), failing('c'), failing('d', now + day)]);
  expect(ownStanding(given, en, now).wrong.map(({ check }) => check)).toEqual(['c', 'd', 'b', 'a']);
});
