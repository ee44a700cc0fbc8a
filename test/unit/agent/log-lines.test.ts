import { describe, expect, it } from 'vitest';
import { logLines } from '../../../agent/log-lines.ts';

function logging(least: 'debug' | 'info' | 'warn' | 'error') {
  const written: string[] = [];
  const log = logLines(
    least,
    () => 1_760_000_000_000,
    (line) => written.push(line),
  );
  return { log, written };
}

describe('the log of an agent', () => {
  it('is one JSON object a line: level, time, fields, words', () => {
    const { log, written } = logging('info');
    log.info({ section: 'webFilter' }, 'A name\nand another.');
    expect(written).toEqual([
      '{"level":30,"time":1760000000000,"section":"webFilter","msg":"A name\\nand another."}\n',
    ]);
  });

  it.each([
    ['debug', [20, 30, 40, 50]],
    ['info', [30, 40, 50]],
    ['warn', [40, 50]],
    ['error', [50]],
  ] as const)('at level %s writes that and what is graver', (least, numbers) => {
    const { log, written } = logging(least);
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
    expect(written.map((line) => JSON.parse(line).level)).toEqual(numbers);
  });

  it('says of an error, in whatever field, what it is, where it was thrown, its code and its cause', () => {
    const { log, written } = logging('error');
    const cause = new RangeError('The inner one.');
    const error = Object.assign(new Error('The outer one.', { cause }), { code: 'ENOSPC' });
    log.error({ error }, 'It failed.');
    const said = JSON.parse(String(written[0])).error;
    expect(said).toMatchObject({ type: 'Error', message: 'The outer one.', code: 'ENOSPC' });
    expect(said.stack).toContain('log-lines.test.ts');
    expect(said.cause).toMatchObject({ type: 'RangeError', message: 'The inner one.' });
  });

  it('says what several errors were that are thrown as one, as for each address of a server', () => {
    const { log, written } = logging('error');
    log.error({ error: new AggregateError([new Error('No route to 10.0.0.1.')]) }, 'It failed.');
    expect(JSON.parse(String(written[0])).error.errors).toMatchObject([{ message: 'No route to 10.0.0.1.' }]);
  });

  const ownCause = new Error('It caused itself.');
  ownCause.cause = ownCause;
  const ring: { self?: object } = {};
  ring.self = ring;
  it.each<[string, object]>([
    ['an error that is its own cause', { error: ownCause }],
    ['an object that holds itself', { ring }],
    ['a number beyond JSON', { size: 1n }],
  ])('throws at nobody for %s, and says the words', (_, fields) => {
    const { log, written } = logging('warn');
    log.warn(fields, 'It goes on.');
    expect(written.map((line) => JSON.parse(line))).toEqual([
      { level: 40, time: 1_760_000_000_000, msg: 'It goes on.', unwritten: expect.stringMatching(/Error/) },
    ]);
  });

  it('says what it can of an error that holds itself', () => {
    const { log, written } = logging('error');
    const error = new Error('The certificate is of another name.');
    log.error({ error: Object.assign(error, { cert: { issuer: error } }) }, 'It failed.');
    expect(JSON.parse(String(written[0])).error.message).toBe(error.message);
  });
});
