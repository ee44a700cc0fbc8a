/*
 * Run by namespace.test.ts inside a mount and network namespace of its own, where /etc/resolv.conf is a real one: a bind
 * mount, as in containers, or a plain file. Points this "host" at the filter for real and prints what was seen.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createWebFilter } from '../../../agent/capabilities/webFilter/index.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';

const resolvConf = '/etc/resolv.conf';
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const upstream = await new FakeUpstream({
  'school.test A': [{ type: 'A', name: 'school.test', ttl: 60, data: '192.0.2.1' }],
}).start('127.0.0.2', 53);
const filter = createWebFilter(
  { platform: 'linux', commands: new SystemCommands(), files: new HostFiles('/', new MemoryOriginals()) },
  {
    dnsPort: 53,
    dnsAddress: '127.0.0.1',
    artifacts: { get: async () => undefined },
    clock: systemClock,
    random: systemRandom,
    log: quiet,
  },
);
const desired = { settings: { blockedDomains: ['bad.test'] }, lists: [], contact: 'it@school.test' };
const before = readFileSync(resolvConf, 'utf8');

/** Another program of this host, which knows nothing of the filter; the fake upstream must go on answering meanwhile. */
async function asProgram(name: string): Promise<string> {
  const { stdout } = await new SystemCommands().run('/usr/bin/getent', ['hosts', name]);
  return stdout.split(/\s/)[0] ?? '';
}

await filter.apply(desired);
const { evidence } = await filter.observe(desired);
const during = { blocked: await asProgram('bad.test'), passed: await asProgram('school.test') };
const pointed = readFileSync(resolvConf, 'utf8');
await filter.remove();
const after = { content: readFileSync(resolvConf, 'utf8') === before, passed: await asProgram('school.test') };
await upstream.stop();
const mounts = execFileSync('/usr/bin/findmnt', ['-n', '-o', 'TARGET', resolvConf], { encoding: 'utf8' }).trim();
process.stdout.write(JSON.stringify({ evidence, during, pointed, after, mounts }));
