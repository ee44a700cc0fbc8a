import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebFilter, type WebFilter } from '../../../agent/capabilities/webFilter/index.ts';
import { HostContext } from '../../../agent/context/context.ts';
import type { NetworkReader, WiredFacts } from '../../../agent/context/network/reader.ts';
import { Places } from '../../../agent/context/places.ts';
import { TrustedClock } from '../../../agent/context/trusted-clock.ts';
import type { QueryObserver } from '../../../agent/filter/view.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import type { SchoolCalendar, Window } from '../../../shared/calendar/calendar.ts';
import { compileNames } from '../../../shared/filter/compiled.ts';
import type { FilterSchedule, ListReference, Override, WebFilterSection } from '../../../shared/profile/web-filter.ts';
import { SeededRandom } from '../../fakes/clock.ts';
import { askDns } from '../../fakes/dns-question.ts';
import { FakeLog } from '../../fakes/log.ts';
import { FakeMachine } from '../../fakes/machine.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';
import { calendarIn } from '../../unit/calendar/calendars.ts';

const minute = 60_000;
const hour = 60 * minute;
const names = ['game.test', 'casino.test', 'social.test', 'school.test', 'free.test'];
const campus = [{ name: 'Lincoln High', gateways: ['00:11:22:33:44:55'] }];
const school: WiredFacts = { gateways: ['00:11:22:33:44:55'], addresses: ['10.20.3.4'] };
const home: WiredFacts = { gateways: ['66:66:66:66:66:66'], addresses: ['192.168.1.20'] };

const lunch: Window = { kind: 'periods', periods: ['Lunch'] };
const night: Window = {
  kind: 'times',
  from: '22:00',
  to: '06:00',
  days: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday'],
};
const always: Window = { kind: 'always' };

/** Lunch of a Monday in January is from 11:30 to 12:15. */
const chicago = (time: string) => Date.parse(`2026-01-12T${time}-06:00`);

describe('a filter by the clock and the place', () => {
  let folder: string;
  let upstream: FakeUpstream;
  let machine: FakeMachine;
  let network: NetworkReader & { facts: WiredFacts };
  let context: HostContext;
  let places: Places;
  let artifacts: Map<string, Uint8Array>;
  let filter: WebFilter;
  let observer: QueryObserver & { own: string[] };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-schedule-'));
    upstream = await new FakeUpstream(
      Object.fromEntries(
        names.map((name) => [`${name} A`, [{ type: 'A' as const, name, ttl: 60, data: '192.0.2.1' }]]),
      ),
    ).start();
    machine = new FakeMachine();
    artifacts = new Map();
    network = {
      facts: school,
      signature: async () => JSON.stringify(network.facts),
      wired: async () => network.facts,
      wifi: async () => ({}),
    };
    observer = {
      own: [],
      decided: () => undefined,
      ownQuestions(asked) {
        observer.own.push(...asked);
        return () => observer.own.splice(0);
      },
    };
    const log = new FakeLog();
    const reports = { openFinding: () => undefined, closeFinding: () => undefined };
    const { clock, boot } = machine;
    places = new Places({ network, clock, log });
    context = new HostContext(
      new TrustedClock({ clock, boot, path: join(folder, 'clock.json'), reports, log }),
      places,
    );
    context.start();
    filter = createWebFilter(
      {
        platform: 'linux',
        commands: { run: async () => ({ code: 0, stdout: '', stderr: '' }) },
        files: new HostFiles(folder, new MemoryOriginals()),
      },
      {
        dnsPort: 0,
        dnsAddress: '127.0.0.1',
        artifacts: { get: async (hash) => artifacts.get(hash) },
        clock,
        random: new SeededRandom(3),
        log,
        context,
        observer,
      },
    );
  });

  afterEach(async () => {
    await filter.stop();
    context.stop();
    await upstream.stop();
    await rm(folder, { recursive: true });
  });

  function list(category: string, listed: string[]): ListReference {
    const bytes = compileNames(listed);
    const hash = createHash('sha256').update(bytes).digest('hex');
    artifacts.set(hash, bytes);
    return { category, title: category, hash, bytes: bytes.length, names: listed.length, canary: listed[0] ?? '' };
  }

  function section(
    changes: Partial<WebFilterSection['settings']>,
    more: Partial<WebFilterSection> = {},
  ): WebFilterSection {
    return {
      settings: {
        upstream: { kind: 'plain', servers: [`127.0.0.1:${upstream.port}`] },
        lockedCategories: ['gambling'],
        blockedCategories: ['games'],
        ...changes,
      },
      lists: [list('games', ['game.test']), list('gambling', ['casino.test']), list('social', ['social.test'])],
      contact: 'it@school.test',
      calendar: calendarIn('America/Chicago'),
      campus,
      ...more,
    };
  }

  const schedule = (
    action: FilterSchedule['action'],
    categories: string[],
    when: Window,
    place: FilterSchedule['place'] = 'anywhere',
  ): FilterSchedule => {
    return { title: `${action} ${categories.join(' ')}`, action, categories, domains: [], when, place };
  };
  const override = (changes: Partial<Override>): Override => {
    return {
      id: 'o1',
      kind: 'allow',
      domains: [],
      categories: ['games'],
      from: 0,
      until: 0,
      reason: 'lesson',
      by: 'Ms Lee',
      ...changes,
    };
  };

  /** The server says what time it is, on this machine's clock too. */
  function setTime(time: number): void {
    machine.setWall(time);
    context.welcomed({ deviceId: 'd', serverTime: time, heartbeatSeconds: 60, acknowledged: 0 });
  }

  /** `open` or `blocked`, asked as a program would. */
  async function isOpen(name: string): Promise<boolean> {
    const { values, reasons } = await askDns(filter.address?.port ?? 0, name);
    if (values[0] === '192.0.2.1') return true;
    expect(reasons[0]).toMatch(/^15 /);
    return false;
  }

  async function seenOf(desired: WebFilterSection, item: string) {
    const { evidence } = await filter.observe(desired);
    return evidence.find((line) => line.item.startsWith(item));
  }

  it('opens games at lunch and closes them after, while the locked minimum stays', async () => {
    setTime(chicago('11:29'));
    const desired = section({ schedules: [schedule('allow', ['games', 'gambling'], lunch)] });
    await filter.apply(desired);
    expect(await isOpen('game.test')).toBe(false);
    expect(await seenOf(desired, 'category games')).toMatchObject({ expected: 'blocked', ok: true });
    machine.advance(minute);
    expect(await isOpen('game.test')).toBe(true);
    expect(await isOpen('casino.test')).toBe(false);
    expect(await seenOf(desired, 'category games')).toMatchObject({
      expected: 'opened by the schedule "allow games gambling"',
      seen: 'not asked',
      ok: true,
    });
    expect(await seenOf(desired, 'category gambling')).toMatchObject({ expected: 'blocked', ok: true });
    expect(await seenOf(desired, 'category social')).toMatchObject({ expected: 'not in force now', ok: true });
    expect(filter.decide('game.test')).toMatchObject({ action: 'pass', layer: 'schedule', until: chicago('12:15') });
    machine.advance(45 * minute);
    expect(await isOpen('game.test')).toBe(false);
    expect(filter.decide('game.test')).toMatchObject({ action: 'block', layer: 'category' });
  });

  it('does not open when the clock is turned back into lunch, or on to the next', async () => {
    setTime(chicago('12:16'));
    await filter.apply(section({ schedules: [schedule('allow', ['games'], lunch)] }));
    for (const set of [chicago('11:45'), chicago('11:45') + 24 * hour, chicago('11:45') - 365 * 24 * hour]) {
      machine.setWall(set);
      machine.advance(5 * minute);
      expect(await isOpen('game.test')).toBe(false);
    }
    expect(filter.now()).toBe(chicago('12:31'));
  });

  it('goes by the night past midnight, and by the morning after', async () => {
    setTime(chicago('21:59'));
    await filter.apply(section({ schedules: [schedule('block', ['social'], night)] }));
    expect(await isOpen('social.test')).toBe(true);
    machine.advance(minute);
    expect(await isOpen('social.test')).toBe(false);
    setTime(chicago('05:59') + 24 * hour);
    expect(await isOpen('social.test')).toBe(false);
    machine.advance(minute);
    expect(await isOpen('social.test')).toBe(true);
  });

  it('closes within half a minute after a sleep past the end', async () => {
    setTime(chicago('11:40'));
    await filter.apply(section({ schedules: [schedule('allow', ['games'], lunch)] }));
    expect(await isOpen('game.test')).toBe(true);
    machine.sleep(9 * hour);
    machine.advance(30_000);
    expect(await isOpen('game.test')).toBe(false);
  });

  it('follows the server at once when it says that lunch is over', async () => {
    setTime(chicago('11:40'));
    await filter.apply(section({ schedules: [schedule('allow', ['games'], lunch)] }));
    expect(await isOpen('game.test')).toBe(true);
    setTime(chicago('13:00'));
    expect(await isOpen('game.test')).toBe(false);
  });

  it('follows the place, and is strict where it is not known', async () => {
    setTime(chicago('10:00'));
    await filter.apply(
      section({
        schedules: [
          schedule('block', ['social'], always, 'on-campus'),
          schedule('allow', ['games'], always, 'off-campus'),
        ],
      }),
    );
    expect([filter.place, await isOpen('social.test'), await isOpen('game.test')]).toEqual(['on-campus', false, false]);
    network.facts = home;
    await places.look();
    expect([filter.place, await isOpen('social.test'), await isOpen('game.test')]).toEqual(['off-campus', true, true]);
    network.facts = {};
    machine.advance(30_000);
    await places.look();
    expect([filter.place, await isOpen('social.test'), await isOpen('game.test')]).toEqual(['unknown', false, false]);
  });

  it('begins and ends overrides by itself, without the server', async () => {
    setTime(chicago('10:00'));
    await filter.apply(section({}, { overrides: [override({ from: chicago('10:05'), until: chicago('10:35') })] }));
    expect(await isOpen('game.test')).toBe(false);
    machine.advance(5 * minute);
    expect(await isOpen('game.test')).toBe(true);
    expect(filter.decide('game.test')).toMatchObject({
      layer: 'override',
      assignment: 'Ms Lee',
      until: chicago('10:35'),
    });
    machine.advance(30 * minute);
    expect(await isOpen('game.test')).toBe(false);
    expect(machine.pending).toBeGreaterThan(0);
  });

  it('closes everything but a teacher’s list for the period', async () => {
    setTime(chicago('10:00'));
    const only = override({ kind: 'only', categories: [], domains: ['school.test'], until: chicago('11:30') });
    await filter.apply(section({}, { overrides: [only] }));
    expect([await isOpen('school.test'), await isOpen('free.test')]).toEqual([true, false]);
    setTime(chicago('11:30'));
    expect(await isOpen('free.test')).toBe(true);
  });

  it('answers every question while one policy follows another', async () => {
    setTime(chicago('11:29') + 59_990);
    await filter.apply(section({ schedules: [schedule('allow', ['games'], lunch)] }));
    const asked = Array.from({ length: 300 }, async (_, index) => {
      if (index % 10 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
        machine.advance(2);
      }
      return await askDns(filter.address?.port ?? 0, index % 2 === 0 ? 'game.test' : 'free.test');
    });
    const answers = await Promise.all(asked);
    expect(answers.filter(({ code }) => code !== 'NOERROR')).toEqual([]);
    expect(answers).toHaveLength(300);
    expect(await isOpen('game.test')).toBe(true);
  });

  it('records by the hour and the place', async () => {
    const levels = { recording: 'full', recordingAfterHours: 'counts', recordingOffCampus: 'none' } as const;
    expect(filter.recording).toBe('none');
    setTime(chicago('14:59'));
    await filter.apply(section(levels));
    expect(filter.recording).toBe('full');
    machine.advance(minute);
    expect(filter.recording).toBe('counts');
    network.facts = home;
    await places.look();
    expect(filter.recording).toBe('none');
  });

  it('measures what is in force and names its own questions', async () => {
    setTime(chicago('10:00'));
    const desired = section(
      { schedules: [schedule('block', ['social'], always)] },
      { essentials: ['school.test', '*.sign-in.test'] },
    );
    await filter.apply(desired);
    const asking = filter.observe(desired);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(observer.own).toContain('game.test');
    const { evidence } = await asking;
    expect(observer.own).toEqual([]);
    expect(evidence.filter(({ ok }) => !ok)).toEqual([]);
    const seen = Object.fromEntries(evidence.map((line) => [line.item, line.seen]));
    expect(seen['blocking, measured at the filter']).toMatch(/^3 of 3 names blocked, no leaks, median (under|of)/);
    expect(seen['essential school.test']).toBe('not blocked');
    expect(seen['essential *.sign-in.test']).toBe('not blocked');
  });

  it('lets only essentials pass for want of lists, where the district chose so, and says it', async () => {
    setTime(chicago('10:00'));
    const desired = section({ failMode: 'block' }, { essentials: ['school.test'] });
    const kept = new Map(artifacts);
    artifacts.clear();
    await expect(filter.apply(desired)).rejects.toMatchObject({
      code: 'list-missing',
      message: expect.stringMatching(/"games".* only essential names pass\.$/),
    });
    expect([await isOpen('school.test'), await isOpen('free.test'), await isOpen('game.test')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(filter.decide('free.test')).toEqual({ action: 'block', layer: 'default' });
    expect(await seenOf(desired, 'filter policy')).toMatchObject({ ok: false });
    for (const [hash, bytes] of kept) artifacts.set(hash, bytes);
    await filter.apply(desired);
    expect([await isOpen('free.test'), await isOpen('game.test')]).toEqual([true, false]);
    expect(filter.decide('free.test')).toEqual({ action: 'pass', layer: 'default' });
  });

  it('does not wait for a network that does not tell where it is', async () => {
    setTime(chicago('10:00'));
    const told = Promise.withResolvers<WiredFacts>();
    network.wired = () => told.promise;
    const applied = filter.apply(section({ schedules: [schedule('allow', ['games'], always, 'on-campus')] }));
    for (let i = 0; i < 50 && !filter.address; i += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      machine.advance(1000);
    }
    await applied;
    expect([filter.place, await isOpen('game.test')]).toEqual(['unknown', false]);
    told.resolve(school);
    await places.look();
    expect([filter.place, await isOpen('game.test')]).toEqual(['on-campus', true]);
  });

  it('uses each list as it comes while there was never a whole policy', async () => {
    setTime(chicago('10:00'));
    const desired = section({});
    const [, gambling] = desired.lists;
    const kept = artifacts.get(gambling?.hash ?? '') ?? new Uint8Array();
    artifacts.delete(gambling?.hash ?? '');
    const games = artifacts.get(desired.lists[0]?.hash ?? '') ?? new Uint8Array();
    artifacts.delete(desired.lists[0]?.hash ?? '');
    await expect(filter.apply(desired)).rejects.toMatchObject({ code: 'list-missing' });
    expect([await isOpen('game.test'), await isOpen('casino.test')]).toEqual([true, true]);
    artifacts.set(gambling?.hash ?? '', kept);
    await expect(filter.apply(desired)).rejects.toMatchObject({ code: 'list-missing' });
    expect([await isOpen('game.test'), await isOpen('casino.test')]).toEqual([true, false]);
    artifacts.set(desired.lists[0]?.hash ?? '', games);
    await filter.apply(desired);
    expect([await isOpen('game.test'), await isOpen('casino.test')]).toEqual([false, false]);
  });

  it('forwards with what there is where the district chose that', async () => {
    const desired = section({ failMode: 'pass', blockedDomains: ['free.test'] });
    artifacts.clear();
    await expect(filter.apply(desired)).rejects.toMatchObject({ code: 'list-missing' });
    expect([await isOpen('game.test'), await isOpen('free.test')]).toEqual([true, false]);
  });

  const dst: [string, SchoolCalendar, Window, string, string, string][] = [
    [
      'spring in Chicago',
      calendarIn('America/Chicago'),
      { kind: 'times', from: '22:00', to: '06:00', days: ['saturday'] },
      '2026-03-07T21:59-06:00',
      '2026-03-08T05:59-05:00',
      '2026-03-08T06:00-05:00',
    ],
    [
      'autumn in Berlin',
      calendarIn('Europe/Berlin'),
      { kind: 'times', from: '22:00', to: '06:00', days: ['saturday'] },
      '2026-10-24T21:59+02:00',
      '2026-10-25T05:59+01:00',
      '2026-10-25T06:00+01:00',
    ],
    [
      'half an hour on Lord Howe',
      calendarIn('Australia/Lord_Howe'),
      { kind: 'times', from: '22:00', to: '06:00', days: ['saturday'] },
      '2026-04-04T21:59+11:00',
      '2026-04-05T05:59+10:30',
      '2026-04-05T06:00+10:30',
    ],
  ];
  it.each(dst)('keeps a night over the change of clocks: %s', async (_words, calendar, when, before, last, after) => {
    setTime(Date.parse(before));
    await filter.apply(section({ schedules: [schedule('block', ['social'], when)] }, { calendar }));
    expect(await isOpen('social.test')).toBe(true);
    machine.advance(minute);
    expect(await isOpen('social.test')).toBe(false);
    machine.advance(Date.parse(last) - Date.parse(before) - minute);
    expect(await isOpen('social.test')).toBe(false);
    machine.advance(Date.parse(after) - Date.parse(last));
    expect(await isOpen('social.test')).toBe(true);
  });
});
