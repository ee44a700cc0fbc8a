import type { ReportRecord } from '../../shared/protocol/messages.ts';

type Kind = 'health' | 'activity' | 'reported' | 'observation' | 'finding' | 'event';

/** Of a hundred reports: health and activity as a day brings them, of the others more than that: see `ingest-growth.ts`. */
const shares: Readonly<Record<Kind, number>> = {
  ...{ health: 77, activity: 8, reported: 5, observation: 4, finding: 3, event: 3 },
};
const inOrder = (Object.keys(shares) as Kind[]).flatMap((kind) => Array<Kind>(shares[kind]).fill(kind));
/** Prime to a hundred: kinds that are few come evenly spread. */
const stride = 37;

/** Which record the `index`-th report of an agent carries; agents differ by `agent`, so that not all say the same at once. */
export function mixedRecord(agent: number, index: number, at: number): ReportRecord {
  const turn = agent + index * stride;
  const kind = inOrder[turn % inOrder.length] ?? 'health';
  return recordOf(kind, Math.floor(turn / inOrder.length), at);
}

/** The lightest: two numbers that no check reads. */
export function loadRecord(index: number, at: number): ReportRecord {
  const value = { cpuPercent: index % 100, memoryUsedPercent: 40 + (index % 20) };
  return { kind: 'health', at, collector: 'load', value };
}

/** One record of a kind; another `turn` says something else. */
export function recordOf(kind: Kind, turn: number, at: number): ReportRecord {
  switch (kind) {
    case 'health':
      return healthRecord(turn, at);
    case 'activity':
      return activityRecord(turn, at);
    case 'reported':
      return reportedRecord(turn, at);
    case 'observation':
      return {
        kind,
        at,
        name: 'firewall',
        value: { state: turn % 8 === 0 ? 'off' : 'on', evidence: 'nft list ruleset' },
      };
    case 'finding':
      return { kind, at, code: 'disk-failing', open: turn % 2 === 0, detail: 'The drive sda says that it is failing.' };
    case 'event':
      return { kind, at, code: 'drift-corrected', detail: 'A change to the policy of the browser was taken back.' };
  }
}

/** By the cadence of the collectors: load each minute, the network every two, the battery every three, disks rarely. */
function healthRecord(turn: number, at: number): ReportRecord {
  switch (turn % 10) {
    case 1:
    case 4:
    case 7:
      return {
        ...{ kind: 'health', at, collector: 'network' },
        value: { kind: 'wireless', signalPercent: (turn * 20) % 100, linkMbps: 866 },
      };
    case 2:
    case 6:
      return {
        ...{ kind: 'health', at, collector: 'battery' },
        value: {
          present: true,
          chargePercent: turn % 100,
          charging: turn % 20 > 10,
          cycles: 112,
          designWh: 50,
          fullWh: 44,
        },
      };
    case 9:
      return { kind: 'health', at, collector: 'disks', value: disks(turn) };
    default:
      return loadRecord(turn, at);
  }
}

function disks(turn: number) {
  return {
    volumes: [
      { mount: '/', kind: 'ext4', sizeBytes: 240_057_409_536, usedPercent: turn % 100 },
      { mount: '/boot/efi', kind: 'vfat', sizeBytes: 535_805_952, usedPercent: 2 },
    ],
    drives: [{ name: 'nvme0n1', kind: 'NVMe', sizeBytes: 256_060_514_304, smart: 'ok', celsius: 30 + (turn % 20) }],
  };
}

const categories = ['advertising', 'games', 'gambling', 'social-networks'];
const namesBlocked = 12;

/** A quarter of an hour at the usual level: what was blocked by name, all else as a number. */
function activityRecord(turn: number, at: number): ReportRecord {
  return {
    ...{
      kind: 'activity',
      at,
      from: at - 900_000,
      place: turn % 4 === 0 ? 'off-campus' : 'on-campus',
      level: 'blocked',
    },
    ...{ asked: 400 + turn, blocked: namesBlocked * 3 },
    categories: categories.map((category) => ({ category, blocked: 9 })),
    names: Array.from({ length: namesBlocked }, (_, index) => ({
      ...{ name: `cdn${(turn + index) % 50}.advertising.example`, outcome: 'blocked', count: 3, lastAt: at - index },
      category: categories[index % categories.length] ?? '',
    })),
  };
}

function reportedRecord(turn: number, at: number): ReportRecord {
  const place = '/etc/chromium/policies/managed/rollcall.json';
  return {
    ...{ kind: 'reported', at, section: turn % 2 === 0 ? 'browser' : 'screenLock', generation: 1 },
    status: turn % 7 === 0 ? 'pending' : 'verified',
    evidence: [
      { item: place, expected: 'URLBlocklist of 120 entries', seen: 'URLBlocklist of 120 entries', ok: true },
      { item: place, expected: 'DeveloperToolsAvailability 2', seen: 'DeveloperToolsAvailability 2', ok: true },
    ],
  };
}
