import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { Dice } from '../../server/demo/dice.ts';
import { StateKeys } from '../../server/pki/state-signer.ts';
import { repository } from '../fakes/running-server.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const home = mkdtempSync(join(tmpdir(), 'rollcall-killed-'));
afterAll(() => rmSync(home, { recursive: true }));

const rotating = `
  import { StateKeys } from ${JSON.stringify(join(repository, 'server/pki/state-signer.ts'))};
  const keys = await StateKeys.open(${JSON.stringify(home)});
  for (;;) {
    await keys.rotate('d'.repeat(64));
    process.stdout.write('.');
  }
`;

it(`a server killed at any point of a rotation finds the old key or the new one, and its chain whole (ROLLCALL_SEED=${seed})`, async () => {
  const dice = new Dice(seed);
  let version = 1;
  for (let delay = 0; delay < 32; delay += 4) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', rotating], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // At least one rotation is whole in each round, however slow the machine.
    await once(child.stdout, 'data');
    await wait(delay + dice.unit() * 4);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const keys = await StateKeys.open(home);
    expect(keys.version).toBeGreaterThanOrEqual(version);
    expect(keys.statementsAfter(1)).toHaveLength(Math.min(keys.version - 1, 64));
    version = keys.version;
  }
  expect(version).toBeGreaterThan(8);
});
