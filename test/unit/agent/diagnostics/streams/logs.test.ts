import { describe, expect, it } from 'vitest';
import { nothingKnown } from '../../../../../agent/diagnostics/redact.ts';
import { parseUnified, unifiedLog } from '../../../../../agent/diagnostics/streams/log-darwin.ts';
import { journal, parseJournal } from '../../../../../agent/diagnostics/streams/log-linux.ts';
import { eventQuery, parseEvents } from '../../../../../agent/diagnostics/streams/log-win32.ts';
import { logSource } from '../../../../../agent/diagnostics/streams/logs.ts';
import { Redactor } from '../../../../../agent/diagnostics/streams/redactor.ts';
import type { StreamParts } from '../../../../../agent/diagnostics/streams/stream-parts.ts';
import type { Listener } from '../../../../../agent/platform/commands.ts';
import type { StreamFilter } from '../../../../../shared/diagnostics/streams.ts';
import { FakeClock } from '../../../../fakes/clock.ts';

const at = 1_790_000_000_000;
const entry = (fields: object = {}) =>
  JSON.stringify({
    __CURSOR: 's=1;i=2',
    __REALTIME_TIMESTAMP: String(at * 1_000 + 7),
    ...{ PRIORITY: '4', _UID: '0', _SYSTEMD_UNIT: 'NetworkManager.service', MESSAGE: 'dhcp4: no lease', ...fields },
  });

describe('journalctl', () => {
  it('is asked as its manual says', () => {
    expect(journal({ level: 'warning', unit: 'cups.service' }, 30, true)).toMatchObject({
      path: '/usr/bin/journalctl',
      args: [
        ...['--follow', '--output=json'],
        '--output-fields=MESSAGE,PRIORITY,_UID,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER',
        ...['--lines=30', '--priority=4', '--unit=cups.service'],
      ],
    });
  });

  it.each(['--file=/etc/shadow', 'a;b', '$(id)', 'a\nb', '-x', '*'])('is not asked for the service %j', (unit) => {
    expect(journal({ unit }, 30, true)).toBeUndefined();
    expect(unifiedLog({ unit })).toBeUndefined();
    expect(eventQuery('System', { unit }, 1000)).toBeUndefined();
  });

  it.each<[string, string, object | undefined]>([
    [
      'an entry',
      entry(),
      { at, level: 'warning', unit: 'NetworkManager.service', words: 'dhcp4: no lease', isPersons: false },
    ],
    [
      'the kernel',
      entry({ _UID: undefined, _SYSTEMD_UNIT: undefined, SYSLOG_IDENTIFIER: 'kernel', PRIORITY: '3' }),
      { unit: 'kernel', level: 'error', isPersons: false },
    ],
    ['a program of a person', entry({ _UID: '1000' }), { isPersons: true }],
    ['a service that is made for its run', entry({ _UID: '61184' }), { isPersons: false }],
    ['bytes that are no text', entry({ MESSAGE: [255, 254] }), { words: '(no text)' }],
    ['an entry without a level', entry({ PRIORITY: undefined }), { level: 'info' }],
    ['an entry without a time', entry({ __REALTIME_TIMESTAMP: 'now' }), undefined],
    ['what is no entry', '-- Journal begins at Mon --', undefined],
    ['half an entry', entry().slice(0, 40), undefined],
  ])('reads %s', (_name, line, expected) => {
    if (expected) expect(parseJournal(line)).toMatchObject(expected);
    else expect(parseJournal(line)).toBeUndefined();
  });
});

describe('the unified log of macOS', () => {
  it('is asked as its manual says', () => {
    expect(unifiedLog({ level: 'error', unit: 'wifid' })).toMatchObject({
      path: '/usr/bin/log',
      args: [
        ...['stream', '--style', 'ndjson', '--predicate'],
        '(messageType == error OR messageType == fault) AND (process == "wifid" OR subsystem == "wifid")',
      ],
    });
  });

  it('is read from what it prints', () => {
    const line = JSON.stringify({
      ...{ timestamp: '2026-11-22 20:00:00.123456-0600', messageType: 'Error', eventMessage: 'Join failed' },
      ...{ subsystem: 'com.apple.wifi', processImagePath: '/usr/libexec/wifid', userID: 0 },
    });
    expect(parseUnified(line)).toEqual({
      ...{ at: Date.UTC(2026, 10, 23, 2, 0, 0, 123), level: 'error', unit: 'com.apple.wifi', words: 'Join failed' },
      isPersons: false,
    });
    expect(parseUnified(line.replace('"userID":0', '"userID":501'))?.isPersons).toBe(true);
    expect(parseUnified('Filtering the log data using "messageType == 16"')).toBeUndefined();
  });
});

describe('the Event Log of Windows', () => {
  const event = (record: number, more = '') =>
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-WLAN-AutoConfig'/><Level>3</Level><TimeCreated SystemTime='2026-11-22T20:00:00.1234567Z'/><EventRecordID>${record}</EventRecordID>${more}</System><RenderingInfo Culture='en-US'><Message>Signal &lt; 20 &amp; lost&#13;&#10;again</Message></RenderingInfo></Event>`;

  it('is asked as its manual says, and never for Security', () => {
    expect(eventQuery('System', { level: 'error', unit: 'Disk' }, 5_000)).toEqual({
      path: 'C:\\Windows\\System32\\wevtutil.exe',
      args: [
        ...['qe', 'System'],
        "/q:*[System[(Level=1 or Level=2) and Provider[@Name='Disk'] and TimeCreated[timediff(@SystemTime) <= 5000]]]",
        ...['/f:RenderedXml', '/c:100', '/rd:true'],
      ],
    });
  });

  it('is read from what it prints', () => {
    expect(
      parseEvents(`${event(7)}${event(8, "<Security UserID='S-1-5-21-1-2-3-1001'/>")}<Event>broken</Event>`),
    ).toEqual([
      {
        ...{ at: Date.UTC(2026, 10, 22, 20, 0, 0, 123), record: 7, level: 'warning', isPersons: false },
        ...{ unit: 'Microsoft-Windows-WLAN-AutoConfig', words: 'Signal < 20 & lost  again' },
      },
      expect.objectContaining({ record: 8, isPersons: true }),
    ]);
  });

  it('is told once, however often it is asked', async () => {
    const clock = new FakeClock();
    const commands = { run: async () => ({ code: 0, stdout: event(7), stderr: '' }) };
    const source = logSource({ ...parts({}), platform: 'win32', clock, commands } as StreamParts, { filter: {} });
    const first = await source.take();
    clock.advance(5_000);
    // The two logs each hold an event of that number.
    expect([first.sample?.lines.length, (await source.take()).sample?.lines.length]).toEqual([2, 0]);
  });
});

let said: Listener | undefined;
let stops = 0;

function parts(context: Partial<typeof nothingKnown>): Partial<StreamParts> {
  const redactor = new Redactor({ ...nothingKnown, ...context });
  const follow = (_path: string, _args: readonly string[], listener: Listener) => {
    said = listener;
    return {
      stop: () => {
        stops += 1;
      },
    };
  };
  return { platform: 'linux', redactor, follower: { follow } };
}

const followed = (filter: StreamFilter = {}, context = {}) => logSource(parts(context) as StreamParts, { filter });

describe('a stream of the log', () => {
  it('tells lines redacted, and none of what a person runs', async () => {
    const source = followed({}, { users: ['mia'] });
    said?.line(entry({ MESSAGE: 'opened /home/mia/diary.txt for mia@school.example' }));
    said?.line(entry({ MESSAGE: 'my secret', _UID: '1000' }));
    const { sample } = await source.take();
    expect(sample?.lines).toHaveLength(1);
    expect(sample?.lines[0]?.words).not.toMatch(/mia|diary|school\.example/);
  });

  it('cannot be searched for what is not told', async () => {
    const source = followed({ text: 'mia' }, { users: ['mia'] });
    said?.line(entry({ MESSAGE: 'session of mia' }));
    expect((await source.take()).sample?.lines).toEqual([]);
  });

  it('finds what its filter says, in any case', async () => {
    const source = followed({ text: 'LEASE' });
    said?.line(entry());
    said?.line(entry({ MESSAGE: 'something else' }));
    expect((await source.take()).sample?.lines.map(({ words }) => words)).toEqual(['dhcp4: no lease']);
  });

  it('leaves out what is too much, and says how much that was', async () => {
    const source = followed();
    for (let line = 0; line < 1_000; line += 1) said?.line(entry({ MESSAGE: `line ${line}` }));
    const { sample } = await source.take();
    expect(sample?.lines).toHaveLength(100);
    expect(sample?.dropped).toBe(900);
    expect((await source.take()).sample).toEqual({ kind: 'logs', lines: [], dropped: 0 });
  });

  it('fits into a message, however long the lines', async () => {
    const source = followed();
    for (let line = 0; line < 100; line += 1) said?.line(entry({ MESSAGE: '€'.repeat(900) }));
    const { sample } = await source.take();
    expect(Buffer.byteLength(JSON.stringify(sample))).toBeLessThan(131_072);
    expect((sample?.lines.length ?? 0) + (sample?.dropped ?? 0)).toBe(100);
  });

  it('puts first what did not leave, as far as there is room', async () => {
    const source = followed();
    said?.line(entry({ MESSAGE: 'first' }));
    const { sample } = await source.take();
    if (sample) source.undo?.(sample);
    said?.line(entry({ MESSAGE: 'second' }));
    expect((await source.take()).sample?.lines.map(({ words }) => words)).toEqual(['first', 'second']);
  });

  it('ends the program when it is stopped, and says when the program ended', async () => {
    const source = followed();
    said?.ended({ code: 1, stdout: '', stderr: '' });
    expect((await source.take()).isLast).toBe(true);
    const before = stops;
    source.stop?.();
    expect(stops).toBe(before + 1);
  });
});
