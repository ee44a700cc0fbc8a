import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, realpathSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/platform/clock.ts';
import { type Examination, Examination as examinationSchema } from '../../shared/diagnostics/probe.ts';
import { validator } from '../../shared/schema.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { ExaminedLaptop, patientClock } from '../fakes/examined-laptop.ts';
import { freePort } from '../fakes/programs.ts';
import { FakeDot, FakeUpstream, selfSigned } from '../fakes/upstream.ts';

const day = 86_400_000;
const schema = validator(examinationSchema);
const server = new FakeControlServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

/** Both ends of every scenario; what is found fits the contract and took no longer than was promised. */
async function examined(
  prepare: (laptop: ExaminedLaptop) => Promise<void> | void,
  { laptop = new ExaminedLaptop(server), blocked = ['bad.test'] }: { laptop?: ExaminedLaptop; blocked?: string[] } = {},
): Promise<Examination> {
  await laptop.start({ blocked });
  try {
    await prepare(laptop);
    const examination = await laptop.examine();
    expect(schema.problems(examination)).toEqual([]);
    expect(examination.tookMs).toBeLessThanOrEqual(30_000);
    expect(laptop.log.said.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    return examination;
  } finally {
    await laptop.dispose();
  }
}

const order = ({ conclusions }: Examination) => conclusions.map(({ probe }) => probe);
const found = ({ probes }: Examination, name: string) => probes.find(({ probe }) => probe === name);

describe.concurrent('what is wrong with a laptop', () => {
  it('is nothing when nothing is wrong: every probe but those of what it has not is well', async () => {
    const examination = await examined((laptop) => laptop.write('/proc/self/mounts', ''));
    expect(examination.conclusions).toEqual([]);
    const others = examination.probes.filter(({ status }) => status !== 'ok');
    expect(others.map(({ probe, status }) => `${probe} ${status}`)).toEqual([
      'disk-space unknown',
      'disk-health unknown',
      'wifi not-applicable',
    ]);
  });

  it('is the name server when it answers nobody', async () => {
    const examination = await examined((laptop) => {
      laptop.upstream.misbehaviour = 'silent';
      laptop.parts.clock = systemClock;
    });
    expect(order(examination)[0]).toBe('name-lookup');
    expect(examination.conclusions[0]?.words).toMatch(/the name server of this network or this policy does not answer/);
    expect(
      found(examination, 'name-lookup')
        ?.evidence.map(({ item, seen }) => `${item}: ${seen}`)
        .join('\n'),
    ).toMatch(
      /the web filter of this device: (?:gave an error|did not answer)[\s\S]*the servers behind it: did not answer/,
    );
    expect(found(examination, 'web-filter')?.status).toBe('ok');
  });

  it('is the network’s sign-in page when it lets nothing else through', async () => {
    const closed = await freePort();
    const examination = await examined((laptop) => {
      laptop.page = { status: 302, headers: { location: 'http://hotel.example/login?room=12' }, body: '' };
      laptop.parts.identity = () => ({
        agents: [{ host: '127.0.0.1', port: closed }],
        enrolment: [{ host: '127.0.0.1', port: closed }],
        trust: server.district.trust,
        credentials: [server.district.device()],
      });
      laptop.status = { connected: false, whyNotConnected: 'refused' };
    });
    expect(order(examination)).toEqual(['captive-portal', 'server-path']);
    expect(examination.conclusions[0]?.fix).toMatch(/Sign in there/);
    expect(JSON.stringify(examination)).not.toMatch(/hotel|login/);
  });

  it('is the clock when it is years ahead, and what fails for it comes after', async () => {
    const examination = await examined((laptop) => {
      laptop.parts.clock = { ...patientClock, now: () => Date.now() + 900 * day };
      laptop.status = { connected: false, whyNotConnected: 'certificate has expired' };
    });
    expect(order(examination)).toEqual(['clock', 'server-path']);
    expect(examination.conclusions[0]?.words).toMatch(/900 days ahead|899 days ahead/);
    expect(examination.conclusions[1]?.words).toMatch(/follows from: the clock/);
    expect(found(examination, 'certificate')?.status).toBe('ok');
  });

  it('is the certificate of the device when it has expired, and not the server that refuses it', async () => {
    const credential = server.district.device({ from: Date.now() - 400 * day, days: 395 });
    const examination = await examined(
      (laptop) => {
        laptop.status = { connected: false, whyNotConnected: 'the connection was closed' };
      },
      { laptop: new ExaminedLaptop(server, credential) },
    );
    expect(order(examination)).toEqual(['certificate', 'server-path']);
    expect(examination.conclusions[0]?.words).toMatch(/expired on \d{4}-\d{2}-\d{2}/);
    expect(found(examination, 'tls-interception')?.status).toBe('ok');
  });

  it('is the web filter when it has stopped, and not the lookup of names', async () => {
    const examination = await examined((laptop) => laptop.stopResolver());
    expect(order(examination)).toEqual(['web-filter', 'name-lookup']);
    expect(examination.conclusions[0]?.words).toBe('The web filter of this device does not answer.');
  });

  it('is the web filter when it lets through what must be blocked', async () => {
    const examination = await examined(() => undefined, { blocked: [] });
    expect(order(examination)).toEqual(['web-filter']);
    expect(examination.conclusions[0]?.words).toMatch(/lets through what must be blocked: category gambling/);
  });

  it('is somebody who opens encrypted connections when the certificate is not the district’s', async () => {
    const stranger = new FakeControlServer();
    await stranger.start();
    const examination = await examined((laptop) => {
      laptop.parts.identity = () => ({
        agents: [stranger.address],
        enrolment: [stranger.enrolmentAddress],
        trust: server.district.trust,
        credentials: [server.district.device()],
      });
    }).finally(() => stranger.stop());
    expect(order(examination)[0]).toBe('tls-interception');
    expect(examination.conclusions[0]?.words).toMatch(/by “Fake district (issuing|root)”/);
  });

  it('is somebody who opens the way to the resolver the policy names', async () => {
    const own = selfSigned('resolver.test');
    const examinedWith = async (roots: string[]) => {
      const dot = await new FakeDot(new FakeUpstream(), own).start();
      const servers = [`127.0.0.1:${dot.port}`];
      const upstream = { kind: 'dot' as const, servers, serverName: 'resolver.test' };
      return await examined((laptop) => {
        laptop.parts.publicRoots = roots;
        laptop.parts.sections = () => ({ webFilter: { settings: { upstream }, lists: [], contact: '' } });
      }).finally(() => dot.stop());
    };
    const opened = await examinedWith([server.district.root]);
    expect(order(opened)).toEqual(['tls-interception', 'name-lookup']);
    expect(opened.conclusions[0]?.words).toMatch(/at the resolver the policy names is by “resolver\.test”/);
    expect(found(await examinedWith([own.cert]), 'tls-interception')?.status).toBe('ok');
  });

  it('is the way to the server when that takes connections and says nothing', async () => {
    const mute = createServer((socket) => socket.on('error', () => socket.destroy()));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const examination = await examined((laptop) => {
      laptop.parts.clock = systemClock;
      laptop.parts.identity = () => ({
        agents: [{ host: '127.0.0.1', port }],
        enrolment: [server.enrolmentAddress],
        trust: server.district.trust,
        credentials: [server.district.device()],
      });
    }).finally(() => mute.close());
    expect(order(examination)[0]).toBe('server-path');
    expect(found(examination, 'server-path')?.evidence.at(-2)?.seen).toMatch(/showing the certificates: no answer/);
  });
});

describe('what makes a laptop slow', () => {
  it.skipIf(process.platform !== 'linux')('is a program that keeps the processor busy, by its name', async () => {
    const shell = '/bin/sh';
    const program = basename(realpathSync(shell));
    const hog = spawn(shell, ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    const laptop = await new ExaminedLaptop(server).start();
    try {
      laptop.write('/proc/self/mounts', '');
      laptop.real('/proc/stat');
      laptop.parts.clock = systemClock;
      symlinkSync(`/proc/${hog.pid}`, join(laptop.root, `proc/${hog.pid}`));
      // A machine that runs tests may not let it run at once.
      let examination = await laptop.examine();
      for (let tries = 0; tries < 4 && order(examination)[0] !== 'processor'; tries++)
        examination = await laptop.examine();
      expect(order(examination)[0]).toBe('processor');
      expect(examination.conclusions[0]?.words).toMatch(
        new RegExp(`is kept busy by ${program}:|busy with many programs, most with ${program} `),
      );
      expect(JSON.stringify(examination)).not.toContain('while :');
    } finally {
      hog.kill('SIGKILL');
      await laptop.dispose();
    }
  });

  it('is a full disk, with what takes the room and without anybody’s names', async ({ skip }) => {
    const laptop = new ExaminedLaptop(server);
    if (!mountSmall(laptop.root)) {
      rmSync(laptop.root, { recursive: true });
      return skip('Only root may mount a small file system to fill.');
    }
    try {
      await laptop.start();
      const before = await laptop.examine();
      expect([found(before, 'disk-space')?.status, before.conclusions]).toEqual(['ok', []]);

      fillUp(join(laptop.root, 'home/maria/Downloads'), 'my film.mkv');
      laptop.status = {
        sections: [
          {
            ...{ kind: 'reported', at: 0, section: 'browser', generation: 1, hash: 'b'.repeat(64), evidence: [] },
            ...{ status: 'failed', failure: { code: 'not-kept', message: 'ENOSPC: no space left on device' } },
          },
        ],
      };
      const examination = await laptop.examine();
      expect(order(examination)).toEqual(['disk-space', 'policy']);
      expect(examination.conclusions[0]?.words).toMatch(/The disk is full: .* Most is taken by downloads of people/);
      expect(examination.conclusions[1]?.words).toMatch(/follows from: disk space/);
      expect(JSON.stringify(examination)).not.toMatch(/maria|film/);
    } finally {
      execFileSync('umount', ['-l', laptop.root]);
      await laptop.dispose();
    }
  });
});

function mountSmall(folder: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Writes until the kernel says that nothing more fits. */
function fillUp(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, name), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(65_536));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}
