import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { AgentOptions } from '../../agent/agent-options.ts';
import { unenroll } from '../../agent/cli/unenroll.ts';
import { readConfig } from '../../agent/config.ts';
import { createAgent } from '../../agent/main.ts';
import { Dice } from '../../server/demo/dice.ts';
import { AgentHome } from './agent-home.ts';
import { FakeControlServer } from './control-server.ts';
import { everythingBelow } from './folder.ts';
import { FakeLog } from './log.ts';
import { freePort, show } from './programs.ts';

const browserPolicy = 'etc/chromium/policies/managed/zz-rollcall.json';
const before: Record<string, string> = {
  [browserPolicy]: '{"HomepageLocation":"https://before.example/"}',
  'etc/resolv.conf': 'nameserver 192.0.2.53\n',
  'etc/lightdm/lightdm.conf': '[Seat:*]\nallow-guest=true\n',
  'etc/modprobe.d/zz-rollcall.conf': '# what an administrator wrote\n',
};

const webFilter = (name: string) => ({ settings: { blockedDomains: [name] }, lists: [], contact: '' });
/** From one to the other sections change, go, come and stay. */
const earlier = {
  browser: { blockedUrls: ['earlier.example'] },
  webFilter: webFilter('earlier.example'),
  guestAccount: { mode: 'enforce', disabled: true },
};
const later = {
  browser: { blockedUrls: Array.from({ length: 300 }, (_, index) => `later-${index}.example`) },
  webFilter: webFilter('later.example'),
  usbStorage: { mode: 'enforce', access: 'block' },
};

/** What stood on the host before there was an agent, and what it is like under each state. */
interface Hosts {
  original: string[];
  byGeneration: Record<number, string[]>;
}

/**
 * An agent is given another state, and at every step it takes on the disk an image is kept of what it has done so far: what
 * `kill -9` leaves at that step. On each (or on `most` of them, chosen by the seed) an agent is started and must bring the
 * earlier or the later state wholly into force; and from each, what was there before must come back.
 */
export async function crashAtEachStep(seed: number, most = Number.POSITIVE_INFINITY): Promise<void> {
  const server = new FakeControlServer();
  await server.start();
  const device = new AgentHome();
  try {
    device.enrolAt(server);
    for (const [path, content] of Object.entries(before)) put(join(device.root, path), content);
    const dnsPort = await freePort();
    const hosts: Hosts = { original: everythingBelow(device.root), byGeneration: {} };
    const images = join(device.folder, 'images');
    server.state = server.district.state(1, earlier);
    await run(device, server, dnsPort, 1);
    hosts.byGeneration[1] = everythingBelow(device.root);
    server.state = server.district.state(2, later);
    await run(device, server, dnsPort, 2, images);
    hosts.byGeneration[2] = everythingBelow(device.root);
    await server.stopAgents();
    const steps = readdirSync(images).sort();
    const isThorough = steps.length <= most;
    const generations = new Set<number>();
    for (const step of chosen(steps, most, new Dice(seed)))
      generations.add(await judge({ image: join(images, step), step, isThorough }, device, hosts, dnsPort));
    expect([...generations].sort()).toEqual([1, 2]);
    show(`${Math.min(most, steps.length)} of ${steps.length} steps of an apply crashed at`);
  } finally {
    await device.dispose();
    await server.stop();
  }
}

/** The first and the last, and as many of the others as are asked for. */
function chosen(steps: readonly string[], most: number, dice: Dice): string[] {
  const left = [...steps];
  while (left.length > most) left.splice(1 + Math.floor(dice.unit() * (left.length - 2)), 1);
  return left;
}

/** The agent as a process, until everything of this generation has been reported; with images of what it did meanwhile. */
async function run(device: AgentHome, server: FakeControlServer, dnsPort: number, generation: number, images?: string) {
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const { root } = device;
  const home = device.home.path;
  const recorded = images === undefined ? [] : ['--import', file('crash-recorder.ts')];
  const child = spawn(process.execPath, [...recorded, file('crashing-agent.ts')], {
    env: {
      ROLLCALL_CRASH_AGENT: JSON.stringify({ home, root, dnsPort }),
      ROLLCALL_CRASH: JSON.stringify({ folders: { home, root }, images }),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const wanted = generation === 1 ? earlier : later;
  const isReported = (section: string) => server.reported(section)?.generation === generation;
  const isGone = () => generation === 1 || server.reported('guestAccount')?.hash === undefined;
  const isDone = () => Object.keys(wanted).every(isReported) && isGone();
  await server.until(() => isDone() || child.exitCode !== null, `everything of ${generation} reported`);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}

/** Which generation an agent that starts after this crash enforces. */
async function judge(
  { image, step, isThorough }: { image: string; step: string; isThorough: boolean },
  device: AgentHome,
  hosts: Hosts,
  dnsPort: number,
): Promise<number> {
  const { root, home } = device;
  putBack(image, device);
  const whole = new Set([...hosts.original, ...Object.values(hosts.byGeneration).flat()]);
  expect(
    settled(root).filter((line) => !line.includes('/ ') && !whole.has(line)),
    step,
  ).toEqual([]);
  const log = new FakeLog();
  const agent = await createAgent({ ...options(dnsPort), root, home, log });
  await agent.start();
  const { generation } = agent.status();
  // A start waits for ten seconds at most, which a loaded machine may need.
  await expect.poll(() => settled(root), { message: step }).toEqual(hosts.byGeneration[generation]);
  await agent.stop();
  expect(log.errors, step).toEqual([]);
  await leave(device, step, hosts);
  // And once more by somebody who does not start it again.
  if (isThorough) {
    putBack(image, device);
    await leave(device, step, hosts);
  }
  return generation;
}

/** The disk as it was when the process was killed. */
function putBack(image: string, { home, root }: AgentHome): void {
  for (const [name, folder] of Object.entries({ home: home.path, root })) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(image, name), folder, { recursive: true, verbatimSymlinks: true });
  }
}

/** What is written next is written anew: files of a write that was cut off do not count. */
function settled(root: string): string[] {
  return everythingBelow(root).filter((line) => !/\.rollcall-[0-9a-f]{8} /.test(line));
}

function options(dnsPort: number): Omit<AgentOptions, 'home' | 'root' | 'log'> {
  return {
    ...{ dnsAddress: '127.0.0.1', dnsPort, localSocket: false },
    health: () => ({ start: async () => undefined, stop: async () => undefined }),
    hardware: async () => ({ id: 'f'.repeat(64) }),
  };
}

/** Everything as it was before, and nothing left of the agent. */
async function leave({ home, root }: AgentHome, step: string, { original }: Hosts): Promise<void> {
  const config = readConfig({ home: home.path, root }, {});
  const output = { json: true, line: () => undefined, answer: () => undefined };
  expect(await unenroll({ config, positionals: [], output }), step).toBe(0);
  expect(everythingBelow(root), step).toEqual(original);
  expect(existsSync(home.path), step).toBe(false);
}

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
