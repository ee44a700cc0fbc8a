import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../../agent/commands/executor.ts';
import { createExecutors } from '../../../../agent/commands/executors.ts';
import type { ActParts } from '../../../../agent/commands/parts.ts';
import { Told } from '../../../../agent/commands/told.ts';
import { type CommandResult, SystemCommands } from '../../../../agent/platform/commands.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { StoredOriginals } from '../../../../agent/store/originals.ts';
import type { Action, ActionKind } from '../../../../shared/commands/action.ts';
import type { Publication } from '../../../../shared/commands/script.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { until } from '../../../fakes/programs.ts';

let folder: string;
let clock: FakeClock;
let ran: string[];
let answers: Record<string, Partial<CommandResult>>;
let ending: AbortController;
let parts: ActParts;
let source: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-acts-'));
  clock = new FakeClock();
  ran = [];
  answers = {};
  ending = new AbortController();
  const files = new HostFiles(join(folder, 'root'), new StoredOriginals(join(folder, 'originals')));
  parts = {
    ...{ platform: 'linux', files, isHost: true, clock, trusted: clock, log: new FakeLog(), ending: ending.signal },
    commands: {
      run: async (path, args) => {
        const line = [path, ...args].join(' ');
        ran.push(line);
        const answer = Object.entries(answers).find(([begin]) => line.startsWith(begin))?.[1];
        return { code: 0, stdout: '', stderr: '', ...answer };
      },
    },
    scripts: new SystemCommands(),
    told: new Told(join(folder, 'told.json'), clock, new FakeLog()),
    fresh: { ask: () => 'begun', through: async () => undefined },
    renew: async () => undefined,
    restartAgent: () => void ran.push('restart'),
    flushed: async () => void ran.push('flushed'),
    artifacts: { get: async () => Buffer.from(source) },
  };
});

afterEach(() => rmSync(folder, { recursive: true }));

const said: unknown[] = [];
function call<K extends ActionKind>(action: Extract<Action, { kind: K }>, publication?: Publication): Call<K> {
  said.length = 0;
  return {
    ...{ action, publication, keep: () => undefined, say: (outcome) => void said.push(outcome) },
    command: { id: 'c-1' } as Call<K>['command'],
  };
}

async function act(action: Action, publication?: Publication) {
  const executor = createExecutors(parts)[action.kind];
  if (!executor) throw new Error(`${action.kind} is not for this device`);
  return await (executor.run as (call: unknown) => Promise<unknown>)(call(action as never, publication));
}

const scriptOf = (text: string, change: Partial<Publication> = {}): Publication => {
  source = text;
  return {
    ...{ format: 1, kind: 'script', audience: '', scriptId: 's', revision: 1, name: 'S', description: '' },
    ...{ hash: createHash('sha256').update(text).digest('hex'), platform: 'linux', interpreter: 'sh', parameters: [] },
    ...{ timeoutSeconds: 10, outputBytes: 200, roster: 1, issuedAt: 0, expiresAt: 1 },
    ...change,
  };
};
const runScript = (publication: Publication, parameters: Record<string, string> = {}) =>
  act({ kind: 'run-script', scriptId: 's', revision: 1, hash: publication.hash, parameters }, publication);

/** A process that nobody has collected yet runs no more. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

describe('a reviewed script', () => {
  test('gets its parameters as variables: what looks like a program in them is text', async () => {
    const outcome = await runScript(scriptOf('printf %s "$NAME"'), { NAME: '$(id); `id`' });
    expect(outcome).toMatchObject({ status: 'done', output: '$(id); `id`' });
  });

  test('gets nothing of the agent’s own environment, and no variable that means something to the system', async () => {
    const outcome = (await runScript(scriptOf('env'), { LD_PRELOAD: '/tmp/x.so', GIVEN: '1' })) as { output: string };
    const names = outcome.output.split('\n').map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual(expect.arrayContaining(['GIVEN', 'LANG', 'LC_ALL', 'PATH']));
    expect(names).not.toContain('LD_PRELOAD');
    expect(names).not.toContain('HOME');
  });

  test.each([
    ['is ended with all it started when its time is over', 'wait', { timeoutSeconds: 1 }, { code: 'timed-out' }],
    ['leaves nothing running when it ends before what it started', 'echo ok', {}, { status: 'done', output: 'ok\n' }],
  ])('%s', async (_name, then, change, expected) => {
    const pid = join(folder, 'pid');
    expect(await runScript(scriptOf(`sleep 60 & echo $! > ${pid}; ${then}`, change))).toMatchObject(expected);
    await until('what it started is gone', 5_000, () => !isRunning(Number(readFileSync(pid, 'utf8'))));
  });

  test('is ended with what left its group, and what holds its output open does not hold up the next', async () => {
    const pid = join(folder, 'pid');
    const text = `setsid sh -c 'echo $$ > ${pid}; exec sleep 60' & while [ ! -s ${pid} ]; do sleep 0.05; done; echo ok`;
    expect(await runScript(scriptOf(text))).toMatchObject({ status: 'done', output: 'ok\n' });
    await until('what left is gone', 5_000, () => !isRunning(Number(readFileSync(pid, 'utf8'))));
    expect(await runScript(scriptOf('echo next'))).toMatchObject({ status: 'done' });
  });

  test('is not begun when the agent stops already', async () => {
    ending.abort();
    expect(await runScript(scriptOf('echo ran'))).not.toHaveProperty('output');
  });

  test('has its output cut where the reviewers said', async () => {
    const outcome = (await runScript(scriptOf('seq 1 1000'))) as { output: string; words: string };
    expect(outcome.output.length).toBeLessThanOrEqual(200);
    expect(outcome.words).toContain('cut');
  });

  test('says nothing private: secrets and addresses are taken out before anything leaves', async () => {
    const outcome = (await runScript(scriptOf('echo password=hunter2hunter2; echo mia@example.org'))) as {
      output: string;
    };
    expect(outcome.output).not.toContain('hunter2');
    expect(outcome.output).not.toContain('mia@');
  });

  test('tells of its exit code', async () => {
    expect(await runScript(scriptOf('exit 3'))).toMatchObject({
      code: 'script-failed',
      words: expect.stringContaining('3'),
    });
  });

  test('does not run when what was fetched is another', async () => {
    const publication = scriptOf('echo good');
    source = 'echo evil';
    expect(await runScript(publication)).toMatchObject({ code: 'script-changed' });
  });

  test('ends when the agent stops', async () => {
    const outcome = runScript(scriptOf('sleep 60'));
    await new Promise((resolve) => setImmediate(resolve));
    ending.abort();
    expect(await outcome).toMatchObject({ status: 'failed' });
  });
});

describe('a restart of the device', () => {
  const restart = { kind: 'restart-device', warnMinutes: 10, postpones: 1 } as const;

  test('is done after the warning', async () => {
    const outcome = act(restart);
    expect(parts.told.restart).toMatchObject({ postpones: 1 });
    clock.advance(10 * 60_000);
    await outcomeOfRestart(outcome);
    expect(ran).toContain('/usr/bin/systemctl reboot');
  });

  test('is put off once, as often as was said and no more', async () => {
    const outcome = act(restart);
    parts.told.restart?.postpone();
    await settle();
    expect(said).toMatchObject([{ status: 'postponed' }]);
    expect(parts.told.restart?.postpones).toBe(0);
    clock.advance(9 * 60_000);
    parts.told.restart?.postpone();
    await settle();
    expect(ran).not.toContain('/usr/bin/systemctl reboot');
    clock.advance(60_000);
    await outcomeOfRestart(outcome);
    expect(ran).toContain('/usr/bin/systemctl reboot');
  });

  test('is announced one at a time: a second cannot take the place of the one the person put off', async () => {
    void act(restart);
    parts.told.restart?.postpone();
    await settle();
    expect(await act({ ...restart, warnMinutes: 1, postpones: 0 })).toMatchObject({ code: 'restart-comes' });
    expect(parts.told.restart?.at).toBe(clock.now() + 10 * 60_000);
  });

  async function settle() {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  async function outcomeOfRestart(outcome: Promise<unknown>) {
    await settle();
    clock.advance(5 * 60_000);
    expect(await outcome).toMatchObject({ status: 'failed', code: 'not-restarted' });
  }
});

describe('lost mode', () => {
  const lost = { kind: 'lost-mode', words: 'Lost. Please call.', contact: '555 0100' } as const;

  test('keeps people out and shows its words, until it ends; then all is as it was', async () => {
    await parts.files.write('somebody', '/etc/nologin', 'maintenance');
    expect(await act(lost)).toMatchObject({ status: 'done' });
    expect(await parts.files.read('/etc/nologin')).toBe('Lost. Please call.\n555 0100\n');
    expect(parts.told.lost).toMatchObject({ contact: '555 0100' });
    expect(await act({ kind: 'end-lost-mode' })).toMatchObject({ status: 'done' });
    expect(await parts.files.read('/etc/nologin')).toBe('maintenance');
    expect(parts.told.lost).toBeUndefined();
  });

  test('signs out people, not the system, and says when somebody stayed', async () => {
    answers['/usr/bin/loginctl list-users'] = {
      stdout: ' 1000 mia no active\n    0 root no active\n  42 gdm no active\n',
    };
    expect(await act(lost)).toMatchObject({ code: 'still-signed-in' });
    expect(ran.filter((line) => line.includes('terminate-user'))).toEqual(['/usr/bin/loginctl terminate-user 1000']);
  });
});

test('a wipe tells the server before it begins, and stops at the first step that fails', async () => {
  answers['/usr/bin/lsblk'] = {
    stdout: JSON.stringify({ blockdevices: [{ path: '/dev/sda2', fstype: 'crypto_LUKS', rm: false, children: [{}] }] }),
  };
  answers['/usr/sbin/cryptsetup'] = { code: 1, stderr: 'busy' };
  expect(await act({ kind: 'wipe' })).toMatchObject({ status: 'failed', code: 'wipe-failed' });
  expect(said).toMatchObject([{ status: 'done', code: 'wipe-begins' }]);
  expect(ran.slice(1)).toEqual(['flushed', '/usr/sbin/cryptsetup --batch-mode erase /dev/sda2']);
});

test('the cache of a browser is cleared as its person, and nothing but the cache', async () => {
  await parts.files.write('x', '/home/mia/.cache/chromium/Default/Cache/a', '');
  await parts.files.write('x', '/home/mia/.config/chromium/Default/History', '');
  await parts.files.write('x', '/home/-rf/.cache/chromium/Default/Cache/a', '');
  expect(await act({ kind: 'clear-browser-cache', browser: 'all' })).toMatchObject({ status: 'done' });
  expect(ran).toEqual([
    '/usr/sbin/runuser -u mia -- /bin/rm -rf -- /home/mia/.cache/chromium/Default/Cache /home/mia/.cache/chromium/Default/Code Cache',
  ]);
});

test.each([
  ['NetworkManager', { '/usr/bin/nmcli -t': { stdout: 'wlan0:wifi:connected\nlo:loopback:connected\n' } }, 'wlan0'],
  ['networkd', { '/usr/bin/networkctl list': { stdout: '  2 enp1s0 ether routable configured\n' } }, 'enp1s0'],
] as [string, Record<string, Partial<CommandResult>>, string][])(
  'the network is renewed by %s',
  async (_name, given, link) => {
    answers = given;
    expect(await act({ kind: 'renew-network' })).toMatchObject({ words: `The network was renewed: ${link}.` });
  },
);

test('a message is on the own page for a day, also where no desktop took it', async () => {
  await act({ kind: 'message', title: 'Hello', words: 'Come by.' });
  expect(parts.told.messages).toMatchObject([{ title: 'Hello' }]);
  clock.advance(86_400_000);
  expect(parts.told.messages).toEqual([]);
});

test('words of a message are words: no option of osascript, no markup of a desktop, nothing that steers', async () => {
  parts.platform = 'darwin';
  answers['/usr/bin/stat'] = { stdout: '501\n' };
  await act({ kind: 'message', title: '-e', words: 'do shell script "id"' });
  expect(ran.at(-1)).toMatch(/-e end run show -e do shell script "id"$/);
  parts.platform = 'linux';
  answers['/usr/bin/loginctl list-sessions'] = { stdout: '2 1000 mia seat0\n' };
  const session = 'Name=mia\nUser=1000\nType=wayland\nState=active\nRemote=no\nClass=user\n';
  answers['/usr/bin/loginctl show-session'] = { stdout: session };
  await act({ kind: 'message', title: 'a\u0000\u202eb', words: '<a href="http://evil.example">Sign in</a>' });
  expect(ran.at(-1)).toMatch(/ -- ab ‹a href="http:\/\/evil.example"›Sign in‹\/a›$/);
});

test('on a trial root nothing is done to the computer of whoever tries it', () => {
  parts.isHost = false;
  expect(Object.keys(createExecutors(parts)).sort()).toEqual([
    'check-again',
    'message',
    'restart-agent',
    'rotate-certificate',
  ]);
});
