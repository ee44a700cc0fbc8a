import { done, type Executor, failed } from '../executor.ts';
import type { ActParts } from '../parts.ts';

const timeoutMs = 15_000;

/** Locks the screens: whoever sits there needs their password to go on. */
export function lockAct({ commands, platform }: Pick<ActParts, 'commands' | 'platform'>): Executor<'lock'> {
  const run = async () => {
    const problem = await lock[platform](commands);
    return problem === undefined ? done('The screens are locked.') : failed('not-locked', problem);
  };
  return { run, resume: run };
}

type Commands = ActParts['commands'];

const lock = {
  /** loginctl(1): asks each session's desktop, which may be one that has no lock. */
  async linux(commands: Commands): Promise<string | undefined> {
    const { code, stderr, failure } = await commands.run('/usr/bin/loginctl', ['lock-sessions'], { timeoutMs });
    return code === 0 ? undefined : `The system did not lock the screens: ${failure ?? stderr.trim().slice(0, 300)}.`;
  },
  /** A session that is disconnected shows the sign-in screen. tsdiscon, Microsoft Learn, Windows commands */
  async win32(commands: Commands): Promise<string | undefined> {
    const system = 'C:\\Windows\\System32';
    const { stdout } = await commands.run(`${system}\\qwinsta.exe`, [], { timeoutMs });
    const active = [...stdout.matchAll(/^[ >](?:console|rdp-\S*)\s+\S+\s+(\d+)\s+\S+/gm)].map(([, id = '']) => id);
    const results = await Promise.all(active.map((id) => commands.run(`${system}\\tsdiscon.exe`, [id], { timeoutMs })));
    return results.every(({ code }) => code === 0) ? undefined : 'Windows did not lock every session.';
  },
  /** The screens go dark, and lock where the Mac asks for the password after that. pmset(1) */
  async darwin(commands: Commands): Promise<string | undefined> {
    const { code } = await commands.run('/usr/bin/pmset', ['displaysleepnow'], { timeoutMs });
    return code === 0 ? undefined : 'macOS did not put the screens to sleep.';
  },
};
