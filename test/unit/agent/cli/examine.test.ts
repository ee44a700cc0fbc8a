import { describe, expect, it } from 'vitest';
import { describe as described } from '../../../../agent/cli/examine.ts';
import { conclude } from '../../../../shared/diagnostics/judge/conclude.ts';
import { bad, ok, unknown } from '../../../../shared/diagnostics/judge/result.ts';

describe('rollcall-agent examine', () => {
  it('says what is wrong first, with the remedy, then everything that was looked at', () => {
    const probes = [
      ok('power', 'Plugged in.', { charge: '80 %' }),
      bad('clock', 'The clock is wrong.', { server: '2026' }, 'Set it.'),
      unknown('wifi', 'The system does not tell.'),
    ];
    expect(described({ at: 0, tookMs: 4_321, probes, conclusions: conclude(probes) })).toEqual([
      'What is most likely wrong:',
      ' 1. The clock is wrong.',
      '    Set it.',
      '',
      'ok   power: Plugged in.',
      'BAD  clock: The clock is wrong.',
      '       server: 2026',
      '?    wifi: The system does not tell.',
      '',
      'Looked at 3 things in 4.3 s.',
    ]);
  });

  it('says so when nothing is wrong', () => {
    expect(described({ at: 0, tookMs: 0, probes: [], conclusions: [] })[0]).toBe('Nothing was found to be wrong.');
  });
});
