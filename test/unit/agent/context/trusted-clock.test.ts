import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemBootClock } from '../../../../agent/context/boot-clock.ts';
import { TrustedClock } from '../../../../agent/context/trusted-clock.ts';
import { systemClock } from '../../../../agent/platform/clock.ts';
import type { Window } from '../../../../shared/calendar/calendar.ts';
import { windowState } from '../../../../shared/calendar/windows.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { FakeMachine } from '../../../fakes/machine.ts';
import { calendarIn } from '../../calendar/calendars.ts';

const minute = 60_000;
const hour = 60 * minute;
const year = 365 * 24 * hour;

let folder: string;
let machine: FakeMachine;
let log: FakeLog;
let findings: Map<string, string>;
let said: string[];
const running: TrustedClock[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-clock-'));
  machine = new FakeMachine();
  log = new FakeLog();
  findings = new Map();
  said = [];
});

afterEach(() => {
  for (const clock of running.splice(0)) clock.stop();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const mark = () => join(folder, 'clock.json');

function agent(boot = machine.boot): TrustedClock {
  const reports = {
    openFinding(code: string, detail: string) {
      findings.set(code, detail);
      said.push(detail);
    },
    closeFinding(code: string) {
      findings.delete(code);
    },
  };
  const clock = new TrustedClock({ clock: machine.clock, boot, path: mark(), reports, log });
  clock.start();
  running.push(clock);
  return clock;
}

/** Ended without a word, as by a power cut. */
function killed(clock: TrustedClock): void {
  const before = existsSync(mark()) ? readFileSync(mark()) : undefined;
  clock.stop();
  if (before) writeFileSync(mark(), before);
  else rmSync(mark());
  running.splice(running.indexOf(clock), 1);
}

const lunch: Window = { kind: 'times', from: '11:30', to: '12:15', days: ['monday'] };

describe('the time schedules go by', () => {
  it('is the wall clock before it starts, and where nothing better is known', () => {
    const clock = agent();
    expect(clock.now()).toBe(machine.time);
    machine.advance(3 * hour);
    expect(clock.now()).toBe(machine.time);
  });

  it('does not open a closed window when the clock is turned back an hour', () => {
    const calendar = calendarIn('America/Chicago', { terms: [] });
    const clock = agent();
    clock.learned(Date.parse('2026-01-12T12:20-06:00'));
    machine.setWall(Date.parse('2026-01-12T11:20-06:00'));
    machine.advance(30 * minute);
    expect(machine.clock.now()).toBe(Date.parse('2026-01-12T11:50-06:00'));
    expect(windowState(lunch, calendar, machine.clock.now()).holds).toBe(true);
    expect(windowState(lunch, calendar, clock.now())).toEqual({
      holds: false,
      until: Date.parse('2026-01-19T11:30-06:00'),
    });
  });

  it.each([
    ['back an hour', -hour],
    ['forward an hour', hour],
    ['back a year', -year],
    ['forward a year', year],
    ['to 1970', -57 * year],
  ])('is not moved by a wall clock set %s, and says so until it fits again', (_words, by) => {
    const clock = agent();
    const wall = machine.time + by;
    machine.setWall(wall);
    machine.advance(10 * minute);
    expect(clock.now()).toBe(machine.time);
    expect(said).toHaveLength(1);
    expect(findings.get('clock-changed')).toContain(new Date(wall + minute).toISOString().slice(0, 16));
    expect(findings.get('clock-changed')).toContain(new Date(machine.time - 9 * minute).toISOString().slice(0, 16));
    machine.setWall(machine.time);
    machine.advance(minute);
    expect(findings.size).toBe(0);
  });

  it('says it again when the clock is set to something else', () => {
    agent();
    machine.setWall(machine.time - hour);
    machine.advance(5 * minute);
    machine.setWall(machine.time - 3 * hour);
    machine.advance(5 * minute);
    expect(said).toHaveLength(2);
  });

  it('lets two minutes pass as inexact', () => {
    agent();
    machine.setWall(machine.time + 2 * minute - 1000);
    machine.advance(5 * minute);
    expect(said).toEqual([]);
  });

  it('counts nine hours of sleep', () => {
    const clock = agent();
    machine.advance(minute);
    machine.sleep(9 * hour);
    machine.advance(1000);
    expect(clock.now()).toBe(machine.time);
    expect(findings.size).toBe(0);
  });

  it('follows the server, also back, and tells who asked to hear of it', () => {
    const clock = agent();
    let heard = 0;
    const off = clock.onCorrected(() => {
      heard += 1;
    });
    clock.learned(machine.time - 5 * hour);
    expect(clock.now()).toBe(machine.time - 5 * hour);
    expect(findings.has('clock-changed')).toBe(true);
    machine.advance(hour);
    expect(clock.now()).toBe(machine.time - 5 * hour);
    clock.learned(machine.time - 5 * hour + 1000);
    expect(heard).toBe(1);
    off();
    clock.learned(machine.time);
    expect(heard).toBe(1);
    expect(findings.size).toBe(0);
  });

  it('goes on over a restart of the agent, whatever the wall clock says meanwhile', () => {
    const first = agent();
    first.learned(machine.time);
    machine.advance(20 * minute);
    killed(first);
    machine.setWall(machine.time + 3 * hour);
    machine.sleep(hour);
    expect(agent().now()).toBe(machine.time);
  });

  it('goes on over a restart within one step of a boot clock that is read in steps of 10 ms', () => {
    const stepped = { ...machine.boot, elapsed: () => Math.floor(machine.boot.elapsed() / 10) * 10 };
    const first = agent(stepped);
    machine.advance(7);
    first.stop();
    expect(agent(stepped).now()).toBe(machine.time);
  });

  it('stands at most minutes before a power cut when the machine starts with its clock turned back', () => {
    const first = agent();
    machine.advance(23 * minute);
    const cutAt = machine.time;
    killed(first);
    machine.reboot(hour);
    machine.setWall(machine.time - 8 * hour);
    machine.advance(2 * minute);
    const clock = agent();
    expect(clock.now()).toBeGreaterThanOrEqual(cutAt - 5 * minute + 2 * minute);
    expect(clock.now()).toBeLessThanOrEqual(machine.time);
    expect(findings.has('clock-changed')).toBe(true);
  });

  it('is never before the last stop, with the clock of an empty battery', () => {
    const first = agent();
    machine.advance(2 * minute);
    first.stop();
    const stoppedAt = machine.time;
    machine.reboot(hour);
    machine.setWall(5 * minute);
    expect(agent().now()).toBe(stoppedAt);
    expect(findings.get('clock-changed')).toContain('1970-01-01T00:05:00Z');
  });

  it('believes a clock that is ahead once, after a start of the machine, and the server over it', () => {
    agent().stop();
    machine.reboot(14 * 30 * 24 * hour);
    const clock = agent();
    expect(clock.now()).toBe(machine.time);
    machine.setWall(machine.time + year);
    machine.advance(minute);
    expect(clock.now()).toBe(machine.time);
    clock.learned(machine.time - year);
    expect(clock.now()).toBe(machine.time - year);
  });

  it('forgets a time reached that the server says was too late', () => {
    machine.setWall(machine.time + year);
    const first = agent();
    expect(first.now()).toBe(machine.time + year);
    first.learned(machine.time);
    killed(first);
    machine.reboot(hour);
    machine.setWall(machine.time);
    expect(agent().now()).toBe(machine.time);
  });

  it('starts with the wall clock when its file is damaged, and says so', () => {
    writeFileSync(mark(), '{"time":');
    expect(agent().now()).toBe(machine.time);
    expect(log.said.map(({ level }) => level)).toEqual(['warn']);
  });

  it('does not believe a clock beyond the dates that can be reported', () => {
    machine.setWall(Date.UTC(2400, 0));
    expect(agent().now()).toBe(Date.UTC(2099, 0));
  });

  it('goes on when the disk is full', () => {
    const clock = agent();
    rmSync(folder, { recursive: true });
    machine.advance(hour);
    expect(clock.now()).toBe(machine.time);
    expect(log.said.length).toBeGreaterThan(0);
    folder = mkdtempSync(join(tmpdir(), 'rollcall-clock-'));
  });

  it('writes at most once in five minutes, and stops its timer', () => {
    const clock = agent();
    const first = readFileSync(mark(), 'utf8');
    machine.advance(4 * minute);
    expect(readFileSync(mark(), 'utf8')).toBe(first);
    machine.advance(minute);
    expect(readFileSync(mark(), 'utf8')).not.toBe(first);
    clock.stop();
    expect(machine.pending).toBe(0);
  });
});

it('has a clock of this machine that runs like the others', async () => {
  const [elapsed, monotonic] = [systemBootClock.elapsed(), systemClock.monotonic()];
  await new Promise((resolve) => setTimeout(resolve, 60));
  const [ran, awake] = [systemBootClock.elapsed() - elapsed, systemClock.monotonic() - monotonic];
  expect(Math.abs(ran - awake)).toBeLessThan(process.platform === 'linux' ? 40 : 1100);
  expect(systemBootClock.bootId()).toBe(systemBootClock.bootId());
});
