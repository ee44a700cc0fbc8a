import { describe, expect, it } from 'vitest';
import type { CommandResult, Listener } from '../../../../agent/platform/commands.ts';
import { NftMonitor } from '../../../../agent/platform/table-changes.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

const ended = (failure?: CommandResult['failure'], stderr = ''): CommandResult => ({
  code: failure ? -1 : 1,
  stdout: '',
  stderr,
  ...(failure ? { failure } : {}),
});

/** `nft monitor`, as the test wants it. */
class Programs {
  readonly started: { path: string; listener: Listener; isStopped: boolean }[] = [];

  follow(path: string, _args: readonly string[], listener: Listener) {
    const program = { path, listener, isStopped: false };
    this.started.push(program);
    return {
      stop: () => {
        program.isStopped = true;
      },
    };
  }

  get last(): Listener | undefined {
    return this.started.at(-1)?.listener;
  }
}

function listening() {
  const [clock, log, programs] = [new FakeClock(), new FakeLog(), new Programs()];
  const monitor = new NftMonitor({ follower: programs, clock, log });
  return { clock, log, programs, monitor };
}

describe('changes of the kernel’s tables', () => {
  it('are heard by all from one program, each what concerns it, until the last has gone', () => {
    const { programs, monitor } = listening();
    const heard: string[] = [];
    const first = monitor.subscribe(
      (line) => line.includes('rollcall'),
      () => heard.push('first'),
    );
    const second = monitor.subscribe(
      () => true,
      () => heard.push('second'),
    );
    expect(programs.started.map(({ path }) => path)).toEqual(['/usr/sbin/nft']);
    programs.last?.line('add table inet docker');
    programs.last?.line('delete table inet rollcall');
    expect(heard).toEqual(['second', 'first', 'second']);
    first();
    expect(programs.started[0]?.isStopped).toBe(false);
    second();
    expect(programs.started[0]?.isStopped).toBe(true);
  });

  it('are listened to again when the program ends, and looked at for what was missed', () => {
    const { clock, programs, monitor } = listening();
    let looks = 0;
    monitor.subscribe(
      () => true,
      () => (looks += 1),
    );
    programs.last?.ended(ended('signal'));
    clock.advance(1_000);
    expect(programs.started).toHaveLength(2);
    expect(looks).toBe(0);
    clock.advance(1_000);
    expect(looks).toBe(1);
  });

  it('are left to the periodic pass where nft may not listen, which is said once and tried ever more rarely', () => {
    const { clock, log, programs, monitor } = listening();
    let looks = 0;
    monitor.subscribe(
      () => true,
      () => (looks += 1),
    );
    for (let hour = 0; hour < 3_600_000; hour += 500) {
      const running = programs.started.at(-1);
      if (running && !running.isStopped) {
        running.isStopped = true;
        running.listener.ended(ended(undefined, 'Operation not permitted (you must be root)\nmore'));
      }
      clock.advance(500);
    }
    expect(log.said).toEqual([
      {
        level: 'info',
        fields: { why: 'Operation not permitted (you must be root)' },
        words: 'Changes of the firewall are found by the periodic pass only: nft monitor does not run.',
      },
    ]);
    expect(programs.started.length).toBeLessThan(18);
    expect(looks).toBe(0);
  });

  it('are asked of nft in the older place where it is not in the first, and nothing runs on when nobody listens', () => {
    const { clock, programs, monitor } = listening();
    const stop = monitor.subscribe(
      () => true,
      () => undefined,
    );
    programs.last?.ended(ended('missing'));
    expect(programs.started.map(({ path }) => path)).toEqual(['/usr/sbin/nft', '/sbin/nft']);
    programs.last?.ended(ended('missing'));
    stop();
    clock.advance(3_600_000);
    expect(programs.started).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});
