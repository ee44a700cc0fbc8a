import { describe, expect, it } from 'vitest';
import { plainRecord } from '../../../../server/gateway/plain-record.ts';

describe('what a device answers to a command', () => {
  const answer = { kind: 'command-result', at: 1, command: 'c', status: 'done' } as const;

  it('keeps the lines of what a script wrote, and nothing that steers', () => {
    const output = 'one\n\u001b[2Jtwo\r\u202ethree\u0000\n';
    expect(plainRecord({ ...answer, words: 'a\nb\u001b[1m', output })).toEqual({
      ...answer,
      words: 'a b[1m',
      output: 'one\n[2Jtwothree\n',
    });
  });

  it('without output is plain like any other record', () => {
    expect(plainRecord({ ...answer, words: 'a\u202e' })).toEqual({ ...answer, words: 'a' });
  });
});
