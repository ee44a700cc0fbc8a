import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

/** A disk of its own, which goes with the process. */
const mounts = `mount --make-rprivate / && mount -t tmpfs -o size=48m none "$TMPDIR" && exec "$0" "$@"`;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-disk-full-'));
afterAll(() => rmSync(folder, { recursive: true }));

function whyNot(): string {
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', mounts, 'true'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return ` (skipped: needs root and tmpfs: ${String(error).slice(0, 200)})`;
  }
}

const why = whyNot();
const run = async (half: 'server' | 'agent') => {
  const path = fileURLToPath(new URL('disk-full-run.ts', import.meta.url));
  const env = { ...process.env, TMPDIR: folder };
  const args = ['-m', 'sh', '-c', mounts, process.execPath, path, half];
  const { stdout } = await promisify(execFile)('unshare', args, { env });
  return JSON.parse(stdout);
};
const words = 'The disk of the server is full: nothing can be saved. Free some space; the server goes on by itself.';

describe.skipIf(why !== '')(`a full disk${why}`, () => {
  it('of the server: nothing is acknowledged, it says so, agents stay, and all is there once when there is room', async () => {
    const seen = await run('server');
    expect(seen.whileFull).toEqual({
      isSessionOpen: true,
      ready: [503, words],
      wrote: [503, words],
      reads: 0,
      metrics: ['rollcall_store_trouble{kind="full"} 1'],
    });
    expect(seen).toMatchObject({ first: 1, isLastAcknowledged: true, welcomed: true, ready: 200, told: true });
    expect(seen.metrics).toEqual([]);
    expect(seen.events).toEqual(Array.from({ length: seen.expected }, (_, index) => index + 1));
  }, 120_000);

  it('of a device: what was in force stays so, names are filtered, and the newer state comes when there is room', async () => {
    expect(await run('agent')).toEqual({
      whileFull: { blocked: true, generation: 1, connected: true, policyIsWhole: 1 },
      later: { applied: true, policy: true },
      findings: [],
    });
  }, 120_000);
});
