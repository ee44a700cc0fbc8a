/*
 * Run by disk-full.test.ts in mounts of its own, where TMPDIR is a small disk: fills it under a server and under an agent,
 * makes room again, and prints what was seen.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createAgent } from '../../agent/main.ts';
import { systemClock } from '../../agent/platform/clock.ts';

import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { AgentHome } from '../fakes/agent-home.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { FakeDevice } from '../fakes/device.ts';
import { askDns } from '../fakes/dns-question.ts';
import { freePort, until } from '../fakes/programs.ts';
import { type Answer, TestServer } from '../fakes/running-server.ts';

const filler = join(tmpdir(), 'filler');
const patience = 40_000;

/** Until not one byte more fits. */
function fill(): void {
  const file = openSync(filler, 'w');
  for (let bytes = 1_048_576; bytes >= 1; bytes = bytes === 1 ? 0 : bytes >> 1) while (takes(file, bytes));
  closeSync(file);
}

function takes(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

const events = (from: number, count: number): ReportRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ kind: 'event', at: Date.now(), code: 'numbered' },
    detail: `event ${from + index} ${'·'.repeat(400)}`,
  }));

async function server() {
  const running = await TestServer.start();
  const body = { maxUses: 1, expiresInSeconds: 3600 };
  const { token } = await running.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
  const { ports } = running.server;
  const device = await FakeDevice.make('laptop');
  await device.enroll(ports.enrolment, token);
  const line = await device.join(ports.agents);
  const acknowledged = async (on: typeof line, withinMs?: number) => (await on.next('ack', withinMs)).body.sequence;
  line.send('report', device.report(...events(1, 3)));
  const first = await acknowledged(line);
  fill();
  // What SQLite has room for in its log already it may still take.
  let sent = 0;
  const unacknowledged = await until('a report that is not acknowledged', patience, async () => {
    const report = device.report(...events(4 + sent * 100, 100));
    sent += 1;
    line.send('report', report);
    const isTaken = await acknowledged(line, 2_000).then(
      () => true,
      () => false,
    );
    return isTaken ? undefined : report;
  });
  const [readyWhileFull, wroteWhileFull] = [await running.call('/readyz'), await write(running)];
  const whileFull = {
    isSessionOpen: line.socket.readyState === line.socket.OPEN,
    ready: said(readyWhileFull),
    wrote: said(wroteWhileFull),
    reads: (await running.operate<{ items: unknown[] }>('/api/profiles')).items.length,
    metrics: await trouble(running),
  };
  rmSync(filler);
  const spread = (await line.next('restarting', patience)).body.spreadSeconds;
  await line.ended;
  const again = await device.join(ports.agents);
  again.send('report', unacknowledged);
  const last = await acknowledged(again);
  await again.cut();
  const read = await readEvents(running, device.deviceId);
  const seen = {
    ...{ first, whileFull, spread },
    isLastAcknowledged: last === unacknowledged.sequence,
    welcomed: again.welcome.acknowledged === unacknowledged.sequence - 1,
    events: read.numbers,
    expected: 3 + sent * 100,
    metrics: await trouble(running),
    ready: (await running.call('/readyz')).status,
    told: read.codes.includes('store-recovered'),
  };
  await running.stop();
  return seen;
}

const said = ({ status, body }: Answer) => [status, (body as { error: { message: string } }).error.message];

async function write(running: TestServer) {
  const headers = { authorization: `Bearer ${running.operatorKey}` };
  const body = { maxUses: 1, expiresInSeconds: 3600, label: 'x'.repeat(60) };
  return await until('a refusal', patience, async () => {
    const answer = await running.call('/api/tokens', { method: 'POST', body, headers });
    return answer.status === 200 ? undefined : answer;
  });
}

async function trouble(running: TestServer): Promise<string[]> {
  const headers = { authorization: `Bearer ${running.operatorKey}` };
  const { body } = await running.call('/metrics', { headers });
  return String(body)
    .split('\n')
    .filter((words) => words.startsWith('rollcall_store_trouble'));
}

interface EventPage {
  items: { words: string }[];
  nextCursor: string | null;
}

async function readEvents(running: TestServer, deviceId: string) {
  const numbers: number[] = [];
  let cursor: string | null = null;
  do {
    const page: EventPage = await running.operate(
      `/api/devices/${deviceId}/events?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    for (const { words } of page.items) numbers.push(Number(/^event (\d+) /.exec(words)?.[1] ?? 0));
    cursor = page.nextCursor;
  } while (cursor !== null);
  const { items } = await running.operate<{ items: { code: string }[] }>('/api/events?limit=200');
  return { numbers: numbers.filter((number) => number > 0).reverse(), codes: items.map(({ code }) => code) };
}

async function agent() {
  const control = new FakeControlServer();
  await control.start();
  const device = new AgentHome();
  device.enrolAt(control);
  const policy = join(device.root, 'etc/chromium/policies/managed/zz-rollcall.json');
  mkdirSync(dirname(policy), { recursive: true });
  mkdirSync(join(device.root, 'etc'), { recursive: true });
  writeFileSync(join(device.root, 'etc/resolv.conf'), 'nameserver 127.0.0.1\n');
  const [dnsPort, log] = [await freePort(), device.log];
  const state = (generation: number, name: string) =>
    control.district.state(generation, {
      browser: { blockedUrls: [name] },
      webFilter: { settings: { blockedDomains: [name] }, lists: [], contact: '' },
    });
  const running = await createAgent({
    ...{ home: device.home, root: device.root, dnsAddress: '127.0.0.1', dnsPort, log, periodMs: 500 },
    clock: { ...systemClock, after: (ms, work) => systemClock.after(ms / 10, work) },
    health: () => ({ start: async () => undefined, stop: async () => undefined }),
    hardware: async () => ({ id: 'f'.repeat(64) }),
  });
  control.state = state(1, 'first.example');
  await running.start();
  const isVerified = (generation: number) =>
    ['browser', 'webFilter'].every((section) => {
      const said = control.reported(section);
      return said?.status === 'verified' && said.generation === generation;
    });
  await control.until(() => isVerified(1), 'the first state verified');
  const isBlocked = async (name: string) => (await askDns(dnsPort, name)).values[0] === '0.0.0.0';
  fill();
  const content = readFileSync(policy, 'utf8');
  // In place, so that no room is needed, nor made.
  writeFileSync(policy, content.replace('first.example', 'drift.example'), { flag: 'r+' });
  control.state = state(2, 'other.example');
  control.send('desired', control.state.signed);
  const isSaid = (pattern: RegExp) => log.said.some(({ words }) => pattern.test(words));
  await until('a word about the state', patience, () => isSaid(/could not be written to disk/));
  await until('a word about the spool', patience, () => isSaid(/could not be kept/));
  const whileFull = {
    blocked: await isBlocked('first.example'),
    generation: running.status().generation,
    connected: running.status().connected,
    policyIsWhole: JSON.parse(readFileSync(policy, 'utf8')).URLBlocklist.length,
  };
  rmSync(filler);
  const later = {
    applied: await until('the second state in force', patience, () => isBlocked('other.example')),
    policy: await until('the second policy', patience, () => readFileSync(policy, 'utf8').includes('other.example')),
  };
  await control.until(() => isVerified(2), 'the second state verified', patience);
  await until('an empty spool', patience, () => running.status().spooled === 0);
  const open = new Map(
    control.records.flatMap((record) => (record.kind === 'finding' ? [[record.code, record.open] as const] : [])),
  );
  await running.stop();
  await control.stop();
  await device.dispose();
  return { whileFull, later, findings: [...open].filter(([, isOpen]) => isOpen).map(([code]) => code) };
}

const half = process.argv[2];
const seen = half === 'server' ? await server() : await agent();
process.stdout.write(JSON.stringify(seen));
