import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wipePlan } from '../../agent/commands/wipe-plan.ts';
import { SystemCommands } from '../../agent/platform/commands.ts';

const [cryptsetup, losetup] = ['/usr/sbin/cryptsetup', '/usr/sbin/losetup'];
const can = process.getuid?.() === 0 && existsSync(cryptsetup) && existsSync(losetup);
const commands = new SystemCommands();
const passphrase = 'correct horse battery staple';

describe.skipIf(!can)('a wipe of a disk that is really encrypted (takes root, cryptsetup and losetup)', () => {
  let folder: string;
  let device: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-wipe-'));
    const image = join(folder, 'disk');
    writeFileSync(image, '');
    truncateSync(image, 32 * 1024 * 1024);
    const attached = await commands.run(losetup, ['--find', '--show', image]);
    device = attached.stdout.trim();
    expect(device).toMatch(/^\/dev\/loop\d+$/);
    const quick = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'];
    const made = await commands.run(cryptsetup, ['--batch-mode', 'luksFormat', ...quick, device], {
      input: passphrase,
      timeoutMs: 60_000,
    });
    expect(made).toMatchObject({ code: 0 });
  });

  afterEach(async () => {
    await commands.run(losetup, ['--detach', device]);
    rmSync(folder, { recursive: true });
  });

  const opens = async () =>
    (await commands.run(cryptsetup, ['open', '--test-passphrase', device], { input: passphrase, timeoutMs: 60_000 }))
      .code;

  test('leaves no key that opens it', async () => {
    expect(await opens()).toBe(0);
    const plan = wipePlan({ platform: 'linux', luks: [device], homes: [] });
    const [erase] = plan.kind === 'plan' ? plan.steps : [];
    if (!erase) throw new Error('there is no plan');
    expect(await commands.run(erase.path, erase.args, { timeoutMs: 60_000 })).toMatchObject({ code: 0 });
    expect(await opens()).not.toBe(0);
  });
});
