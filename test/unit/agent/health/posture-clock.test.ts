import { describe, expect, it } from 'vitest';
import {
  linuxTimeSync,
  macTimeSync,
  readChronyTracking,
  readNetworkTime,
  readNetworkTimeServer,
  readSntp,
  readTimedatectl,
  readTimesyncStatus,
  readW32tm,
} from '../../../../agent/health/posture/time-sync.ts';
import { TimeSyncObservation } from '../../../../shared/protocol/health.ts';
import { validator } from '../../../../shared/schema.ts';
import { denied, done, missing, recordedCommands } from './recorded.ts';

const schema = validator(TimeSyncObservation);

/** Layout of `timedatectl show` in timedatectl(1), systemd 252. */
const shown = (ntp: string, synchronised: string) =>
  done(
    `Timezone=America/Chicago\nLocalRTC=no\nCanNTP=yes\nNTP=${ntp}\nNTPSynchronized=${synchronised}\nTimeUSec=Mon 2026-10-05 09:00:00 CDT\n`,
  );
/** Layout of `timedatectl timesync-status` in timedatectl(1). */
const status = (offset: string) =>
  done(
    `       Server: 192.0.2.1 (time.example.org)\nPoll interval: 34min 8s (min: 32s; max 34min 8s)\n         Leap: normal\n       Offset: ${offset}\n        Delay: 10.1ms\n`,
  );
/** Fields of `chronyc -c tracking` in chronyc(1), chrony 4.3. */
const tracking = (offset: string, leap: string) =>
  done(
    `C0000201,192.0.2.1,3,1759672800.123456789,${offset},0.000012345,0.000034,-12.3,0.001,0.02,0.011,0.0012,64.2,${leap}\n`,
  );

describe('Linux: is the clock synchronised (layouts of the manual pages, values made up)', () => {
  it.each([
    ['systemd says yes', readTimedatectl(shown('yes', 'yes')), 'synchronised'],
    ['systemd says not yet', readTimedatectl(shown('yes', 'no')), 'not-synchronised'],
    ['the network does not set it', readTimedatectl(shown('no', 'no')), 'not-synchronised'],
    ['a systemd too old to tell', readTimedatectl(done('Timezone=UTC\n')), 'unknown'],
    // Run here, in a container without systemd.
    [
      'no systemd',
      readTimedatectl(done('', 1, 'System has not been booted with systemd as init system (PID 1).')),
      'unknown',
    ],
    ['no timedatectl', readTimedatectl(missing), 'unknown'],
    ['may not be asked', readTimedatectl(denied), 'unknown'],
    ['chrony, normal', readChronyTracking(tracking('0.000001', 'Normal')), 'synchronised'],
    ['chrony, a leap second ahead', readChronyTracking(tracking('-0.2', 'Insert second')), 'synchronised'],
    ['chrony without a source', readChronyTracking(tracking('0.0', 'Not synchronised')), 'not-synchronised'],
    ['chrony says something new', readChronyTracking(tracking('0.0', 'Perhaps')), 'unknown'],
    // Run here: chronyc 4.3 without a daemon.
    ['chrony without its daemon', readChronyTracking(done('506 Cannot talk to daemon\n', 1)), 'unknown'],
    ['chrony prints nothing', readChronyTracking(done('')), 'unknown'],
  ])('%s', (_, found, state) => {
    expect(found.state).toBe(state);
    expect(found.evidence).not.toBe('');
    expect(schema.problems(found)).toEqual([]);
  });

  it.each<[string, number | undefined]>([
    ['-4.217ms', -0.004217],
    ['+12us', 0.000012],
    ['+1min 2.5s', 62.5],
    ['-1h 1min', -3660],
    ['n/a', undefined],
    ['+1 lightyear', undefined],
  ])('the offset %s is %s seconds', (words, seconds) => {
    const found = readTimesyncStatus(status(words));
    if (seconds === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(seconds, 9);
  });

  it('chrony is asked first, its offset in whole seconds', async () => {
    const commands = recordedCommands({ '/usr/bin/chronyc -c tracking': tracking('-3.9', 'Normal') });
    expect(await linuxTimeSync(commands)).toMatchObject({ state: 'synchronised', offsetSeconds: -3 });
  });

  it('a chrony whose daemon is silent leaves the word to systemd', async () => {
    const commands = recordedCommands({
      '/usr/bin/chronyc -c tracking': done('506 Cannot talk to daemon\n', 1),
      '/usr/bin/timedatectl show': shown('yes', 'yes'),
      '/usr/bin/timedatectl timesync-status': status('+61.2s'),
    });
    expect(await linuxTimeSync(commands)).toMatchObject({ state: 'synchronised', offsetSeconds: 61 });
  });

  it('an absurd offset still fits the schema', () => {
    expect(schema.problems(readChronyTracking(tracking('9e99', 'Normal')))).toEqual([]);
    expect(schema.problems(readChronyTracking(tracking('NaN', 'Normal')))).toEqual([]);
  });
});

/** Layout of `w32tm /query /status /verbose` in Microsoft's "Windows Time service tools and settings"; only the labels are translated. */
const english = (leap: string, offset: string) =>
  done(
    [
      `Leap Indicator: ${leap}`,
      'Version Number: 3',
      'Stratum: 4 (secondary reference - syncd by (S)NTP)',
      'Precision: -23 (119.209ns per tick)',
      'Root Delay: 0.0305371s',
      'Root Dispersion: 7.7734210s',
      'ReferenceId: 0xC0000201 (source IP:  192.0.2.1)',
      'Last Successful Sync Time: 10/5/2026 9:00:00 AM',
      'Source: time.windows.com,0x8',
      'Poll Interval: 6 (64s)',
      '',
      `Phase Offset: ${offset}`,
      'ClockRate: 0.0156250s',
      'State Machine: 2 (Sync)',
      '',
    ].join('\r\n'),
  );
const german = (leap: string, offset: string) =>
  done(
    [
      `Sprungindikator: ${leap}`,
      'Stratum: 4 (Sekundärreferenz - synchr. über (S)NTP)',
      'Präzision: -23 (119.209ns pro Tick)',
      'Stammverzögerung: 0.0305371s',
      'Stammabweichung: 7.7734210s',
      'Quelle: time.windows.com,0x8',
      'Abrufintervall: 6 (64s)',
      '',
      `Phasenabweichung: ${offset}`,
      'Taktrate: 0.0156250s',
    ].join('\r\n'),
  );

describe('Windows (never run; layout from vendor documentation, values and German labels made up)', () => {
  it.each([
    ['in step', readW32tm(english('0(no warning)', '-0.0004387s')), 'synchronised', 0],
    ['two seconds off', readW32tm(english('0(no warning)', '2.7004387s')), 'synchronised', 2],
    ['not synchronised', readW32tm(english('3(not synchronized)', '0.0000000s')), 'not-synchronised', undefined],
    ['in step, German', readW32tm(german('0(keine Warnung)', '-70.5004387s')), 'synchronised', -70],
    ['not synchronised, German', readW32tm(german('3(nicht synchronisiert)', '0s')), 'not-synchronised', undefined],
    [
      'in step, blanks before the colon',
      readW32tm(done('Indicateur de dérive : 0 (aucun avertissement)\r\n')),
      'synchronised',
      undefined,
    ],
    [
      'the service is stopped',
      readW32tm(done('The following error occurred: The service has not been started. (0x80070426)\r\n', 1)),
      'not-synchronised',
      undefined,
    ],
    [
      'no rights',
      readW32tm(done('The following error occurred: Access is denied. (0x80070005)\r\n', 1)),
      'unknown',
      undefined,
    ],
    ['no answer', readW32tm(done('')), 'unknown', undefined],
    ['no such program', readW32tm(missing), 'unknown', undefined],
  ])('%s', (_, found, state, offset) => {
    expect([found.state, found.offsetSeconds]).toEqual([state, offset]);
    expect(schema.problems(found)).toEqual([]);
  });
});

/** systemsetup(8) and sntp(1), as CIS macOS 2.3.2 quotes them. */
const on = done('Network Time: On\n');
const server = done('Network Time Server: time.apple.com\n');
const systemsetup = '/usr/sbin/systemsetup';

describe('macOS (never run; values made up in documented forms)', () => {
  it.each([
    ['on', readNetworkTime(on), true],
    ['off', readNetworkTime(done('Network Time: Off\n')), false],
    ['no rights', readNetworkTime(done('You need administrator access to run this tool... exiting!\n')), undefined],
    ['nothing', readNetworkTime(done('')), undefined],
  ])('network time: %s', (_, found, state) => expect(found).toBe(state));

  it('a server that would be an option of sntp is none', () => {
    expect(readNetworkTimeServer(server)).toBe('time.apple.com');
    expect(readNetworkTimeServer(done('Network Time Server: -K /tmp/x\n'))).toBeUndefined();
  });

  it.each([
    ['near', done('+0.003456 +/- 0.012345 time.apple.com 17.253.6.125\n'), 'synchronised', 0],
    ['far', done('-301.2 +/- 0.012345 time.apple.com 17.253.6.125\n'), 'synchronised', -301],
    ['not reached', done('', 1, 'sntp: Exchange failed: Timeout\n'), 'unknown', undefined],
  ])('sntp: %s', (_, result, state, offset) => {
    const found = readSntp(result);
    expect([found.state, found.offsetSeconds]).toEqual([state, offset]);
    expect(schema.problems(found)).toEqual([]);
  });

  it('asks its own server only when the clock follows one', async () => {
    const off = recordedCommands({ [`${systemsetup} -getusingnetworktime`]: done('Network Time: Off\n') });
    expect((await macTimeSync(off)).state).toBe('not-synchronised');
    const all = recordedCommands({
      [`${systemsetup} -getusingnetworktime`]: on,
      [`${systemsetup} -getnetworktimeserver`]: server,
      '/usr/bin/sntp -t 5 time.apple.com': done('+0.1 +/- 0.012345 time.apple.com 17.253.6.125\n'),
    });
    expect(await macTimeSync(all)).toMatchObject({ state: 'synchronised', offsetSeconds: 0 });
  });
});
