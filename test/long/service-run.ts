/*
 * Run by resolved.test.ts as root of a booted host: the agent itself as the service this repository ships, with a state on
 * its disk that holds DNS and no server to reach. It is killed, undone and unenrolled; prints what was seen.
 */
import { createSocket } from 'node:dgram';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import packet from 'dns-packet';
import { writeIdentity } from '../../agent/identity/identity-files.ts';
import { Home } from '../../agent/store/home.ts';
import { sha256, VerifiedState } from '../../agent/store/verified-state.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import { FakeDistrict } from '../fakes/district.ts';
import { FakeLog } from '../fakes/log.ts';
import { commands, joinNetwork, run } from './own-network.ts';

const unit = 'rollcall-agent.service';
const section: WebFilterSection = {
  settings: { blockedDomains: ['bad.test'], holdDns: true },
  lists: [],
  contact: '',
};

/** As an enrolment and a first session would leave it. */
function enrol(): void {
  const district = new FakeDistrict();
  const home = new Home('/var/lib/rollcall-agent');
  const nowhere = { host: '127.0.0.1', port: 9 };
  home.prepare();
  writeIdentity(home, {
    deviceId: 'device-1',
    trust: district.trust,
    agents: [nowhere],
    enrolment: [nowhere],
    credentials: [district.device()],
  });
  const { signed, contents } = district.state(1, { webFilter: section });
  const [content = ''] = contents.values();
  const state = { signed, sections: { webFilter: { hash: sha256(content), content } } };
  new VerifiedState(home.desired, new FakeLog()).save(state);
}

async function resolves(name: string): Promise<string> {
  return (await commands.run('/usr/bin/getent', ['ahostsv4', name])).stdout.split(/\s/)[0] ?? '';
}

/** Asks a resolver itself, as root, which is not the agent's service: `answered`, an error of the socket, or `silent`. */
async function ask(address: string, name: string, patienceMs: number): Promise<string> {
  const socket = createSocket('udp4');
  const questions = [{ name, type: 'A' as const }];
  const query = packet.encode({ type: 'query', id: 1, flags: packet.RECURSION_DESIRED, questions });
  const heard = Promise.withResolvers<string>();
  socket.on('message', (answer) => heard.resolve(((answer[3] ?? 0) & 15) === 0 ? 'answered' : 'failed'));
  socket.on('error', (error: NodeJS.ErrnoException) => heard.resolve(error.code ?? 'error'));
  socket.connect(53, address, () => socket.send(query));
  const seen = await Promise.race([heard.promise, sleep(patienceMs, 'silent')]);
  socket.close();
  return seen;
}

const pastTheFilter = () => ask('192.0.2.53', 'school.test', 2000);

/**
 * Milliseconds until the filter answers what it decides and what it forwards, and programs get both. Programs are asked last:
 * a lookup that began while nobody answered waits for systemd-resolved's own retries.
 */
async function untilFiltered(): Promise<number> {
  const started = performance.now();
  const steps = [
    async () => (await ask('127.0.0.1', 'bad.test', 200)) === 'answered',
    async () => (await ask('127.0.0.1', 'school.test', 200)) === 'answered',
    async () => (await resolves('bad.test')) === '0.0.0.0',
    async () => (await resolves('school.test')) === '192.0.2.1',
  ];
  for (const isDone of steps) {
    while (!(await isDone())) {
      if (performance.now() - started > 30_000)
        throw new Error(await run(`/usr/bin/journalctl -n 30 --no-pager -u ${unit}`));
      await sleep(20);
    }
  }
  return performance.now() - started;
}

const mainPid = async () => Number(await run(`/usr/bin/systemctl show -P MainPID ${unit}`));

// The test before this one gave the host a resolver that answers from another address, which costs a time-out.
rmSync('/etc/systemd/resolved.conf.d/10-district.conf', { force: true });
await run('/usr/bin/systemctl restart systemd-resolved');
const network = await joinNetwork();
while ((await resolves('school.test')) === '') await sleep(100);
enrol();
const before = {
  past: await pastTheFilter(),
  ruleset: await run('/usr/sbin/nft list ruleset'),
  resolv: readFileSync('/etc/resolv.conf', 'utf8'),
};
copyFileSync('/opt/rollcall/installers/linux/rollcall-agent.service', `/etc/systemd/system/${unit}`);
await run('/usr/bin/systemctl daemon-reload');
await run(`/usr/bin/systemctl start ${unit}`);
const firstMs = await untilFiltered();
// Names work as soon as the host is pointed at the filter; others are kept out right after.
while ((await pastTheFilter()) === 'answered') await sleep(20);
const during = { past: await pastTheFilter(), ruleset: await run('/usr/sbin/nft list table inet rollcall') };

const readStatus = async () => JSON.parse(await run('/usr/local/bin/node /opt/rollcall/agent/cli.ts status --json'));

// Killed as a student who found a way would do it, several times in a row.
const backMs: number[] = [];
/** What it costs this machine right before or after to start the same program. */
const floorMs: number[] = [];
const measureStart = async () => {
  const startedAt = performance.now();
  await readStatus();
  return performance.now() - startedAt;
};
for (let time = 0; time < 3; time++) {
  const beforeMs = await measureStart();
  process.kill(await mainPid(), 'SIGKILL');
  backMs.push(await untilFiltered());
  floorMs.push(Math.max(beforeMs, await measureStart()));
}
const killed = {
  ...{ backMs, floorMs },
  past: await pastTheFilter(),
  restarts: (await run(`/usr/bin/systemctl show -P NRestarts ${unit}`)).trim(),
};
const status = await readStatus();

await run('/usr/bin/systemctl stop rollcall-agent');
const stopped = { past: await pastTheFilter(), name: await resolves('school.test') };
await run('/usr/local/bin/node /opt/rollcall/agent/cli.ts unenroll');
while ((await resolves('school.test')) === '') await sleep(100);
const after = {
  past: await pastTheFilter(),
  ruleset: (await run('/usr/sbin/nft list ruleset')) === before.ruleset,
  resolv: readFileSync('/etc/resolv.conf', 'utf8') === before.resolv,
  dropIn: existsSync('/etc/systemd/resolved.conf.d/99-rollcall.conf'),
  bad: await resolves('bad.test'),
};
network.disconnect();
process.stdout.write(JSON.stringify({ before: before.past, firstMs, during, killed, status, stopped, after }));
