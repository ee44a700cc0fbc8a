import type { Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { done, type Executor, failed, unsupported } from '../executor.ts';
import type { ActParts } from '../parts.ts';
import type { LostMode } from '../told.ts';

/** While it is there, nobody but root can sign in, and its text is shown. pam_nologin(8), nologin(5) */
const nologin = '/etc/nologin';
const owner = 'lostMode';
const loginctl = '/usr/bin/loginctl';
const timeoutMs = 10_000;

const onlyLinux = unsupported(
  'Only on Linux the agent can keep people out; elsewhere it takes the system’s own device management.',
);

/** Nobody signs in until it is over, whatever the computer is restarted; what it says is on the screen and the own page. */
export function lostModeAct(parts: ActParts): Executor<'lost-mode'> {
  const run: Executor<'lost-mode'>['run'] = async ({ action: { words, contact } }) => {
    if (parts.platform !== 'linux') return onlyLinux;
    const lost = { words, contact, since: parts.clock.now() };
    parts.told.setLost(lost);
    await keepOut(parts.files, lost);
    const left = await signOutAll(parts.commands);
    if (left.length > 0)
      return failed(
        'still-signed-in',
        `Nobody can sign in any more, but ${left.length} people could not be signed out.`,
      );
    return done('Everybody is signed out, and nobody can sign in.');
  };
  return { run, resume: run };
}

export function endLostModeAct(parts: ActParts): Executor<'end-lost-mode'> {
  const run = async () => {
    if (parts.platform !== 'linux') return onlyLinux;
    if (!parts.told.lost && !parts.files.holds(owner)) return done('The device was not in lost mode.');
    await endLostMode(parts.files);
    parts.told.setLost(undefined);
    return done('People can sign in again.');
  };
  return { run, resume: run };
}

/** Lets people in again; the files that were put back. */
export async function endLostMode(files: HostFiles): Promise<string[]> {
  return await files.restore(owner);
}

/** After a start: somebody may have taken away what keeps people out. */
export async function assertLostMode({ told, files, commands, platform, isHost }: ActParts): Promise<void> {
  const { lost } = told;
  if (!lost || platform !== 'linux' || !isHost) return;
  await keepOut(files, lost);
  await signOutAll(commands);
}

async function keepOut(files: HostFiles, { words, contact }: LostMode): Promise<void> {
  await files.write(owner, nologin, `${words}\n${contact}\n`);
}

/** Those who are still there. loginctl(1) */
async function signOutAll(commands: Commands): Promise<string[]> {
  for (const user of await people(commands)) await commands.run(loginctl, ['terminate-user', user], { timeoutMs });
  return await people(commands);
}

async function people(commands: Commands): Promise<string[]> {
  const { stdout } = await commands.run(loginctl, ['list-users', '--no-legend'], { timeoutMs });
  return stdout.split('\n').flatMap((line) => {
    const [uid = '', name = ''] = line.trim().split(/\s+/);
    return /^\d+$/.test(uid) && Number(uid) >= 1000 && Number(uid) < 65_534 && !name.startsWith('-') ? [uid] : [];
  });
}
