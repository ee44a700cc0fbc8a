import Type from 'typebox';
import type { Platform } from '../../../shared/profile/keywords.ts';
import { EpochMs, strictObject, validator } from '../../../shared/schema.ts';
import { type Call, done, type Executor, failed, type Interrupted, type Outcome } from '../executor.ts';
import type { ActParts } from '../parts.ts';
import { showOnDesktop } from './message.ts';

const Kept = strictObject({ at: EpochMs, postpones: Type.Integer({ minimum: 0 }) });
const keptSchema = validator(Kept);
type Kept = Type.Static<typeof Kept>;

/** What restarts the computer. shutdown(8); shutdown, Microsoft Learn, Windows commands */
export const restartCommand: Record<Platform, readonly [path: string, ...args: string[]]> = {
  linux: ['/usr/bin/systemctl', 'reboot'],
  darwin: ['/sbin/shutdown', '-r', 'now'],
  win32: ['C:\\Windows\\System32\\shutdown.exe', '/r', '/t', '0'],
};

const minuteMs = 60_000;
/** What the system takes to end its programs, this one among them. */
const goingDownMs = 5 * 60_000;

/** Warns the person, waits as long as they may put it off, and restarts; whether it did is seen after the restart. */
export function restartDeviceAct(parts: ActParts): Executor<'restart-device'> {
  return {
    run: (call) => {
      const { warnMinutes, postpones } = call.action;
      return waitAndRestart(parts, call, { at: parts.clock.now() + warnMinutes * minuteMs, postpones });
    },
    resume: async (call: Interrupted<'restart-device'>) => {
      if (call.hasRestarted) return done('The device was restarted.');
      const kept = keptSchema.check(call.kept) ? call.kept : { at: parts.clock.now() + minuteMs, postpones: 0 };
      return await waitAndRestart(parts, call, kept);
    },
  };
}

async function waitAndRestart(parts: ActParts, call: Call<'restart-device'>, first: Kept): Promise<Outcome> {
  const { told, clock } = parts;
  // Of two, the person would see and put off but one.
  if (told.restart) return failed('restart-comes', 'A restart of this device is announced already.');
  const warnMs = call.action.warnMinutes * minuteMs;
  let next: Kept | undefined = first;
  while (next) {
    const kept: Kept = next;
    call.keep(kept);
    void warn(parts, kept);
    next = await new Promise<Kept | undefined>((resolve) => {
      const cancel = clock.after(Math.max(0, kept.at - clock.now()), () => resolve(undefined));
      const postpone = () => {
        if (kept.postpones === 0 || told.restart?.at !== kept.at) return;
        cancel();
        resolve({ at: clock.now() + warnMs, postpones: kept.postpones - 1 });
      };
      told.restart = { at: kept.at, postpones: kept.postpones, postpone };
    });
    told.restart = undefined;
    if (next) call.say(postponed(next, call.action.warnMinutes));
  }
  return await restart(parts);
}

/** Whether or not a desktop takes it, the own page says it too. Never rejects. */
async function warn(parts: ActParts, { at, postpones }: Kept): Promise<void> {
  const minutes = Math.max(1, Math.round((at - parts.clock.now()) / minuteMs));
  const way = postpones > 0 ? ' You can put it off on the page of this device.' : '';
  try {
    await showOnDesktop(parts, `This device restarts in ${minutes} min`, `Save your work now.${way}`);
  } catch (error) {
    parts.log.warn({ err: error }, 'The person could not be warned on the desktop.');
  }
}

function postponed({ postpones }: Kept, minutes: number): Outcome {
  const left = postpones === 0 ? 'not again' : `${postpones} more times`;
  return { status: 'postponed', words: `The person asked for ${minutes} more minutes; they may ask ${left}.` };
}

async function restart({ platform, commands, clock }: ActParts): Promise<Outcome> {
  const [path, ...args] = restartCommand[platform];
  const { code, stderr, failure } = await commands.run(path, args, { timeoutMs: minuteMs });
  if (code !== 0)
    return failed('not-restarted', `The device did not restart: ${failure ?? stderr.trim().slice(0, 300)}.`);
  await new Promise<void>((resolve) => void clock.after(goingDownMs, resolve));
  return failed('not-restarted', 'The system took the order to restart, and did not.');
}
