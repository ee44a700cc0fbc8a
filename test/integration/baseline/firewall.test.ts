import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

/** A firewall in a namespace needs root and these programs. */
function whyNot(): string | undefined {
  try {
    for (const program of ['nsenter', 'bash']) execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    execFileSync('unshare', ['-m', '-n', 'nft', 'list', 'ruleset'], { stdio: 'ignore' });
    execFileSync('ip', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `needs root, nft, ip, bash and nsenter: ${(error as Error).message}`;
  }
}

/** The agent would go through a ufw that is installed, whose files are those of this machine. */
const hideUfw = 'mount --make-rprivate /; [ ! -e /usr/sbin/ufw ] || mount --bind /dev/null /usr/sbin/ufw';
const why = whyNot();
const everything = {
  closed: true,
  open: true,
  range: true,
  open6: true,
  trusted: true,
  loopback: true,
  announced: true,
};
const verified = { status: 'verified', changes: 0 };

describe.skipIf(why !== undefined)(`the firewall of a host, for real${why ? ` (skipped: ${why})` : ''}`, () => {
  let seen: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const path = fileURLToPath(new URL('firewall-run.ts', import.meta.url));
    const script = `${hideUfw}; ip link set lo up; exec "$0" "$1"`;
    const { stdout } = await promisify(execFile)('unshare', ['-m', '-n', 'sh', '-c', script, process.execPath, path]);
    seen = JSON.parse(stdout);
  }, 60_000);

  it('drops what nobody asked for, and lets in what it should', () => {
    expect(seen.before).toEqual(everything);
    expect(seen.applied).toEqual({ status: 'verified', changes: 1 });
    expect(seen.again).toEqual(verified);
    expect(seen.during).toEqual({ ...everything, closed: false });
  });

  it('only looks in audit, and takes its table away when a profile turns from enforcing to audit', () => {
    expect(seen.audit).toEqual({ ...verified, untouched: true });
    expect(seen.toAudit).toEqual({ status: 'verified', changes: 1, untouched: true });
  });

  it.each([
    'the ruleset is flushed',
    'the table is deleted',
    'a rule lets everything in',
    'the policy is turned to accept',
  ])('puts right that %s', (what) => {
    const drifted = what !== 'the policy is turned to accept' || expect.any(Boolean);
    expect(seen.undone?.[what]).toEqual({ drifted, status: 'verified', changes: 1, closed: false });
  });

  it('closes what a new revision no longer lets in, and names what it cannot understand', () => {
    expect(seen.tighter).toEqual({ status: 'verified', changes: 1 });
    expect(seen.tighterOpen).toBe(false);
    expect(seen.unclear).toMatchObject({
      status: 'failed',
      failure: { message: expect.stringContaining('6010-6000/tcp') },
    });
  });

  it('is written once more after a start, and then left alone', () => {
    expect(seen.restarted).toEqual([{ status: 'verified', changes: 1 }, verified]);
  });

  it('leaves the tables of others alone, and the ruleset byte for byte as it was', () => {
    expect(seen.othersKept).toBe(true);
    expect(seen.removed).toEqual({ status: 'verified', untouched: true });
    expect(seen.removedTwice).toEqual({ status: 'verified', untouched: true });
    expect(seen.after).toEqual(everything);
  });

  it('says without nft what to install', () => {
    expect(seen.withoutNft).toEqual([
      { code: 'firewall-missing-nft', message: 'nft is not installed. Install the package nftables.' },
      'verified',
    ]);
    expect(seen.faults).toEqual([]);
  });
});
