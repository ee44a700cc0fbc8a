import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endLostMode } from '../commands/acts/lost-mode.ts';
import type { AgentConfig } from '../config.ts';
import { ArtifactCache } from '../connection/artifact-cache.ts';
import { deleteIdentity } from '../identity/identity-files.ts';
import { askAgent, socketPath } from '../local/socket.ts';
import { createCapabilitiesOf } from '../parts.ts';
import { systemClock, systemRandom } from '../platform/clock.ts';
import { HostFiles } from '../platform/host-files.ts';
import { removeOnce } from '../reconcile/enforce.ts';
import { HomeBusy } from '../store/database.ts';
import { openStore, type Store } from '../store/open.ts';
import { StoredOriginals } from '../store/originals.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandFailed } from './failure.ts';
import { quietLog } from './quiet-log.ts';

const stopWithinMs = 20_000;
/** What the agent makes in its home; anything else there is not ours to delete. */
export const ours =
  /^(agent\.(db|sock)|desired\.json|requests\.json|help\.json|verdict\.json|record-reads\.json|looks\.json|notices\.json|approvers\.json|told\.json|clock\.json|config\.json|identity\.json|key-[0-9a-f]{16}\.pem|originals|artifacts)(-wal|-shm|-journal)?(\.new)?(\.damaged-\d+)?$/;

/** `unenroll`: puts back what was there before the agent, then deletes the identity. Needs no network; repeatable. */
export const unenroll: Command = async ({ config, output }) => {
  const store = await takeOver(config);
  let restored: string[];
  try {
    restored = await removeAll(config);
  } finally {
    store.close();
  }
  clear(config);
  output.line(`Unenrolled. Put back: ${restored.join(', ') || 'nothing had been changed'}.`);
  output.line('The server still lists this device until IT removes it there.');
  output.answer({ unenrolled: true, removed: restored });
  return exitCodes.ok;
};

/** Stops a running agent and takes its home over. */
async function takeOver({ home }: AgentConfig): Promise<Store> {
  if (!isOurs(home.path))
    throw new CommandFailed('not-enrolled', `There is no agent in ${home.path}.`, exitCodes.notEnrolled);
  const deadline = systemClock.monotonic() + stopWithinMs;
  for (;;) {
    await askAgent(socketPath(home.path), 'stop');
    try {
      return openStore(home, systemClock, systemRandom, quietLog);
    } catch (error) {
      if (!(error instanceof HomeBusy) || systemClock.monotonic() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Every capability, also those that were never used: removing is idempotent. Stops at nothing, then says what failed. */
async function removeAll(config: AgentConfig): Promise<string[]> {
  const offline = new ArtifactCache(
    config.home.artifacts,
    async () => {
      throw new Error('not fetched while unenrolling');
    },
    quietLog,
  );
  const removed: string[] = [];
  const problems: string[] = [];
  for (const capability of await createCapabilitiesOf({ ...config, log: quietLog }, offline)) {
    const { failure } = await removeOnce(capability, quietLog);
    await capability.stop();
    if (failure) problems.push(`${capability.name}: ${failure.message}`);
    else removed.push(capability.name);
  }
  const originals = new StoredOriginals(config.home.originals);
  if ((await endLostMode(new HostFiles(config.root, originals))).length > 0) removed.push('lost mode');
  problems.push(...originals.damaged().map((file) => `${file} is damaged`));
  if (problems.length === 0) return removed;
  const words = `Not everything could be put back (${problems.join('; ')}). The enrolment is kept; correct it and run unenroll again.`;
  throw new CommandFailed('not-restored', words);
}

function clear({ home }: AgentConfig): void {
  deleteIdentity(home);
  for (const name of readdirSync(home.path))
    if (ours.test(name)) rmSync(join(home.path, name), { recursive: true, force: true });
  rmSync(socketPath(home.path), { force: true });
  if (readdirSync(home.path).length === 0) rmdirSync(home.path);
}

function isOurs(path: string): boolean {
  try {
    return readdirSync(path).some((name) => ours.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
