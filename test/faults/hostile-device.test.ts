import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, type Message, type MessageType, messages } from '../../shared/protocol/messages.ts';
import { goldenFrames } from '../fakes/golden-frames.ts';
import { HostileRun } from '../fakes/hostile-run.ts';

/** Flooding, or what may not be said twice. */
const thrownOut: readonly number[] = [closeCodes.flooding, closeCodes.notAllowed];
const golden = goldenFrames(messages).filter(({ text }) =>
  messages[typeOf(text)].from.some((side) => side === 'agent'),
);
/** Type of message → what was recorded of it. */
const types = [...Map.groupBy(golden, ({ text }) => typeOf(text))].map(
  ([type, frames]) => [type, frames.map(({ text }) => text)] as const,
);

function typeOf(text: string): MessageType {
  return (JSON.parse(text) as Message).type;
}

describe('a device with a valid certificate that means harm', () => {
  let run: HostileRun;

  beforeAll(async () => {
    run = await HostileRun.start();
  });
  afterAll(async () => {
    await run.stop();
  });

  it('invents keys of every kind: it fills nothing, and nobody waits for it for long', async () => {
    const before = run.rowsOfOthers();
    await run.invent(2_500);
    run.expectBounded();
    expect(run.rowsOfOthers()).toEqual(before);
  }, 120_000);

  it('counts its reports under the name of another’s spool: the other’s own count all the same', async () => {
    const { good, hostile } = run;
    const line = await hostile.line();
    const event = { kind: 'event', at: Date.now(), code: 'mine', detail: '' } as const;
    line.send('report', { epoch: good.spool.epoch, sequence: good.spool.next + 5, records: [event] });
    await line.next('ack');
    run.line.send('report', good.report(event));
    await run.line.next('ack');
    expect(
      run
        .rows(good.deviceId)
        .get('event')
        ?.filter((row) => row.includes('"mine"')),
    ).toHaveLength(1);
  });

  it.each(types)('floods with %s: it is thrown out for that, and another device is served', async (type, frames) => {
    const flooder = await run.another(type);
    const line = await flooder.line();
    for (let n = 0; n < 700 && line.socket.readyState === 1; n++) line.sendRaw(frames[n % frames.length] ?? '');
    expect(thrownOut).toContain((await line.ended).code);
    await run.reportOnce();
    await flooder.stop();
  });

  it('leaves pages that show it usable', async () => {
    await run.fatten(10);
    await run.expectPages();
  }, 60_000);
});
