import type { Clock, Random } from '../../shared/clock.ts';
import { parseRange } from '../../shared/filter/range.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { Sections } from '../../shared/profile/registry.ts';
import { pointingOf } from '../capabilities/webFilter/pointing-of.ts';
import type { WifiFacts } from '../context/network/reader.ts';
import { homes } from '../findings/homes.ts';
import type { Identity } from '../identity/identity-files.ts';
import type { AgentStatus } from '../local/status.ts';
import type { Log } from '../log.ts';
import type { Commands } from '../platform/commands.ts';
import { HostFiles } from '../platform/host-files.ts';
import { isKnownSection, readSection } from '../reconcile/section-content.ts';
import type { Home } from '../store/home.ts';
import { StoredOriginals } from '../store/originals.ts';
import { VerifiedState } from '../store/verified-state.ts';
import type { ExaminerParts } from './look.ts';
import type { RedactionContext } from './redact.ts';

export interface ExaminedAgent {
  home: Home;
  /** Put before the files the agent sets; what the kernel tells is always this machine’s. */
  root: string;
  platform: Platform;
  commands: Commands;
  clock: Clock;
  random: Random;
  log: Log;
  identity: () => Identity;
  status: () => AgentStatus | Promise<AgentStatus>;
  /** Which Wi-Fi the device is on. */
  wifi: () => Promise<WifiFacts>;
  /** The time that may be believed; absent where no agent runs. */
  now?: () => number;
  crashedAt?: () => number | undefined;
}

/** What an examination of this device looks with, in a running agent or beside one. */
export function examinerParts({ root, ...agent }: ExaminedAgent): ExaminerParts {
  const { home, platform, commands, clock, log, status } = agent;
  const files = new HostFiles(root, new StoredOriginals(home.originals));
  const host = { platform, commands, files };
  const sections = () => heldSections(new VerifiedState(home.desired, log), clock.now());
  return {
    ...agent,
    sections,
    isHost: files.isHost,
    systemServers: async () => {
      const [, address, port] = /^(.+):(\d{1,5})$/.exec((await status()).resolver) ?? [];
      const self = address === undefined ? undefined : { address, port: Number(port) };
      return await pointingOf(host).systemServers(self);
    },
    redaction: () => readRedaction(agent, host, sections()),
  };
}

/** The settings of the last verified state, as they stand on disk. */
export function heldSections(store: VerifiedState, now: number): Sections {
  const held = Object.entries(store.load(now)?.sections ?? {});
  return Object.fromEntries(
    held.flatMap(([name, { content }]) => {
      const read = isKnownSection(name) ? readSection(name, content) : undefined;
      return read?.kind === 'valid' ? [[name, read.desired]] : [];
    }),
  );
}

/** What belongs to the district may be told; the people of this device and its other networks are named for redaction. */
export async function readRedaction(
  { identity, wifi, commands, platform }: Pick<ExaminedAgent, 'identity' | 'wifi' | 'commands' | 'platform'>,
  host: Parameters<typeof homes>[0],
  { webFilter, wifi: networks }: Sections,
): Promise<RedactionContext> {
  const campus = webFilter?.campus ?? [];
  const own = identity();
  const ssids = new Set([
    ...campus.flatMap((network) => network.ssids ?? []),
    ...(networks?.networks ?? []).map(({ name }) => name),
  ]);
  const { ssid = '' } = await wifi();
  const hosts = [...own.agents, ...own.enrolment].map(({ host: name }) => name);
  return {
    networks: campus
      .flatMap(({ addresses = [], publicAddresses = [] }) => [...addresses, ...publicAddresses])
      .concat(hosts)
      .map(parseRange)
      .filter((range) => typeof range !== 'string'),
    hardwareAddresses: new Set(
      campus.flatMap(({ gateways = [], accessPoints = [] }) => [...gateways, ...accessPoints]),
    ),
    ssids,
    otherSsids: ssid === '' || ssids.has(ssid) ? [] : [ssid],
    hosts: new Set(hosts),
    users: [...(await homes(host)).map(lastPart), ...(platform === 'linux' ? await accountNames(commands) : [])],
  };
}

const lastPart = (path: string) => path.split(/[\\/]/).at(-1) ?? '';

/** Of getent(1), passwd(5): the names of people’s accounts and what stands for their full names. */
async function accountNames(commands: Commands): Promise<string[]> {
  const { code, stdout } = await commands.run('/usr/bin/getent', ['passwd']);
  if (code !== 0) return [];
  return stdout.split('\n').flatMap((line) => {
    const [name = '', , uid = '', , full = ''] = line.split(':');
    const isPerson = Number(uid) >= 1000 && Number(uid) < 65_534;
    return isPerson ? [name, full.split(',')[0] ?? ''].filter((word) => word !== '') : [];
  });
}
