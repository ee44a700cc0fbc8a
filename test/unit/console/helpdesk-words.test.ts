import { describe, expect, it } from 'vitest';
import { hardwareCharts, memoryPercent, processorPercent } from '../../../server/console/src/chart-moments.ts';
import { actionProblem, blankAction, resultWords } from '../../../server/console/src/command-words.ts';
import { healthSigns } from '../../../server/console/src/device-signs.ts';
import { timelineOf } from '../../../server/console/src/device-timeline.ts';
import { countdown } from '../../../server/console/src/diagnosis-words.ts';
import { fromHours, helpdeskProblems, toHours } from '../../../server/console/src/helpdesk-form.ts';
import { blankScript, scriptAction, scriptProblems } from '../../../server/console/src/script-form.ts';
import { digestOf, fingerprint, readSigned } from '../../../server/console/src/sign-text.ts';
import { clockWords, nextClock, schoolTime } from '../../../server/console/src/ticket-words.ts';
import type { DeviceDetail, ServiceClock } from '../../../shared/api/schemas.ts';
import { events } from '../../fakes/console-district.ts';
import { commands, scripts } from '../../fakes/console-helpdesk-commands.ts';
import { helpdeskSettings, ticketViews } from '../../fakes/console-helpdesk-tickets.ts';

const clock = (state: ServiceClock['state'], minutesLeft: number | null): ServiceClock => ({
  ...{ state, minutesLeft, dueAt: null, metAt: null },
});

describe('promises in words', () => {
  it.each([
    [1, '1 minute'],
    [59, '59 minutes'],
    [60, '1 hour'],
    [200, '3 hours 20 minutes'],
    [760, '12 hours'],
  ])('%i school minutes are %s', (minutes, words) => expect(schoolTime(minutes)).toBe(words));

  it.each([
    [clock('running', 30), '30 minutes left', 'warn'],
    [clock('running', 90), '1 hour 30 minutes left', 'grace'],
    [clock('late', -140), 'Late by 2 hours 20 minutes', 'bad'],
    [clock('paused', null), 'Stands', 'plain'],
    [clock('met-late', null), 'Kept late', 'warn'],
    [clock('none', null), 'Nothing promised', 'plain'],
  ])('%j', (given, words, tone) => expect(clockWords(given)).toEqual({ words, tone }));

  it('speaks of the reply until there is one, then of the solution', () => {
    const resolution = clock('running', 300);
    expect(nextClock({ firstReply: clock('late', -5), resolution }).of).toBe('Reply');
    expect(nextClock({ firstReply: clock('met', null), resolution }).of).toBe('Solution');
  });
});

describe('commands', () => {
  it('tells first what needs somebody', () => {
    const restart = commands().find(({ id }) => id === 'cmd8');
    expect(restart && resultWords(restart)).toBe('1 failed, 4 postponed, 3 sent, 3 not sent yet, 17 done');
  });

  it.each([
    ['check-again', undefined],
    ['message', 'Write the message.'],
    ['lost-mode', 'Say whom a finder should call.'],
    ['run-script', 'Choose a script.'],
  ] as const)('%s begins lacking: %s', (kind, problem) => expect(actionProblem(blankAction(kind))).toBe(problem));

  it('a script runs as it was published, and not before its parameters are there', () => {
    const [script] = scripts();
    expect(script && scriptAction(script, {})).toBeUndefined();
    const hash = script?.published?.hash;
    expect(script && scriptAction(script, { DAYS: 30 })).toMatchObject({ revision: 2, hash, parameters: { DAYS: 30 } });
  });

  it('names what a script lacks', () => {
    const parameter = { title: '', kind: 'choice', required: true } as const;
    const parameters = [
      { ...parameter, name: 'ROOM' },
      { ...parameter, name: 'room' },
    ];
    expect(scriptProblems({ ...blankScript, parameters, timeoutSeconds: 0 })).toEqual([
      'Name: Give the script a name.',
      'Script: Write what runs.',
      'Parameter 1: Say what can be chosen for ROOM.',
      'Parameter 2: Its name is of capitals, figures and underscores, such as DAYS.',
      'Time limit: Between 1 and 600 seconds.',
    ]);
  });
});

describe('what is signed', () => {
  it('is read value by value, with instants in words', () => {
    const lines = readSigned('{"action":{"kind":"wipe"},"devices":["a","b"],"expiresAt":1795334400000,"roster":3}');
    expect(lines?.map(({ path }) => path)).toEqual(['action.kind', 'devices', 'expiresAt', 'roster']);
    expect(lines?.[1]?.value).toBe('a, b');
    expect(lines?.[2]?.value).toMatch(/^1795334400000 \(\d+ Nov 2026, \d\d:\d\d\)$/);
  });

  it('is shown as it stands when it is no JSON', () => expect(readSigned('wipe {')).toBeUndefined());

  it('is digested here, byte by byte of its UTF-8', async () =>
    expect(fingerprint(await digestOf('é'))).toMatch(/^4a 99 55 7e /));
});

describe('a device at a glance', () => {
  const now = 1_795_334_400_000;
  const signs = (health: object) =>
    healthSigns({ health } as unknown as DeviceDetail, now).map(({ label, tone }) => `${label} ${tone}`);
  const at = '2026-11-22T08:00:00.000Z';

  it.each([
    [{ load: { at, value: { cpuPercent: 12, memoryUsedPercent: 96 } } }, ['Processor plain', 'Memory bad']],
    [
      {
        disks: {
          at,
          value: {
            volumes: [{ mount: '/', kind: 'ext4', sizeBytes: 1, usedPercent: 90 }],
            drives: [{ name: 'a', smart: 'failing' }],
          },
        },
      },
      ['Disk warn', 'Drive bad'],
    ],
    [{ battery: { at, value: { present: true, chargePercent: 50, lostPercent: 45 } } }, ['Battery warn']],
    [{ network: { at, value: { kind: 'wireless', signalPercent: 20 } } }, ['Network warn']],
    [
      { os: { at, value: { name: 'x', version: '1', bootedAt: now - 30 * 86_400_000, rebootRequired: true } } },
      ['Running for warn', 'Updates warn'],
    ],
    [{}, []],
  ])('%j', (health, expected) => expect(signs(health)).toEqual(expected));

  it('has everything that happened in one line, newest first', () => {
    const happened = timelineOf({ events: events.slice(0, 3), tickets: ticketViews(), commands: commands() });
    const times = happened.map(({ at: when }) => Date.parse(when));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set(happened.map(({ kind }) => kind))).toEqual(new Set(['event', 'ticket', 'command']));
  });
});

describe('charts', () => {
  const sample = (at: number, disks: { name: string }[]) => ({
    ...{ kind: 'hardware' as const, at, cores: [0.5, 1], networks: [], temperatures: [] },
    memory: { usedBytes: 1, totalBytes: 4, swapUsedBytes: 0 },
    disks: disks.map(({ name }) => ({ name, readBytesPerSecond: 1, writeBytesPerSecond: 2, busy: 0 })),
  });

  it('shows the mean of the cores and the share of memory', () => {
    expect(processorPercent(sample(1, []))).toBe(75);
    expect(memoryPercent(sample(1, []))).toBe(25);
  });

  it('draws what the last sample names, with gaps where it was not there', () => {
    const { disks } = hardwareCharts([sample(1, []), sample(2, [{ name: 'sda' }])]);
    expect(disks.lines.map(({ label }) => label)).toEqual(['sda read', 'sda written']);
    expect(disks.moments).toEqual([{ at: 1 }, { at: 2, 'sda read': 1, 'sda written': 2 }]);
  });

  it.each([
    [65_000, '1:05'],
    [0, '0:00'],
    [-5, '0:00'],
  ])('%i ms are left as %s', (ms, words) => expect(countdown(1000 + ms, 1000)).toBe(words));
});

describe('the settings of the helpdesk', () => {
  it('writes school hours, and an empty field promises nothing', () => {
    expect(fromHours(toHours(15))).toBe(15);
    expect(fromHours(toHours(null))).toBeNull();
  });

  it('names what the server would refuse with its place', () => {
    const high = { firstReplyMinutes: 600, resolutionMinutes: 60 };
    const mail = { host: '', port: 0, security: 'tls', user: null, from: 'x' } as const;
    const serviceLevel = { ...helpdeskSettings.serviceLevel, high };
    expect(helpdeskProblems({ ...helpdeskSettings, serviceLevel, mail })).toEqual([
      'High: The solution is promised before the reply.',
      'Mail: Name the server that sends it.',
      'Mail: The port is between 1 and 65,535.',
      'Mail: Say which address it comes from.',
    ]);
    expect(helpdeskProblems(helpdeskSettings)).toEqual([]);
  });
});
