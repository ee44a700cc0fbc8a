/*
 * Run by resolved.test.ts as root of a booted host: joins a network with a resolver, points this host at the filter for
 * real, lets programs ask, changes the network, takes the filter away, and prints what was seen.
 */
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWebFilter } from '../../agent/capabilities/webFilter/index.ts';
import { systemClock, systemRandom } from '../../agent/platform/clock.ts';
import { HostFiles } from '../../agent/platform/host-files.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import { MemoryOriginals } from '../fakes/originals.ts';
import { commands, joinNetwork, run } from './own-network.ts';

const dropIn = '/etc/systemd/resolved.conf.d/99-rollcall.conf';
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const filter = createWebFilter(
  { platform: 'linux', commands, files: new HostFiles('/', new MemoryOriginals()) },
  {
    dnsPort: 53,
    dnsAddress: '127.0.0.1',
    artifacts: { get: async () => undefined },
    clock: systemClock,
    random: systemRandom,
    log: quiet,
  },
);

/** Addresses that programs get by the C library, and what systemd-resolved itself says. */
async function programsSee(name: string): Promise<{ getent: string; resolvectl: string }> {
  const { stdout } = await commands.run('/usr/bin/getent', ['ahostsv4', name]);
  const query = await commands.run('/usr/bin/resolvectl', ['query', '--legend=no', '-4', name]);
  return { getent: stdout.split(/\s/)[0] ?? '', resolvectl: `${query.stdout}${query.stderr}`.trim() };
}

/** systemd-resolved answers nothing before it has seen that the network is up. */
async function untilResolved(name: string): Promise<void> {
  for (let triesLeft = 50; (await programsSee(name)).getent === ''; triesLeft--) {
    if (triesLeft === 0) throw new Error(`${name} does not resolve`);
    await sleep(200);
  }
}

const network = await joinNetwork();
async function askedOfNetwork(): Promise<string[]> {
  const answer = once(network, 'message');
  network.send('asked');
  const [asked] = (await answer) as [string[]];
  return asked;
}

const section = (blockAnswer: 'address' | 'nxdomain' | 'refused'): WebFilterSection => ({
  settings: { blockedDomains: ['bad.test'], blockAnswer },
  lists: [],
  contact: '',
});
const desired = section('address');

/** Items that are not as this section wants them. */
async function faults(wanted = desired): Promise<string[]> {
  return (await filter.observe(wanted)).evidence.filter(({ ok }) => !ok).map(({ item }) => item);
}

/** The faults something causes, and those that are left when the agent has put it right. */
async function mended(): Promise<{ before: string[]; after: string[] }> {
  const before = await faults();
  await filter.apply(desired);
  return { before, after: await faults() };
}

mkdirSync('/etc/systemd/resolved.conf.d', { recursive: true });
writeFileSync('/etc/systemd/resolved.conf.d/10-district.conf', '[Resolve]\nDNS=192.0.2.54\n');
await run('/usr/bin/systemctl restart systemd-resolved');
await untilResolved('school.test');
const before = { bad: await programsSee('bad.test'), school: await programsSee('school.test') };

await filter.apply(desired);
await askedOfNetwork();
const { evidence } = await filter.observe(desired);
const servers = evidence.find(({ item }) => item === 'resolver behind the filter')?.seen;
const during = { bad: await programsSee('bad.test'), school: await programsSee('school.test') };
const asked = await askedOfNetwork();

const ways: Record<string, string[]> = {};
for (const way of ['nxdomain', 'refused'] as const) {
  await filter.apply(section(way));
  ways[way] = await faults(section(way));
}
await filter.apply(desired);

await run('/usr/bin/resolvectl dns net0 192.0.2.99');
const otherNetwork = await mended();

await run(`/usr/bin/rm ${dropIn}`);
await run('/usr/bin/systemctl restart systemd-resolved');
await untilResolved('school.test');
const undone = await mended();

await run('/usr/bin/resolvectl dns net0 192.0.2.53');
await filter.remove();
await untilResolved('school.test');
const after = {
  dropIn: existsSync(dropIn),
  bad: await programsSee('bad.test'),
  school: await programsSee('school.test'),
};
network.disconnect();
const version = await run('/usr/bin/systemctl --version');
process.stdout.write(
  JSON.stringify({ version, before, evidence, servers, during, asked, ways, otherNetwork, undone, after }),
);
