import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../../shared/errors/catalogue.ts';
import { kim, lee, openEscrowDistrict, passphrase } from '../../../fakes/escrow-district.ts';

const next = 'another five words by chance';
let folder: string;
let district: Awaited<ReturnType<typeof openEscrowDistrict>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-escrow-'));
  district = await openEscrowDistrict(join(folder, 'store.db'));
  await district.addStaff('kim', 'lee');
  await district.addDevices('d1');
  await district.recovery.start();
});
afterEach(async () => {
  await district.recovery.stop();
  await district.db.destroy();
  rmSync(folder, { recursive: true });
});

/** The key as two people read it with a passphrase; the code of the error when they cannot. */
async function read(given: string): Promise<string> {
  const [key] = await district.keys('d1');
  const { id } = await district.recovery.ask(key?.id ?? '', 'ticket 1', kim);
  try {
    await district.recovery.decide(id, { outcome: 'approved', passphrase: given }, lee);
    return (await district.recovery.show(id, kim)).key;
  } catch (error) {
    await district.recovery.decide(id, { outcome: 'refused' }, lee);
    return error instanceof CodedError ? error.code : String(error);
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'done',
    (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
  );
}

describe('the escrow key', () => {
  it('is not there until somebody sets it up; then every device is told', async () => {
    expect(await district.escrow.read()).toEqual({ key: null, retired: [], staff: 2 });
    const { escrow, resealed } = await district.escrow.replace({ passphrase }, lee);
    expect(escrow).toMatchObject({ key: { by: 'Lee', retiredAt: null, keys: 0 }, retired: [] });
    expect([resealed, district.changed]).toEqual([0, [{ deviceIds: 'all' }]]);
    expect(district.said).toMatchObject([{ actor: 'staff:Lee', code: 'escrow-key-made' }]);
  });

  it.each([
    ['too short', 'fifteen letters'],
    ['one letter over and over', 'a'.repeat(40)],
    ['four letters over and over', 'abcd'.repeat(10)],
    ['short in what people see', '🙂'.repeat(10)],
  ])('refuses a passphrase that is %s', async (_what, weak) => {
    expect(await codeOf(district.escrow.replace({ passphrase: weak }, lee))).toBe('weak-passphrase');
    expect((await district.escrow.read()).key).toBeNull();
  });

  it('leaves in the database neither passphrase, nor private key, nor any recovery key in clear', async () => {
    await district.escrow.replace({ passphrase }, lee);
    await district.handIn('d1', 'a very recognisable key');
    expect(await read(passphrase)).toBe('a very recognisable key');
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
    for (const text of files)
      for (const secret of [passphrase, 'a very recognisable key']) expect(text).not.toContain(secret);
    expect(files.join()).toContain('argon2id');
  });
});

describe('another escrow key', () => {
  beforeEach(async () => {
    await district.escrow.replace({ passphrase }, lee);
    await district.handIn('d1', 'the key');
    district.said.length = 0;
  });

  it('leaves what was sealed before to the earlier passphrase', async () => {
    const { escrow, resealed } = await district.escrow.replace({ passphrase: next }, lee);
    expect([resealed, escrow.key?.keys, escrow.retired.map(({ keys }) => keys)]).toEqual([0, 0, [1]]);
    expect((await district.keys('d1'))[0]?.currentEscrow).toBe(false);
    expect([await read(next), await read(passphrase)]).toEqual(['wrong-passphrase', 'the key']);
    expect(district.said[0]).toMatchObject({
      code: 'escrow-key-replaced',
      words: expect.stringContaining('still needs the earlier passphrase'),
    });
  });

  it('opens what was sealed before when the earlier passphrase was given too', async () => {
    const { escrow, resealed } = await district.escrow.replace(
      { passphrase: next, earlierPassphrase: passphrase },
      lee,
    );
    expect([resealed, escrow.key?.keys, escrow.retired.map(({ keys }) => keys)]).toEqual([1, 1, [0]]);
    expect([await read(passphrase), await read(next)]).toEqual(['wrong-passphrase', 'the key']);
  });

  it('is not made when the earlier passphrase is wrong, or the same', async () => {
    const before = await district.escrow.read();
    const wrong = { passphrase: next, earlierPassphrase: 'not the earlier one' };
    expect(await codeOf(district.escrow.replace(wrong, lee))).toBe('wrong-passphrase');
    expect(await codeOf(district.escrow.replace({ passphrase, earlierPassphrase: passphrase }, lee))).toBe(
      'weak-passphrase',
    );
    expect(await district.escrow.read()).toEqual(before);
  });

  it('passes over what cannot be opened, and seals the rest again', async () => {
    const escrowKeyId = (await district.stores.recovery.escrowKey())?.id ?? '';
    await district.report('d1', {
      kind: 'recovery-key',
      at: 1,
      volume: 'odd',
      protector: 'p',
      escrowKeyId,
      sealed: 'AAAA',
    });
    const { resealed } = await district.escrow.replace({ passphrase: next, earlierPassphrase: passphrase }, lee);
    expect(resealed).toBe(1);
  });

  it('is what devices seal for from then on; what they still seal for the earlier one is taken', async () => {
    const late = await district.stores.recovery.escrowKey();
    await district.escrow.replace({ passphrase: next }, lee);
    expect((await district.stores.recovery.escrowKey())?.id).not.toBe(late?.id);
    await district.report('d1', {
      kind: 'recovery-key',
      at: 1,
      volume: 'home',
      protector: 'p',
      escrowKeyId: late?.id ?? '',
      sealed: 'AAAA',
    });
    expect((await district.keys('d1')).map(({ volume }) => volume)).toContain('home');
  });

  it('seals many again without keeping everybody else waiting', async () => {
    const { recovery } = district.stores;
    const [held] = await recovery.sealedFor((await recovery.escrowKey())?.id ?? '');
    if (!held) throw new Error('a key was handed in');
    let turns = 0;
    let spinning = true;
    const spin = () => {
      turns += 1;
      if (spinning) setImmediate(spin);
    };
    const replace = recovery.replaceEscrowKey.bind(recovery);
    recovery.sealedFor = async () => {
      setImmediate(spin);
      return Array.from({ length: 300 }, (_, i) => ({ ...held, id: `k${i}` }));
    };
    recovery.replaceEscrowKey = async (...all) => {
      expect(turns).toBeGreaterThan(2);
      return await replace(...all);
    };
    const both = { passphrase: next, earlierPassphrase: passphrase };
    expect((await district.escrow.replace(both, lee)).resealed).toBe(300);
    spinning = false;
  });

  it('made by two people at once is one; the other is told', async () => {
    const both = [
      district.escrow.replace({ passphrase: next }, lee),
      district.escrow.replace({ passphrase: `${next}!` }, kim),
    ];
    expect((await Promise.all(both.map(codeOf))).sort()).toEqual(['changed-meanwhile', 'done']);
  });
});
