import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nothingKnown } from '../../../../../agent/diagnostics/redact.ts';
import {
  hardwareSource,
  mapHardware,
  parseDisks,
  parsePressure,
} from '../../../../../agent/diagnostics/streams/hardware.ts';
import { isSystemsOwn, isSystemUid, processSource } from '../../../../../agent/diagnostics/streams/processes.ts';
import { Redactor } from '../../../../../agent/diagnostics/streams/redactor.ts';
import type { StreamParts } from '../../../../../agent/diagnostics/streams/stream-parts.ts';
import {
  parseTracepath,
  parseTraceroute,
  parseTracert,
  toldHop,
  traceSource,
} from '../../../../../agent/diagnostics/streams/trace.ts';
import {
  channelMhz,
  parseAirport,
  parseLink,
  parseNetsh,
  wifiSource,
} from '../../../../../agent/diagnostics/streams/wifi.ts';
import type { Listener } from '../../../../../agent/platform/commands.ts';
import { StreamSample } from '../../../../../shared/diagnostics/streams.ts';
import { parseRange } from '../../../../../shared/filter/range.ts';
import { validator } from '../../../../../shared/schema.ts';
import { FakeClock } from '../../../../fakes/clock.ts';

let root: string;
let clock: FakeClock;
const schema = validator(StreamSample);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'streams-'));
  clock = new FakeClock();
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string): void {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

const parts = (more: Partial<StreamParts> = {}): StreamParts =>
  ({
    ...{ platform: 'linux', clock, root, context: nothingKnown, redactor: new Redactor(nothingKnown) },
    ...more,
  }) as StreamParts;

function process(pid: number, uid: number, name: string, ticks: number, command: string): void {
  const rest = `S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 500 1000 200 0`;
  write(`proc/${pid}/stat`, `${pid} (${name}) ${rest}`);
  write(`proc/${pid}/status`, `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
  write(`proc/${pid}/cmdline`, command.replaceAll(' ', '\0'));
}

describe('the stream of processes', () => {
  it('tells the command line of the system’s programs, redacted, and never that of a person’s', async () => {
    process(10, 0, 'cupsd', 0, '/usr/sbin/cupsd -l --for mia@school.example');
    process(20, 1000, 'game', 0, '/home/mia/game --password=hunter2');
    const source = processSource(parts());
    clock.advance(1_000);
    process(20, 1000, 'game', 50, '/home/mia/game --password=hunter2');
    const { sample } = await source.take();
    expect(schema.problems(sample)).toEqual([]);
    expect(sample?.processes.map(({ name, cpu, isSystem }) => [name, cpu, isSystem])).toEqual([
      ['game', 0.5, false],
      ['cupsd', 0, true],
    ]);
    expect(sample?.processes[0]).not.toHaveProperty('command');
    expect(sample?.processes[1]?.command).toMatch(/^\/usr\/sbin\/cupsd -l/);
    expect(JSON.stringify(sample)).not.toMatch(/mia|hunter2/);
  });

  it('tells the fifty that use most', async () => {
    for (let pid = 1; pid <= 60; pid += 1) process(pid, 0, `p${pid}`, 0, '');
    const source = processSource(parts());
    clock.advance(1_000);
    for (let pid = 1; pid <= 60; pid += 1) process(pid, 0, `p${pid}`, pid, '');
    const { sample } = await source.take();
    expect([sample?.processes.length, sample?.processes[0]?.name]).toEqual([50, 'p60']);
  });

  it.each<[number | undefined, boolean]>([
    [0, true],
    [999, true],
    [1000, false],
    [61_184, true],
    [65_534, true],
    [100_000, false],
    [undefined, false],
  ])('the account %s is the system’s: %s', (uid, isSystem) => {
    expect(isSystemUid(uid)).toBe(isSystem);
  });

  it('knows the system’s own on macOS by account, on Windows by folder', () => {
    expect(isSystemsOwn('darwin', '_spotlight', '')).toBe(true);
    expect(isSystemsOwn('darwin', 'mia', '/usr/bin/python3')).toBe(false);
    expect(isSystemsOwn('win32', '', 'C:\\Windows\\System32\\svchost.exe')).toBe(true);
    expect(isSystemsOwn('win32', '', 'C:\\Users\\mia\\game.exe')).toBe(false);
  });
});

describe('the stream of hardware', () => {
  const disk = (read: number, written: number, busy: number) =>
    `   8       0 sda 1 0 ${read} 0 1 0 ${written} 0 0 ${busy} 0 0 0\n   8       1 sda1 1 0 9 0 1 0 9 0 0 9 0\n   7       0 loop0 1 0 9 0 1 0 9 0 0 9 0\n`;
  const net = (received: number) =>
    `Inter-|   Receive\n face |bytes\n  eth0: ${received} 1 0 0 0 0 0 0 ${received * 2} 1 0 0 0 0 0 0\n    lo: 9 0 0 0 0 0 0 0 9 0 0 0 0 0 0 0\n`;

  it('tells what changed since the second before', async () => {
    write('proc/stat', 'cpu  100 0 0 100 0 0 0 0\ncpu0 100 0 0 100 0 0 0 0\n');
    write('proc/meminfo', 'MemTotal: 8000 kB\nMemAvailable: 2000 kB\nSwapTotal: 100 kB\nSwapFree: 40 kB\n');
    write('proc/pressure/memory', 'some avg10=4.50 avg60=0.00 avg300=0.00 total=1\nfull avg10=1.00\n');
    write('proc/diskstats', disk(0, 0, 0));
    write('proc/net/dev', net(1_000));
    write('sys/class/hwmon/hwmon0/name', 'coretemp\n');
    write('sys/class/hwmon/hwmon0/temp1_input', '61500\n');
    const source = hardwareSource(parts());
    clock.advance(1_000);
    write('proc/stat', 'cpu  175 0 0 125 0 0 0 0\ncpu0 175 0 0 125 0 0 0 0\n');
    write('proc/diskstats', disk(2, 4, 250));
    write('proc/net/dev', net(3_000));
    const { sample } = await source.take();
    expect(schema.problems(sample)).toEqual([]);
    expect(sample).toEqual({
      kind: 'hardware',
      cores: [0.75],
      memory: { usedBytes: 6_144_000, totalBytes: 8_192_000, swapUsedBytes: 61_440, pressure: 0.045 },
      disks: [{ name: 'sda', readBytesPerSecond: 1_024, writeBytesPerSecond: 2_048, busy: 0.25 }],
      networks: [{ name: 'eth0', receivedBytesPerSecond: 2_000, sentBytesPerSecond: 4_000 }],
      temperatures: [{ name: 'coretemp', celsius: 61.5 }],
    });
  });

  it('knows nothing where the kernel says nothing', async () => {
    expect((await hardwareSource(parts()).take()).sample).toBeUndefined();
    expect([parsePressure(undefined), parseDisks('nonsense').size]).toEqual([undefined, 0]);
  });

  it('is mapped from systeminformation elsewhere', () => {
    const sample = mapHardware({
      load: { cpus: [{ load: 150 }, { load: 25 }] },
      memory: { total: 8, available: 2, swapused: 1 },
      networks: [{ iface: 'en0', rx_sec: null, tx_sec: 3.4 }],
      sensors: [{ name: 'Processor', celsius: 50 }],
    });
    expect(schema.problems(sample)).toEqual([]);
    expect(sample).toMatchObject({
      cores: [1, 0.25],
      networks: [{ receivedBytesPerSecond: 0, sentBytesPerSecond: 3 }],
    });
  });
});

const link = (accessPoint: string, signal = -55) => `Connected to ${accessPoint} (on wlan0)
	SSID: Maple-Students
	freq: 5180.0
	RX: 1000 bytes (10 packets)
	signal: ${signal} dBm
	tx bitrate: 866.7 MBit/s VHT-MCS 9 80MHz short GI VHT-NSS 2
`;
const dump = (sent: number, retried: number) => `Station aa:bb:cc:00:00:01 (on wlan0)
	tx packets:	${sent}
	tx retries:	${retried}
`;

describe('the stream of Wi-Fi', () => {
  it('reads what iw prints', () => {
    expect(parseLink(link('aa:bb:cc:00:00:01'), dump(100, 4))).toEqual({
      facts: { ssid: 'Maple-Students', accessPoint: 'aa:bb:cc:00:00:01' },
      ...{ signalDbm: -55, bitrateMbps: 866.7, channelMhz: 5180, packets: { sent: 100, retried: 4 } },
    });
    expect(parseLink('Not connected.\n', '')).toBeUndefined();
  });

  it('names a school’s network and no other, counts roams and what was sent again', async () => {
    write('sys/class/net/wlan0/uevent', 'DEVTYPE=wlan\nINTERFACE=wlan0\n');
    let [where, sent] = ['aa:bb:cc:00:00:01', 100];
    const commands = {
      run: async (_path: string, args: readonly string[]) => ({
        ...{ code: 0, stderr: '' },
        stdout: args.includes('link') ? link(where) : dump(sent, sent / 10),
      }),
    };
    const other = wifiSource(parts({ commands }));
    expect((await other.take()).sample?.network?.name).toBe('another network');
    const source = wifiSource(parts({ commands, context: { ...nothingKnown, ssids: new Set(['Maple-Students']) } }));
    await source.take();
    [where, sent] = ['aa:bb:cc:00:00:02', 200];
    const { sample } = await source.take();
    expect(schema.problems(sample)).toEqual([]);
    expect(sample?.network).toMatchObject({ name: 'Maple-Students', roams: 1, retries: 0.1, signalDbm: -55 });
  });

  it('says that none is joined', async () => {
    expect((await wifiSource(parts()).take()).sample).toEqual({ kind: 'wifi' });
  });

  it('reads what macOS and Windows print', () => {
    const airport = `          Current Network Information:
            Maple-Students:
              PHY Mode: 802.11ax
              Channel: 149 (5GHz, 80MHz)
              Signal / Noise: -52 dBm / -90 dBm
              Transmit Rate: 866
          Other Local Wi-Fi Networks:
            Home:
              Signal / Noise: -80 dBm / -90 dBm
`;
    expect(parseAirport(airport)).toMatchObject({ signalDbm: -52, bitrateMbps: 866, channelMhz: 5745 });
    const netsh = `    SSID                   : Maple-Students
    BSSID                  : AA:BB:CC:00:00:01
    Channel                : 6
    Transmit rate (Mbps)   : 144.4
    Signal                 : 80%
`;
    expect(parseNetsh(netsh)).toEqual({
      facts: { ssid: 'Maple-Students', accessPoint: 'aa:bb:cc:00:00:01' },
      ...{ signalDbm: -60, bitrateMbps: 144.4, channelMhz: 2437 },
    });
    expect([channelMhz(14, false), channelMhz(37, true)]).toEqual([2484, 6135]);
    expect([parseAirport(''), parseNetsh('There is no wireless interface on the system.')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('the trace', () => {
  it.each<[string, (line: string) => unknown, string, object | undefined]>([
    [
      'an answer of traceroute',
      parseTraceroute,
      ' 3  10.20.0.1  1.234 ms',
      { hop: 3, address: '10.20.0.1', ms: 1.234 },
    ],
    ['no answer of traceroute', parseTraceroute, ' 4  *', { hop: 4, address: undefined, ms: undefined }],
    ['its heading', parseTraceroute, 'traceroute to 10.20.0.5 (10.20.0.5), 30 hops max', undefined],
    [
      'an answer of tracepath',
      parseTracepath,
      ' 1:  10.20.0.1   0.543ms pmtu 1500',
      { hop: 1, address: '10.20.0.1', ms: 0.543 },
    ],
    ['no answer of tracepath', parseTracepath, ' 2:  no reply', { hop: 2, address: undefined }],
    ['the device itself', parseTracepath, ' 1?: [LOCALHOST]     pmtu 1500', undefined],
    [
      'an answer of tracert',
      parseTracert,
      '  1    <1 ms     2 ms    <1 ms  10.20.0.1 ',
      { hop: 1, address: '10.20.0.1', ms: 1 },
    ],
    [
      'no answer of tracert',
      parseTracert,
      '  2     *        *        *     Request timed out.',
      { hop: 2, address: undefined },
    ],
  ])('reads %s', (_name, parse, line, expected) => {
    if (expected) expect(parse(line)).toEqual(expect.objectContaining(expected));
    else expect(parse(line)).toBeUndefined();
  });

  it('tells the server’s address and the district’s, and no other', () => {
    const range = parseRange('10.20.0.0/16');
    const context = { ...nothingKnown, networks: typeof range === 'string' ? [] : [range] };
    const told = (address: string | undefined) => toldHop({ hop: 1, address, ms: 2 }, '192.0.2.5', context).address;
    expect(['10.20.3.4', '192.0.2.5', '192.168.1.1', '203.0.113.9', undefined].map(told)).toEqual([
      ...['10.20.3.4', '192.0.2.5', 'another network', 'another network', 'no answer'],
    ]);
  });

  const traced = (host: string) => {
    const started: { path: string; args: readonly string[]; listener: Listener }[] = [];
    let stops = 0;
    const follower = {
      follow: (path: string, args: readonly string[], listener: Listener) => {
        started.push({ path, args, listener });
        return {
          stop: () => {
            stops += 1;
          },
        };
      },
    };
    const server = () => ({ address: { host, port: 1 }, trust: { root: '' } });
    return { started, stops: () => stops, source: traceSource(parts({ follower, server })) };
  };

  it('goes on to the program that is installed, tells hops as they answer, and ends', async () => {
    const { started, source, stops } = traced('192.0.2.5');
    started[0]?.listener.ended({ code: -1, stdout: '', stderr: '', failure: 'missing' });
    expect(started.map(({ path }) => path)).toEqual(['/usr/bin/traceroute', '/usr/bin/tracepath']);
    started[1]?.listener.line(' 1:  192.0.2.5   0.5ms reached');
    expect(await source.take()).toMatchObject({
      isLast: false,
      sample: { isDone: false, hops: [{ address: '192.0.2.5' }] },
    });
    started[1]?.listener.ended({ code: 0, stdout: '', stderr: '' });
    expect(await source.take()).toMatchObject({ isLast: true, sample: { isDone: true } });
    source.stop?.();
    expect(stops()).toBe(1);
  });

  it.each(['-rf', 'a b', '$(id)', ''])('starts nothing for the host %j', async (host) => {
    const { started, source } = traced(host);
    expect([started, (await source.take()).isLast]).toEqual([[], true]);
  });
});

it('a redactor remembers what it has redacted, and cuts what is too long', () => {
  const redactor = new Redactor({ ...nothingKnown, users: ['mia'] });
  const once = redactor.text('session of mia', 100);
  expect([once, redactor.text('session of mia', 100), redactor.text('session of mia', 7)]).toEqual([
    ...[expect.not.stringContaining('mia'), once, 'session'],
  ]);
});
