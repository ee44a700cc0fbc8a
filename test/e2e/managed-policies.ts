import { access, chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { noChromium } from './chromium.ts';

/** Where Debian's Chromium reads its managed policies; one place for the whole machine, hence the lock. */
const policies = '/etc/chromium/policies';
export const managedFolder = `${policies}/managed`;

/** Why tests that write real policies are skipped here; undefined when they can run. */
export const noManagedPolicies =
  noChromium ?? (process.getuid?.() === 0 ? undefined : `only root may write ${managedFolder}`);

/** Several files of tests wait for one another; a hook that waits needs `hookMs`. */
const patienceMs = 280_000;
export const hookMs = 300_000;

const lock = join(tmpdir(), 'rollcall-managed-policies.lock');
const before = join(lock, 'before');
const complete = join(lock, 'complete');

export interface ManagedPolicies extends AsyncDisposable {
  /** Writes one policy file as an administrator would. */
  write(name: string, content: object): Promise<void>;
  /** Puts everything back as it was and lets the next test in. */
  release(): Promise<void>;
}

/**
 * Waits until no other test uses the machine's policies, keeps what is there, and empties the folder. What a killed
 * test left behind is put right by the next one.
 */
export async function holdManagedPolicies(timeoutMs = patienceMs): Promise<ManagedPolicies> {
  await acquire(Date.now() + timeoutMs);
  if (await exists(policies)) await cp(policies, before, { recursive: true });
  await writeFile(complete, '');
  await rm(policies, { recursive: true, force: true });
  const release = () => restoreAndUnlock(lock);
  return {
    write: async (name, content) => {
      await mkdir(managedFolder, { recursive: true, mode: 0o755 });
      await writeFile(join(managedFolder, name), JSON.stringify(content));
      await chmod(join(managedFolder, name), 0o644);
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

/**
 * For tests that drive Chromium without policies: what another test writes for the whole machine would bind their
 * browser too. There is nothing to hold where nobody may write policies.
 */
export async function holdNoPolicies(): Promise<Pick<ManagedPolicies, 'release'>> {
  return noManagedPolicies ? { release: async () => undefined } : await holdManagedPolicies();
}

async function acquire(deadline: number): Promise<void> {
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isLeftBehind()) await takeOver();
    else if (Date.now() > deadline) throw new Error(`another test holds ${lock} for too long`);
    else await wait(200);
  }
}

/** True when the process that made the lock is gone. */
async function isLeftBehind(): Promise<boolean> {
  const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => '0'));
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Renaming decides which of several waiting tests cleans up. */
async function takeOver(): Promise<void> {
  const mine = `${lock}.${process.pid}`;
  try {
    await rename(lock, mine);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await restoreAndUnlock(mine);
}

async function restoreAndUnlock(folder: string): Promise<void> {
  if (await exists(join(folder, 'complete'))) {
    await rm(policies, { recursive: true, force: true });
    if (await exists(join(folder, 'before'))) await cp(join(folder, 'before'), policies, { recursive: true });
  }
  await rm(folder, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
