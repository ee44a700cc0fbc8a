import { expect, test } from 'vitest';
import type { Executors, Outcome } from '../../../../agent/commands/executor.ts';
import type { ActionKind } from '../../../../shared/commands/action.ts';
import { CommandBench } from '../../../fakes/command-bench.ts';

/** Notes what was begun; `hang` never ends, as an act the agent dies in. */
function acts() {
  const begun: string[] = [];
  const hang = Promise.withResolvers<Outcome>();
  const executor = {
    run: ({ command }: { command: { id: string } }) => {
      begun.push(command.id);
      return hang.promise;
    },
  };
  return { begun, end: hang.resolve, executors: { 'check-again': executor, 'renew-network': executor } as Executors };
}

const idOf = ({ text }: { text: string }) => JSON.parse(text).id as string;

test('killed before it is on disk: it comes again and is done once', () => {
  const { begun, executors } = acts();
  using bench = new CommandBench(executors);
  const command = bench.command();
  bench.restart();
  bench.inbox.receive(command);
  expect(begun).toEqual([idOf(command)]);
});

test('killed while it is done: it is not done again, and the server hears that nobody knows', async () => {
  const { begun, executors } = acts();
  using bench = new CommandBench(executors);
  const command = bench.command();
  bench.inbox.receive(command);
  bench.restart();
  await bench.inbox.settled();
  bench.inbox.receive(command);
  expect(begun).toEqual([idOf(command)]);
  expect(bench.results).toMatchObject([{ command: idOf(command), status: 'failed', code: 'interrupted' }]);
});

test('killed after it was done and before the server knows: the answer waits, and a resend says nothing more', async () => {
  const { begun, end, executors } = acts();
  using bench = new CommandBench(executors);
  const command = bench.command();
  bench.inbox.receive(command);
  end({ status: 'done', words: 'Done.' });
  await bench.inbox.settled();
  bench.restart();
  bench.inbox.receive(command);
  await bench.inbox.settled();
  expect(begun).toEqual([idOf(command)]);
  expect(bench.results).toMatchObject([{ command: idOf(command), status: 'done' }]);
});

test('killed after the server knows: it is a replay, refused until nobody could bring it', async () => {
  const { begun, end, executors } = acts();
  using bench = new CommandBench(executors);
  const command = bench.command();
  bench.inbox.receive(command);
  end({ status: 'done', words: 'Done.' });
  await bench.inbox.settled();
  const report = bench.store.spool.nextReport();
  bench.store.spool.acknowledged(report?.epoch ?? '', report?.sequence ?? 0);
  bench.restart();
  bench.inbox.receive(command);
  expect(begun).toEqual([idOf(command)]);
  expect(bench.results).toMatchObject([{ command: idOf(command), status: 'refused', code: 'replayed' }]);
});

test('the list of what was done outlives the expiry by every clock: turning one of them helps nobody', async () => {
  const { begun, end, executors } = acts();
  using bench = new CommandBench(executors);
  const command = bench.command();
  bench.inbox.receive(command);
  end({ status: 'done', words: 'Done.' });
  await bench.inbox.settled();
  bench.serverAhead = 400 * 86_400_000;
  bench.restart();
  bench.serverAhead = 0;
  bench.inbox.receive(command);
  expect(begun).toEqual([idOf(command)]);
});

test('what was refused burns no id: a forgery in the name of a command does not keep it away', async () => {
  const { begun, executors } = acts();
  using bench = new CommandBench(executors);
  const command = bench.command();
  bench.inbox.receive({ ...command, signature: bench.command().signature });
  bench.inbox.receive(command);
  expect(begun).toEqual([idOf(command)]);
  expect(bench.results).toMatchObject([{ status: 'refused', code: 'bad-signature' }]);
});

test('a flood of forgeries is answered a hundred times an hour, not more', () => {
  using bench = new CommandBench({});
  for (let i = 0; i < 150; i += 1) bench.inbox.receive({ ...bench.command(), keyId: 'other' });
  expect(bench.results).toHaveLength(100);
});

const restarts: [kind: ActionKind, resumed: { hasRestarted: boolean }[], bootId: string][] = [
  ['restart-device', [{ hasRestarted: true }], 'boot-2'],
  ['restart-agent', [{ hasRestarted: false }], 'boot-1'],
];

test.each(restarts)(
  '%s goes on where it was, knowing whether the computer was restarted',
  async (kind, expected, bootId) => {
    const resumed: unknown[] = [];
    const executor = {
      run: () => new Promise<Outcome>(() => undefined),
      resume: async ({ hasRestarted }: { hasRestarted: boolean }) => {
        resumed.push({ hasRestarted });
        return { status: 'done', words: 'Restarted.' } as Outcome;
      },
    };
    using bench = new CommandBench({ [kind]: executor });
    const action = kind === 'restart-device' ? { kind, warnMinutes: 5, postpones: 1 } : { kind };
    bench.inbox.receive(bench.command({ action: action as never }));
    bench.restart(bootId);
    await bench.inbox.settled();
    expect(resumed).toEqual(expected);
    expect(bench.results).toMatchObject([{ status: 'done' }]);
  },
);
