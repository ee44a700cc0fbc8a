import { describe, expect, it } from 'vitest';
import { type CommandResult, SystemCommands } from '../../../../agent/platform/commands.ts';

const shell = '/bin/sh';

/** What a program said until it ended. */
function followed(path: string, ...args: string[]): Promise<{ lines: string[]; result: CommandResult }> {
  const lines: string[] = [];
  return new Promise((resolve) => {
    new SystemCommands().follow(path, args, {
      line: (text) => lines.push(text),
      ended: (result) => resolve({ lines, result }),
    });
  });
}

describe.skipIf(process.platform === 'win32')('a program that is followed', () => {
  it('is heard line by line, with why it ended', async () => {
    const { lines, result } = await followed(
      shell,
      '-c',
      'echo one; printf two; printf "half\\nleft"; echo why >&2; exit 3',
    );
    expect(lines).toEqual(['one', 'twohalf']);
    expect(result).toEqual({ code: 3, stdout: '', stderr: 'why\n' });
  });

  it('cannot fill the memory with a line, nor with complaints', async () => {
    const { lines, result } = await followed(
      shell,
      '-c',
      'head -c 300000 /dev/zero | tr "\\0" x; echo; head -c 300000 /dev/zero >&2',
    );
    expect(lines.map(({ length }) => length)).toEqual([4_096]);
    expect(result.stderr.length).toBeLessThanOrEqual(4_096);
  });

  it('says when it is missing', async () => {
    expect((await followed('/nowhere/nft')).result).toMatchObject({ code: -1, failure: 'missing' });
  });

  it('ends when it is stopped, and is not heard any more', async () => {
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    const following = new SystemCommands().follow(shell, ['-c', 'echo $$; exec sleep 600'], {
      line: (text) => {
        heard.push(text);
        first.resolve();
      },
      ended: () => heard.push('ended'),
    });
    await first.promise;
    following.stop();
    await expect.poll(() => isAlive(Number(heard[0]))).toBe(false);
    expect(heard).toHaveLength(1);
  });
});

describe.skipIf(process.platform === 'win32')('a program that is run', () => {
  it('is ended when it is no longer wanted, and that is told from a time-out', async () => {
    const cancel = new AbortController();
    const running = new SystemCommands().run(shell, ['-c', 'exec sleep 600'], { signal: cancel.signal });
    cancel.abort();
    expect(await running).toMatchObject({ code: -1, failure: 'cancelled' });
  });

  it('does not run on when it was never wanted', async () => {
    const result = await new SystemCommands().run(shell, ['-c', 'exec sleep 600'], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ code: -1, failure: 'cancelled' });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
