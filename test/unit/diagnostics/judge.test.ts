import { describe, expect, it } from 'vitest';
import { judgeDiskHealth, judgeDiskSpace } from '../../../shared/diagnostics/judge/disk.ts';
import {
  judgeCrashes,
  judgePolicy,
  judgeUpdates,
  judgeWebFilter,
} from '../../../shared/diagnostics/judge/enforcement.ts';
import { judgeMemory, judgeProcessor, judgeTemperature } from '../../../shared/diagnostics/judge/load.ts';
import {
  judgeAddress,
  judgeGateway,
  judgeNameLookup,
  judgePortal,
  judgeWifi,
} from '../../../shared/diagnostics/judge/network.ts';
import { judgeBattery, judgePower } from '../../../shared/diagnostics/judge/power.ts';
import { bad } from '../../../shared/diagnostics/judge/result.ts';
import {
  judgeCertificate,
  judgeClock,
  judgeInterception,
  judgeServerPath,
} from '../../../shared/diagnostics/judge/server.ts';
import { ProbeResult } from '../../../shared/diagnostics/probe.ts';
import { validator } from '../../../shared/schema.ts';

const schema = validator(ProbeResult);
const [day, now] = [86_400_000, Date.UTC(2026, 10, 22, 20)];
const GB = 1e9;

const battery = (change: object = {}) => ({ present: true, chargePercent: 80, lostPercent: 5, cycles: 90, ...change });
const power = (change: object = {}) => ({ battery: battery(), onMains: true, state: 'Charging', ...change });
const volume = (freeBytes: number, sizeBytes = 256 * GB, files?: { total: number; free: number }) => ({
  ...{ mount: '/', sizeBytes, freeBytes },
  ...(files && { files }),
});
const drive = (change: object = {}) => ({ name: 'SSD (sda)', smart: 'ok' as const, ...change });
const disks = (change: object = {}) => ({ drives: [drive()], fileSystemErrors: 0, readOnly: [], ...change });
const memory = (change: object = {}) => ({
  ...{ totalBytes: 8 * GB, availableBytes: 4 * GB, swapTotalBytes: 0, swapUsedBytes: 0 },
  ...{ programs: [{ name: 'chrome', cpuPercent: 0, memoryBytes: 3 * GB }], ...change },
});
const busy = (busyPercent: number, ofCore: number, name?: string) => ({
  ...{ busyPercent, waitingPercent: 0 },
  programs: [{ ...(name !== undefined && { name }), cpuPercent: ofCore, memoryBytes: 0 }],
});
const wifi = (change: object = {}) => ({ adapter: 'present' as const, isJoined: true, signalDbm: -55, ...change });
const at = (addresses: string[], hasLink = true) => ({ interfaces: [{ name: 'wlan0', hasLink, addresses }] });
const names = (system: string, filter: string, upstream: string, ms = 20) => {
  const step = (outcome: string) => ({ outcome: outcome as 'answered', ms });
  return { name: 'a.example', system: step(system), filter: step(filter), upstream: step(upstream) };
};
const chain = (isTrusted = true) => ({ isTrusted, issuer: 'Zscaler', validFrom: 0, validUntil: now });
const path = (change: object = {}) => ({ where: 'a:443', connectMs: 20, handshakeMs: 30, answerMs: 5, ...change });
const failed = (step: 'lookup' | 'connect' | 'handshake' | 'answer', isTimeout = false) =>
  path({ failure: { step, words: 'ECONN', isTimeout } });
const filter = (change: object = {}) => ({
  ...{
    isSet: true as const,
    status: 'verified' as const,
    answers: true,
    isPointed: true,
    leaks: [],
    asked: 3,
    ...change,
  },
});
const policy = (change: object = {}) => ({ isRunning: true, generation: 3, sections: [], ...change });
const section = (name: string, status: 'failed' | 'pending' | 'verified', message?: string) => ({
  ...{ section: name, status, ...(message !== undefined && { message }) },
});
const crashes = (change: object = {}) => ({ programs: [], kernel: [], isKnown: true, ...change });

type Case = [what: string, result: ProbeResult, status: string, words: RegExp];

const cases: Case[] = [
  ['a laptop at the wall', judgePower(power()), 'ok', /Plugged in, the battery is at 80 %/],
  ['a desktop', judgePower({ battery: { present: false }, onMains: undefined, state: undefined }), 'ok', /no battery/],
  [
    'an empty battery',
    judgePower(power({ onMains: false, battery: battery({ chargePercent: 7 }) })),
    'bad',
    /nearly empty \(7 %\)/,
  ],
  ['a low battery', judgePower(power({ onMains: false, battery: battery({ chargePercent: 18 }) })), 'warn', /low/],
  ['a charger that is too weak', judgePower(power({ state: 'Discharging' })), 'warn', /being emptied/],
  [
    'power nobody tells of',
    judgePower({ battery: undefined, onMains: undefined, state: undefined }),
    'unknown',
    /does not tell/,
  ],
  ['a good battery', judgeBattery(power()), 'ok', /holds 95 %/],
  ['an aged battery', judgeBattery(power({ battery: battery({ lostPercent: 35 }) })), 'warn', /holds 65 %/],
  ['a worn battery', judgeBattery(power({ battery: battery({ lostPercent: 60 }) })), 'bad', /worn out: it holds 40 %/],
  [
    'a battery that does not charge',
    judgeBattery(power({ state: 'Not charging', battery: battery({ chargePercent: 30 }) })),
    'warn',
    /stays at 30 %/,
  ],
  [
    'a full one that rests',
    judgeBattery(power({ state: 'Not charging', battery: battery({ chargePercent: 80 }) })),
    'ok',
    /./,
  ],
  [
    'a desktop’s battery',
    judgeBattery({ battery: { present: false }, onMains: true, state: undefined }),
    'not-applicable',
    /no battery/,
  ],

  ['a disk with room', judgeDiskSpace({ volumes: [volume(80 * GB)], takenBy: [] }), 'ok', /room/],
  [
    'a large disk of which little is free',
    judgeDiskSpace({ volumes: [volume(60 * GB, 2000 * GB)], takenBy: [] }),
    'ok',
    /room/,
  ],
  [
    'a low disk',
    judgeDiskSpace({ volumes: [volume(9 * GB, 128 * GB)], takenBy: [] }),
    'warn',
    /nearly full: 9\.0 GB of 128 GB free at \//,
  ],
  [
    'a full disk',
    judgeDiskSpace({
      volumes: [volume(0.1 * GB, 64 * GB)],
      takenBy: [
        { kind: 'logs', bytes: 9 * GB },
        { kind: 'snaps', bytes: 1000 },
      ],
    }),
    'bad',
    /full: 100 MB of 64 GB free at \/\. Most is taken by logs \(9\.0 GB\)\.$/,
  ],
  [
    'a disk without places',
    judgeDiskSpace({ volumes: [volume(80 * GB, 256 * GB, { total: 1000, free: 0 })], takenBy: [] }),
    'bad',
    /no more places for files: 0 places of 1000/,
  ],
  ['disks nobody tells of', judgeDiskSpace({ volumes: [], takenBy: [] }), 'unknown', /./],
  ['a healthy disk', judgeDiskHealth(disks()), 'ok', /no trouble/],
  [
    'a failing disk',
    judgeDiskHealth(disks({ drives: [drive({ smart: 'failing' })] })),
    'bad',
    /SSD \(sda\) says that it is about to fail/,
  ],
  ['a disk made read-only', judgeDiskHealth(disks({ fileSystemErrors: 2, readOnly: ['/'] })), 'bad', /only be read/],
  ['a system that is read-only by design', judgeDiskHealth(disks({ readOnly: ['/'] })), 'ok', /./],
  ['errors of a file system', judgeDiskHealth(disks({ fileSystemErrors: 1 })), 'warn', /1 error/],
  ['a worn disk', judgeDiskHealth(disks({ drives: [drive({ wearPercent: 95 })] })), 'warn', /worn out/],
  ['a disk that says nothing', judgeDiskHealth(disks({ drives: [drive({ smart: 'unknown' })] })), 'unknown', /./],

  ['enough memory', judgeMemory(memory()), 'ok', /50 % .* left/],
  [
    'programs that wait for memory',
    judgeMemory(memory({ pressure: { some: 60, full: 25 } })),
    'bad',
    /not enough memory.*Most is held by chrome \(3\.0 GB\)/,
  ],
  ['hardly any memory', judgeMemory(memory({ availableBytes: 0.1 * GB })), 'bad', /1 % is left/],
  ['short memory', judgeMemory(memory({ availableBytes: 0.5 * GB })), 'warn', /short/],
  ['a program that was ended', judgeMemory(memory({ killed: 1 })), 'warn', /ended 1 program because/],
  ['memory nobody tells of', judgeMemory(undefined), 'unknown', /./],
  ['an idle processor', judgeProcessor(busy(4, 3, 'chrome')), 'ok', /4 % busy/],
  [
    'one program on one of many cores',
    judgeProcessor(busy(13, 99, 'chrome')),
    'warn',
    /busy by chrome: 99 % of a core/,
  ],
  ['a program that takes everything', judgeProcessor(busy(99, 390, 'chrome')), 'bad', /busy by chrome/],
  ['a program of the person', judgeProcessor(busy(99, 100)), 'bad', /busy by a program of the person’s own/],
  [
    'many programs',
    judgeProcessor(busy(97, 10, 'chrome')),
    'bad',
    /many programs, most with chrome \(10 % of a core\)/,
  ],
  [
    'waiting for the disk',
    judgeProcessor({ busyPercent: 10, waitingPercent: 60, programs: [] }),
    'warn',
    /waits for the disk/,
  ],
  ['a cool device', judgeTemperature({ sensors: [{ name: 'cpu', celsius: 50 }], isThrottled: false }), 'ok', /50 °C/],
  [
    'a hot device',
    judgeTemperature({ sensors: [{ name: 'cpu', celsius: 92 }], isThrottled: false }),
    'warn',
    /hot \(92 °C\)/,
  ],
  [
    'a slowed device',
    judgeTemperature({ sensors: [{ name: 'cpu', celsius: 96 }], isThrottled: true }),
    'bad',
    /too hot \(96 °C\): the processor is slowed/,
  ],
  ['no sensors', judgeTemperature({ sensors: [], isThrottled: undefined }), 'not-applicable', /./],

  ['good Wi-Fi', judgeWifi(wifi()), 'ok', /good \(-55 dBm\)/],
  ['weak Wi-Fi', judgeWifi(wifi({ signalDbm: -78 })), 'warn', /weak/],
  ['Wi-Fi that is too weak', judgeWifi(wifi({ signalDbm: -86 })), 'bad', /too weak \(-86 dBm\)/],
  ['weak Wi-Fi in per cent', judgeWifi(wifi({ signalDbm: undefined, signalPercent: 15 })), 'bad', /15 %/],
  ['crowded air', judgeWifi(wifi({ retryPercent: 45 })), 'warn', /45 % .* repeated/],
  ['wandering', judgeWifi(wifi({ roams: 9 })), 'warn', /9 times/],
  ['Wi-Fi switched off', judgeWifi({ adapter: 'off', hasOtherWay: false }), 'bad', /switched off/],
  ['a cable instead', judgeWifi({ adapter: 'off', isJoined: false, hasOtherWay: true }), 'ok', /another way/],
  ['no network joined', judgeWifi({ adapter: 'present', isJoined: false }), 'bad', /joined no Wi-Fi/],
  ['a desktop’s Wi-Fi', judgeWifi({ adapter: 'none' }), 'not-applicable', /./],
  ['an address', judgeAddress(at(['192.168.1.7'])), 'ok', /gave the device an address/],
  ['no DHCP', judgeAddress(at(['169.254.7.7', 'fe80::1'])), 'bad', /\(DHCP\): it made one up/],
  ['no address', judgeAddress(at(['fe80::1'])), 'bad', /no address on any network/],
  ['no network', judgeAddress(at([], false)), 'bad', /connected to no network/],
  ['a lease that is over', judgeAddress({ ...at(['10.0.0.1']), leaseLeftMs: -3_600_000 }), 'warn', /lease .* over/],
  [
    'a router that answers',
    judgeGateway({ gateway: '10.0.0.1', pings: { sent: 2, answered: 2, ms: 3 } }),
    'ok',
    /answers/,
  ],
  [
    'a router that does not answer pings',
    judgeGateway({ gateway: '10.0.0.1', pings: { sent: 2, answered: 0 }, isNeighbour: true }),
    'ok',
    /is there/,
  ],
  [
    'a router that is gone',
    judgeGateway({ gateway: '10.0.0.1', pings: { sent: 2, answered: 0 }, isNeighbour: false }),
    'bad',
    /does not answer/,
  ],
  ['a slow router', judgeGateway({ gateway: '10.0.0.1', pings: { sent: 2, answered: 2, ms: 400 } }), 'warn', /slow/],
  ['no router', judgeGateway({}), 'bad', /no way out/],
  ['a router nobody could ask', judgeGateway({ gateway: '10.0.0.1' }), 'unknown', /./],
  ['an open network', judgePortal({ outcome: 'open', words: '' }), 'ok', /no sign-in/],
  ['a portal', judgePortal({ outcome: 'portal', words: '302' }), 'bad', /captive portal/],
  ['a page that is silent', judgePortal({ outcome: 'silent', words: '' }), 'unknown', /cannot be told/],
  ['names that are looked up', judgeNameLookup(names('answered', 'answered', 'answered')), 'ok', /looked up/],
  ['names without a filter', judgeNameLookup(names('answered', 'not-asked', 'answered')), 'ok', /looked up/],
  [
    'a filter that is silent',
    judgeNameLookup(names('failed', 'silent', 'answered')),
    'bad',
    /filter of this device does not answer/,
  ],
  [
    'servers that are silent',
    judgeNameLookup(names('failed', 'failed', 'silent')),
    'bad',
    /name server of this network or this policy/,
  ],
  [
    'servers that are silent while answers are remembered',
    judgeNameLookup(names('answered', 'answered', 'silent')),
    'bad',
    /name server/,
  ],
  [
    'programs that ask somebody else',
    judgeNameLookup(names('silent', 'answered', 'answered')),
    'bad',
    /though the web filter answers/,
  ],
  [
    'a network whose server is down',
    judgeNameLookup(names('failed', 'not-asked', 'not-asked')),
    'bad',
    /name server of this network does not/,
  ],
  ['slow names', judgeNameLookup(names('answered', 'answered', 'answered', 3000)), 'warn', /slow \(3000 ms\)/],

  ['the right certificate', judgeInterception({ server: path({ chain: chain() }) }), 'ok', /right ones/],
  [
    'an opened connection',
    judgeInterception({ server: path({ chain: chain(false) }) }),
    'bad',
    /the district’s server is by “Zscaler”/,
  ],
  [
    'an opened resolver',
    judgeInterception({ server: path({ chain: chain() }), canary: path({ chain: chain(false) }) }),
    'bad',
    /resolver the policy names is by/,
  ],
  ['no certificate seen', judgeInterception({ server: failed('connect') }), 'unknown', /./],
  ['the right time', judgeClock({ machine: now, server: now - 900 }), 'ok', /right/],
  ['a clock behind', judgeClock({ machine: now - 3 * day, server: now }), 'bad', /3 days behind/],
  ['a clock a little ahead', judgeClock({ machine: now + 90_000, server: now }), 'warn', /1 minute ahead/],
  ['a clock against the agent’s count', judgeClock({ machine: now + day, trusted: now }), 'bad', /1 day ahead/],
  ['a clock nobody sets', judgeClock({ machine: now, sync: 'not-synchronised' }), 'warn', /no time server/],
  ['a clock with nothing to compare', judgeClock({ machine: now, sync: 'unknown' }), 'unknown', /./],
  ['a good certificate', judgeCertificate({ validFrom: 0, validUntil: now + 200 * day, now }), 'ok', /until 2027/],
  [
    'an expired certificate',
    judgeCertificate({ validFrom: 0, validUntil: now - day, now }),
    'bad',
    /expired on 2026-11-21/,
  ],
  [
    'a certificate that is not renewed',
    judgeCertificate({ validFrom: 0, validUntil: now + 3 * day, now }),
    'warn',
    /expires in 3 days/,
  ],
  [
    'a certificate of tomorrow',
    judgeCertificate({ validFrom: now + day, validUntil: now + 9 * day, now }),
    'bad',
    /not valid before/,
  ],
  ['a good way', judgeServerPath({ path: path(), isConnected: true }), 'ok', /reached/],
  [
    'an agent that is not connected',
    judgeServerPath({ path: path(), isConnected: false, whyNot: 'revoked' }),
    'warn',
    /not connected/,
  ],
  [
    'a slow way',
    judgeServerPath({ path: path({ handshakeMs: 2500 }), isConnected: true }),
    'warn',
    /one step takes 2500 ms/,
  ],
  [
    'a server that refuses',
    judgeServerPath({ path: failed('connect'), isConnected: false }),
    'bad',
    /refuses the connection/,
  ],
  [
    'a server that drops',
    judgeServerPath({ path: failed('connect', true), isConnected: false }),
    'bad',
    /drops the connection/,
  ],
  [
    'a server nobody finds',
    judgeServerPath({ path: failed('lookup'), isConnected: false }),
    'bad',
    /cannot be looked up/,
  ],
  [
    'a server that ends it',
    judgeServerPath({ path: failed('answer'), isConnected: false }),
    'bad',
    /as soon as it sees the certificate/,
  ],

  ['a filter that blocks', judgeWebFilter(filter()), 'ok', /answers and blocks/],
  ['no filter', judgeWebFilter({ isSet: false }), 'not-applicable', /./],
  ['a filter that has stopped', judgeWebFilter(filter({ answers: false })), 'bad', /does not answer/],
  ['a filter that leaks', judgeWebFilter(filter({ leaks: ['category gambling'] })), 'bad', /category gambling/],
  ['a filter nobody asks', judgeWebFilter(filter({ isPointed: false })), 'bad', /do not ask/],
  ['a filter that failed', judgeWebFilter(filter({ status: 'failed', failure: 'no list' })), 'bad', /no list/],
  ['a filter that is being set up', judgeWebFilter(filter({ status: 'pending' })), 'warn', /set up/],
  ['the policy in force', judgePolicy(policy({ sections: [section('browser', 'verified')] })), 'ok', /All/],
  [
    'sections that failed',
    judgePolicy(policy({ sections: [section('browser', 'failed', 'disk full'), section('wifi', 'failed')] })),
    'bad',
    /browser and 1 other section failed\. disk full/,
  ],
  ['no agent', judgePolicy(policy({ isRunning: false })), 'bad', /does not run/],
  ['no policy', judgePolicy(policy({ generation: 0 })), 'warn', /no policy/],
  [
    'sections under way',
    judgePolicy(policy({ sections: [section('browser', 'pending')] })),
    'warn',
    /1 section of the policy is still/,
  ],
  ['nothing to install', judgeUpdates({ pending: 0 }), 'ok', /Everything/],
  ['a restart', judgeUpdates({ pending: 0, rebootRequired: true }), 'warn', /after a restart/],
  ['security updates', judgeUpdates({ pending: 9, security: 2 }), 'warn', /2 security updates wait/],
  ['a device never restarted', judgeUpdates({ pending: 0, upMs: 60 * day }), 'warn', /not restarted for 60 days/],
  ['updates nobody tells of', judgeUpdates({}), 'unknown', /./],
  ['no crashes', judgeCrashes(crashes()), 'ok', /Nothing crashed/],
  [
    'the kernel in trouble',
    judgeCrashes(crashes({ kernel: [{ kind: 'something hung for minutes', count: 2 }] })),
    'warn',
    /hung for minutes, 2 times/,
  ],
  ['an agent that crashed', judgeCrashes(crashes({ agentAgoMs: 3_600_000 })), 'warn', /1 hour ago/],
  ['an agent that crashed long ago', judgeCrashes(crashes({ agentAgoMs: 9 * day })), 'ok', /./],
  [
    'programs that crash',
    judgeCrashes(crashes({ programs: [{ name: 'gnome-shell', count: 4 }, { count: 1 }] })),
    'warn',
    /5 times in the last day, most often gnome-shell/,
  ],
  ['crashes nobody tells of', judgeCrashes(crashes({ isKnown: false })), 'unknown', /./],
];

describe('the judgement of', () => {
  it.each(cases)('%s', (_, result, status, words) => {
    expect(schema.problems(result)).toEqual([]);
    expect(result.status).toBe(status);
    expect(result.words).toMatch(words);
    expect(result.fix !== undefined).toBe(status === 'bad' || status === 'warn');
  });

  it('anything fits the contract, however much was seen', () => {
    const seen = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`${index}${'i'.repeat(300)}`, 's'.repeat(900)]),
    );
    const result = bad('policy', 'w'.repeat(900), seen, 'f'.repeat(900));
    expect(schema.problems(result)).toEqual([]);
    expect(result.evidence).toHaveLength(20);
  });
});
