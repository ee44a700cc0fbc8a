import { describe, expect, it } from 'vitest';
import { bootTimeReader, parseFinish } from '../../../../agent/health/linux/boot-time.ts';
import { parseWindowsBootTime } from '../../../../agent/health/portable/boot-time.ts';
import { recordedCommands } from './recorded.ts';

const done = (stdout: string, code = 0) => ({ code, stdout, stderr: '' });

describe('how long Linux took to start', () => {
  it.each([
    ['in seconds, to a tenth', 'FinishTimestampMonotonic=23456789\n', 23.5],
    ['unknown while it still starts', 'FinishTimestampMonotonic=0\n', undefined],
    ['unknown when systemd does not say', '\n', undefined],
    ['unknown when it is absurd', 'FinishTimestampMonotonic=999999999999999\n', undefined],
  ])('%s', (_, shown, expected) => {
    expect(parseFinish(shown)).toBe(expected);
  });

  it('is asked until it is known, and then no more', async () => {
    const answers = ['FinishTimestampMonotonic=0', 'FinishTimestampMonotonic=9000000'];
    let asked = 0;
    const read = bootTimeReader({ run: async () => done(answers[asked++] ?? '') });
    expect([await read(), await read(), await read(), asked]).toEqual([undefined, 9, 9, 2]);
  });

  it('is not known without systemd', async () => {
    expect(await bootTimeReader(recordedCommands({}))()).toBeUndefined();
  });
});

describe('how long Windows took to start', () => {
  const booted = Date.UTC(2026, 9, 5, 7);
  const event = (ms: unknown, began: unknown) => done(JSON.stringify({ ms, began }));

  it.each([
    ['of the start it runs since', event(41_234, '2026-10-05T07:00:12.456789100Z'), 41.2],
    ['of an earlier start is not told', event(41_234, '2026-10-04T07:00:12.4567891Z'), undefined],
    ['without a time is not told', event(41_234, null), undefined],
    ['below nothing is not told', event(-1, '2026-10-05T07:00:12Z'), undefined],
    ['that no event tells is not told', done('', 1), undefined],
    ['that is no JSON is not told', done('Get-WinEvent : No events were found'), undefined],
  ])('%s', (_, result, expected) => {
    expect(parseWindowsBootTime(result, booted)).toBe(expected);
  });
});
