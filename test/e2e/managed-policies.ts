import { randomUUID } from 'node:crypto';
import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
/** A file for each test that drives Chromium without policies; its name begins with the process. */
const visitors = join(tmpdir(), 'rollcall-managed-policies.visitors');

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
  const deadline = Date.now() + timeoutMs;
  await acquire(deadline);
  await untilNobodyVisits(deadline);
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
 * browser too. They do not wait for each other. There is nothing to hold where nobody may write policies.
 */
export async function holdNoPolicies(): Promise<Pick<ManagedPolicies, 'release'>> {
  if (noManagedPolicies) return { release: async () => undefined };
  const visitor = join(visitors, `${process.pid}-${randomUUID()}`);
  await acquire(Date.now() + patienceMs);
  await mkdir(visitors, { recursive: true });
  await writeFile(visitor, '');
  await rm(lock, { recursive: true });
  return { release: () => rm(visitor, { force: true }) };
}

/** Whoever comes later waits at the lock, which is held. */
async function untilNobodyVisits(deadline: number): Promise<void> {
  for (;;) {
    const names = await readdir(visitors).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const gone = names.filter((name) => !isRunning(Number.parseInt(name, 10)));
    for (const name of gone) await rm(join(visitors, name), { force: true });
    if (gone.length === names.length) return;
    if (Date.now() > deadline) {
      await restoreAndUnlock(lock);
      throw new Error(`other tests drive Chromium for too long: ${names.join(', ')}`);
    }
    await wait(200);
  }
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
  return pid !== 0 && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
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
