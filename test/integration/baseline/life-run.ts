/*
 * Run by life-of-each.test.ts as the only program of a host of its own (own-etc.ts, and a network): each capability that is
 * named is brought into force, changed by hand, found and put right by itself, and taken away. Prints what was seen.
 */
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createCapabilities } from '../../../agent/capabilities/registry.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { NftMonitor } from '../../../agent/platform/table-changes.ts';
import { Repairs } from '../../../agent/reconcile/repairs.ts';
import { SectionLoop } from '../../../agent/reconcile/section-loop.ts';
import { Home } from '../../../agent/store/home.ts';
import { openStore } from '../../../agent/store/open.ts';
import { StoredOriginals } from '../../../agent/store/originals.ts';
import type { CapabilityName } from '../../../shared/profile/registry.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { FakeLog } from '../../fakes/log.ts';
import { until } from '../../fakes/programs.ts';
import { type Life, lives, run } from './lives.ts';

const commands = new SystemCommands();
/** The tools of accounts and packages keep copies and dates of their own. */
const others = /^(group|gshadow|passwd|shadow|subuid|subgid)-|^\.pwd\.lock/;

async function snapshot(): Promise<string> {
  const files = everythingBelow('/etc').filter((line) => !others.test(line));
  const kept = await commands.run('/usr/bin/find', ['/var/lib/rollcall-agent']);
  const tables = await commands.run('/usr/sbin/nft', ['list', 'ruleset']);
  const packages = await commands.run('/usr/bin/dpkg-query', ['-l']);
  return [...files, kept.stdout, tables.stdout, packages.stdout].join('\n');
}

/** No systemd runs here: units are enabled and masked for real, and nothing is started. */
function withoutDaemon(): void {
  renameSync('/usr/bin/systemctl', '/usr/bin/systemctl.real');
  const script = `#!/bin/sh
case "$1" in try-restart|reload-or-restart|reset-failed|daemon-reload) exit 0 ;; esac
for word do shift; [ "$word" = --now ] || set -- "$@" "$word"; done
exec /usr/bin/systemctl.real "$@"
`;
  writeFileSync('/usr/bin/systemctl', script, { mode: 0o755 });
}

async function live(capability: Capability, { desired, prepare, drift }: Life) {
  const store = openStore(new Home(join(folder, `store-${capability.name}`)), systemClock, systemRandom, log);
  const records: ReportRecord[] = [];
  const { reports } = store;
  const emit = reports.emit.bind(reports);
  reports.emit = (record) => {
    records.push(record);
    emit(record);
  };
  const repairs = new Repairs({ ...store, trusted: systemClock, clock: systemClock, log });
  const parts = { capability, reports, repairs, real: (path: string) => path, periodMs: 3_600_000 };
  const loop = new SectionLoop({ ...parts, clock: systemClock, random: systemRandom, log });
  const wrong = async () =>
    (await capability.observe(desired)).evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`);
  const told = () => records.flatMap((record) => (record.kind === 'event' ? [record.detail] : []));
  try {
    await prepare?.();
    const before = await snapshot();
    loop.enforce({ hash: 'a'.repeat(64), generation: 1, desired });
    await loop.idle();
    const applied = { wrong: await wrong(), isChanged: (await snapshot()) !== before };
    await drift();
    const drifted = performance.now();
    await until(`${capability.name} put right`, 20_000, () => told().length > 0);
    const milliseconds = Math.round(performance.now() - drifted);
    await loop.idle();
    // What the agent itself has written is heard too: it must not find work for ever.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await loop.idle();
    const repaired = { wrong: await wrong(), told: told(), milliseconds };
    loop.remove(2);
    await loop.idle();
    const after = await snapshot();
    const status = reports.lastReported(capability.name)?.status;
    return { applied, repaired, removed: { status, differs: differences(before, after) } };
  } finally {
    await loop.stop();
    repairs.stop();
    store.close();
  }
}

function differences(before: string, after: string): string[] {
  const [was, is] = [before.split('\n'), after.split('\n')];
  return [...was.filter((line) => !is.includes(line)), ...is.filter((line) => !was.includes(line))].slice(0, 10);
}

mkdirSync('/run', { recursive: true });
const folder = mkdtempSync('/mnt/rollcall-lives-');
const log = new FakeLog();
writeFileSync('/etc/resolv.conf', 'nameserver 192.0.2.53\n');
await run('/usr/sbin/ip link set lo up');
withoutDaemon();
const host = {
  platform: 'linux' as const,
  commands,
  files: new HostFiles('/', new StoredOriginals(join(folder, 'originals'))),
  tables: new NftMonitor({ follower: commands, clock: systemClock, log }),
};
const capabilities = createCapabilities({
  host,
  dnsAddress: '127.0.0.1',
  dnsPort: 53,
  artifacts: { get: async () => undefined },
  clock: systemClock,
  random: systemRandom,
  log,
});
const seen: Record<string, unknown> = {};
for (const name of process.argv.slice(2) as CapabilityName[]) {
  const capability = capabilities.find((one) => one.name === name);
  const life = lives[name] as Life | undefined;
  if (!capability || !life) throw new Error(`${name} has no life`);
  seen[name] = await live(capability, life).catch((error: Error) => ({ failed: error.message }));
}
seen.faults = log.said.filter(({ level }) => level === 'error');
process.stdout.write(`${JSON.stringify(seen)}\n`);
process.exit(0);
