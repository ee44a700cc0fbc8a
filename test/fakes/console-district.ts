import type Type from 'typebox';
import type {
  CustodyView,
  DeviceDetail,
  DeviceSummary,
  EventView,
  OrgView,
  PersonSummary,
  VerdictCounts,
} from '../../shared/api/schemas.ts';
import type { CheckFinding, VerdictState } from '../../shared/compliance/verdict.ts';
import { personRoles } from '../../shared/policy/selector.ts';
import { SeededRandom } from './clock.ts';

/** A small made-up district for the console's stand-in: the same on every run. */
const random = new SeededRandom(11);
const now = Date.now();
const hour = 3_600_000;
const day = 24 * hour;

export const ago = (ms: number) => new Date(now - ms).toISOString();
const pick = <T>(items: readonly T[]): T => items[Math.floor(random.unit() * items.length)] as T;

const first = 'Amara Bao Chidi Dagny Elif Farid Greta Hugo Ines Jorge Kwame Lena Mei Nadia Omar Petra'.split(' ');
const last = 'Abbott Brandt Castillo Dubois Eriksen Fofana Grabowski Huang Ibarra Jansen Kovacs Lindqvist'.split(' ');

const org = (id: string, name: string, type: string, parentId: string | null): OrgView => ({
  id,
  sourcedId: `src-${id}`,
  name,
  type,
  parentId,
});

export const orgs: OrgView[] = [
  org('d1', 'Lindenfield Unified School District', 'district', null),
  org('s1', 'Harbor Point Elementary', 'school', 'd1'),
  org('s2', 'Lindenfield Middle School', 'school', 'd1'),
  org('s3', 'Grace Hopper High School', 'school', 'd1'),
];

const reasonsOf: Record<VerdictState, string[]> = {
  compliant: [],
  waived: ['Disk is encrypted: not encrypted (waived until Mon 7 Dec 2026 by Ada Byrne)'],
  'in-grace': ['Disk is encrypted: not encrypted (in grace until Mon 7 Dec 2026)'],
  noncompliant: ['The disk of this device is not encrypted.'],
  silent: ['No report for more than 14 days.'],
  unknown: ['The device has not reported whether its firewall is on.'],
};
const failing = (unit: number): VerdictState => (unit < 0.77 ? 'waived' : unit < 0.82 ? 'in-grace' : 'noncompliant');
const verdict = () => {
  const unit = random.unit();
  const state: VerdictState =
    unit < 0.74 ? 'compliant' : unit < 0.86 ? failing(unit) : unit < 0.94 ? 'silent' : 'unknown';
  const view = { state, since: ago(random.unit() * 40 * day), reasons: reasonsOf[state] };
  return state === 'waived' || state === 'in-grace' ? { ...view, until: ago(-9 * day) } : view;
};

const personAt = (index: number): PersonSummary => {
  const role = index % 9 === 0 ? 'teacher' : index % 31 === 0 ? 'staff' : 'student';
  const school = pick(orgs.slice(1));
  const name = `${pick(first)} ${pick(last)}`;
  const grade = String({ s1: 1, s2: 6, s3: 9 }[school.id] ?? 1).padStart(2, '0');
  return {
    id: `p${index}`,
    sourcedId: `person-${index}`,
    name,
    username: `${name.toLowerCase().replace(' ', '.')}${index}`,
    role,
    orgId: school.id,
    orgName: school.name,
    grade: role === 'student' ? grade : null,
    active: index % 97 !== 0,
    deviceCount: index < 42 ? 1 : 0,
    verdict: index < 42 ? verdict() : { ...verdict(), state: 'unknown', reasons: ['No device is in custody.'] },
  };
};
export const people: PersonSummary[] = Array.from({ length: 612 }, (_, index) => personAt(index));

const systems = [
  ['linux', 'Debian GNU/Linux 12', 'ThinkPad L13 Gen 4'],
  ['linux', 'Ubuntu 24.04', 'Dell Latitude 3330'],
  ['win32', 'Windows 11 Education 23H2', 'HP ProBook 440'],
  ['darwin', 'macOS 15.1', 'MacBook Air (M2)'],
] as const;

const deviceAt = (index: number): DeviceSummary => {
  const [platform, os, model] = pick(systems);
  const person = people[index] as PersonSummary;
  const status = index === 40 ? 'held' : index === 41 ? 'revoked' : 'active';
  return {
    id: `dev${index}`,
    name: index === 0 ? 'it-workbench' : `lap-${1000 + index}`,
    serial: `5CG${(81_000 + index * 37).toString(36).toUpperCase()}`,
    model,
    platform,
    os,
    agentVersion: '0.1.0',
    status,
    simulated: index !== 0,
    connected: status === 'active' && person.verdict.state !== 'silent',
    lastSeenAt: ago(person.verdict.state === 'silent' ? 19 * day : random.unit() * hour),
    tags: index % 5 === 0 ? ['cart-3'] : [],
    custodian: status === 'held' ? null : { id: person.id, name: person.name, orgName: person.orgName },
    verdict: person.verdict,
  };
};
export const devices: DeviceSummary[] = Array.from({ length: 42 }, (_, index) => deviceAt(index));

export const custody: CustodyView[] = devices.slice(0, 40).map((device, index) => ({
  id: `c${index}`,
  kind: index % 7 === 3 ? 'loan' : 'primary',
  device: { id: device.id, name: device.name },
  person: { id: `p${index}`, name: people[index]?.name ?? '' },
  startsAt: ago(80 * day),
  endedAt: null,
  endReason: null,
}));

export const events: EventView[] = Array.from({ length: 120 }, (_, index) => {
  const device = pick(devices);
  const words = pick([
    'Settings were verified on the device.',
    'A browser policy had been changed by hand and was put right.',
    'The device connected.',
    'The verdict changed from compliant to not compliant.',
  ]);
  return {
    id: 5000 - index,
    at: ago(index * 17 * 60_000),
    actor: index % 6 === 0 ? 'staff:Ada Byrne' : `device:${device.name}`,
    code: 'device-report',
    words,
    subject: { kind: 'device', id: device.id, name: device.name },
  };
});

type Finding = Type.Static<typeof CheckFinding>;

/** What stands between a failure and the verdict, on the devices whose verdict says so. */
function letPass({ verdict: { state, until = '' } }: DeviceSummary): Pick<Finding, 'severity' | 'grace' | 'waiver'> {
  if (state === 'in-grace') return { severity: 'major', grace: { until, words: 'in grace until Mon 7 Dec 2026' } };
  return state === 'waived' ? { waiver: { until, words: 'waived until Mon 7 Dec 2026 by Ada Byrne' } } : {};
}

export function checksOf(device: DeviceSummary): Finding[] {
  const encrypted = device.verdict.state === 'compliant';
  return [
    {
      check: 'agent-current',
      title: 'Agent is current',
      status: 'pass',
      expected: '0.1.0 or newer',
      actual: '0.1.0',
      why: 'Old agents miss fixes.',
      fix: 'Connect the device to the network; it updates by itself.',
      severity: 'major',
    },
    {
      check: 'disk-encrypted',
      title: 'Disk is encrypted',
      status: encrypted ? 'pass' : 'fail',
      expected: 'encrypted',
      actual: encrypted ? 'LUKS2 on nvme0n1p3' : 'ext4 directly on nvme0n1p2',
      why: 'A lost laptop must not give away what is on it.',
      fix: 'Bring the device to the helpdesk: it is set up again with encryption, which takes about 40 minutes.',
      severity: 'critical',
      fixTechnician: 'Install again with LUKS, or encrypt in place with cryptsetup reencrypt after a backup.',
      reference: 'CIS benchmarks: Windows 18.10.9, macOS 2.6.6',
      ...letPass(device),
    },
    {
      check: 'firewall-on',
      title: 'Firewall is on',
      status: device.simulated ? 'pass' : 'unknown',
      expected: 'on',
      actual: device.simulated ? 'nftables, default drop' : 'nftables is not installed',
      why: 'It keeps other computers on the network out.',
      fix: 'Run “sudo apt install nftables” and start its service.',
      severity: 'critical',
      fixTechnician: 'ufw --force enable, or an nftables input chain with policy drop.',
      reference: 'CIS benchmarks: Linux 4.2.3, Windows 9.1.1, macOS 2.2.1',
    },
    {
      check: 'battery-worn',
      title: 'Battery',
      status: 'fail',
      expected: 'at most 40 % of the capacity lost',
      actual: 'worn',
      why: 'A worn battery does not last a school day, and an old one can swell.',
      fix: 'Bring the charger to school, and ask the helpdesk for a new battery.',
      severity: 'minor',
      fixTechnician:
        'Replace the battery. Compare: powercfg /batteryreport (Windows), /sys/class/power_supply (Linux).',
    },
  ];
}

export function healthOf(device: DeviceSummary): DeviceDetail['health'] {
  const at = ago(4 * 60_000);
  const battery = device.simulated
    ? { present: true, chargePercent: 71, charging: true, cycles: 412, designWh: 51.2, fullWh: 37.9, lostPercent: 26 }
    : { present: false };
  const values = {
    battery,
    system: { maker: 'Lenovo', model: device.model ?? '', serial: device.serial ?? '', cores: 8, memoryBytes: 16.6e9 },
    os: {
      name: device.os,
      version: '12.8',
      kernel: '6.1.0-27',
      bootedAt: now - 3 * day,
      pendingUpdates: 14,
      pendingSecurityUpdates: 3,
    },
    load: { cpuPercent: 12, memoryUsedPercent: 46 },
    disks: {
      volumes: [
        { mount: '/', kind: 'ext4', sizeBytes: 250e9, usedPercent: 84 },
        { mount: '/boot/efi', kind: 'vfat', sizeBytes: 0.5e9, usedPercent: 7.4 },
      ],
      drives: [{ name: 'KXG60ZNV256G', kind: 'NVMe', sizeBytes: 256e9, smart: 'ok', celsius: 41, wearPercent: 6 }],
    },
    network: { kind: 'wireless', signalPercent: 68, linkMbps: 433 },
    agent: { version: '0.1.0', residentBytes: 61e6, cpuPercent: 0.03, startedAt: now - 3 * day, spooledRecords: 0 },
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { at, value }]));
}

export function countVerdicts(of: readonly PersonSummary[]): VerdictCounts {
  const counts: VerdictCounts = { compliant: 0, waived: 0, 'in-grace': 0, noncompliant: 0, silent: 0, unknown: 0 };
  for (const person of of) counts[person.verdict.state] += 1;
  return counts;
}

export const schools = orgs.slice(1).map((school) => ({
  orgId: school.id,
  name: school.name,
  verdicts: countVerdicts(people.slice(0, 300).filter((person) => person.orgId === school.id)),
}));
export const roles = personRoles.map((role) => ({
  role,
  verdicts: countVerdicts(people.slice(0, 300).filter((person) => person.role === role)),
}));
