import { beforeAll, describe, expect, it } from 'vitest';
import { show } from '../fakes/programs.ts';
import { noBareHost, onOwnHost } from './own-host.ts';

type Times = Record<string, number>;

interface Seen {
  before: { person: { status: string; words: string }; page: string };
  enforced: Times;
  event: string;
  fought: Times;
  tamper: { words: string; finding: string; events: number };
  leftAlone: Times;
  waiting: string;
  audited: Times;
  judged: { state: string; reasons: string[]; left: boolean };
}

const skipped = noBareHost();
/** Promised are 5 s; a loaded machine is given more, so that the test tells of bugs and not of neighbours. */
const bound = 30_000;

describe.skipIf(skipped)(`a firewall switched off by hand ${skipped ? `(skipped: ${skipped})` : ''}`, () => {
  let seen: Seen;

  beforeAll(async () => {
    seen = await onOwnHost<Seen>('drift-run.ts');
    for (const [when, times] of Object.entries({
      'enforced, off': seen.enforced,
      'enforced, off for the third time': seen.fought,
      'enforced, off once more': seen.leftAlone,
      'only looked at, off': seen.audited,
    }))
      for (const [place, ms] of Object.entries(times)) show(`${when} → ${place}: ${ms} ms`);
  }, 240_000);

  function within(times: Times): void {
    for (const [place, ms] of Object.entries(times)) expect(ms, place).toBeLessThan(bound);
  }

  it('is on before, as the person’s page and the device’s own page say', () => {
    expect(seen.before.person).toEqual({ status: 'pass', words: 'Firewall: on' });
    expect(seen.before.page).not.toContain('Switch the firewall on');
  });

  it('is on again under a profile that enforces it, and the event says what it was, what it is, and how fast', () => {
    within(seen.enforced);
    expect(seen.event).toMatch(
      /^firewall: nftables table rollcall-firewall: was no such table, set back to drops what no rule lets in \(\d+\.\d s after the change\)$/,
    );
  });

  it('is a finding the third time, in words on the person’s page, and no third event', () => {
    within(seen.fought);
    expect(seen.tamper).toEqual({
      words: 'Settings left alone: a setting is changed back again and again',
      finding: expect.stringMatching(/^firewall: nftables table rollcall-firewall was changed back 3 times between /),
      events: 2,
    });
  });

  it('is off for minutes then, which both pages and the section say', () => {
    within(seen.leftAlone);
    expect(seen.waiting).toMatch(
      /^nftables table rollcall-firewall: changed back again and again; put right again at /,
    );
  });

  it('is judged with grace under a profile that only looks, in words on both pages, and left alone', () => {
    within(seen.audited);
    expect(seen.judged).toEqual({
      state: 'in-grace',
      reasons: expect.arrayContaining([expect.stringMatching(/^Firewall: off \(in grace/)]),
      left: true,
    });
  });
});
