import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hour } from '../../../../../agent/diagnostics/session/consent.ts';
import { DiagnosisDesk, type LookNotice } from '../../../../../agent/diagnostics/session/desk.ts';
import { PastLooks } from '../../../../../agent/diagnostics/session/past-looks.ts';
import type { Line } from '../../../../../agent/diagnostics/session/streams.ts';
import type { Examination } from '../../../../../shared/diagnostics/probe.ts';
import type { Place } from '../../../../../shared/filter/place.ts';
import { type Body, messages } from '../../../../../shared/protocol/messages.ts';
import { validator } from '../../../../../shared/schema.ts';
import { FakeClock } from '../../../../fakes/clock.ts';
import { FakeLog } from '../../../../fakes/log.ts';

const minute = 60_000;
const examination: Examination = { at: 1, tookMs: 1, conclusions: [], probes: [] };
let folder: string;
let clock: FakeClock;
let open: number;
let notices: LookNotice[];
let sent: { type: string; body: Record<string, unknown> }[];
let line: Line;
let moment: { place: Place; hour: Hour };
let page: string | undefined;
let desk: DiagnosisDesk;
let examine: (signal: AbortSignal) => Promise<Examination>;

const path = () => join(folder, 'looks.json');
const school = { place: 'on-campus', hour: 'school' } as const;
const home = { place: 'off-campus', hour: 'other' } as const;

function startDesk(): DiagnosisDesk {
  const log = new FakeLog();
  return new DiagnosisDesk({
    ...{ clock, log, looks: new PastLooks(path(), log) },
    moment: async () => moment,
    page: () => page,
    notify: async (notice) => notices.push(notice) > 0,
    openStream: async () => {
      open += 1;
      return {
        stop: () => {
          open -= 1;
        },
      };
    },
    examine: (signal) => examine(signal),
    bundle: async () => [{ name: 'status.json', text: '{"connected": true}' }],
    zip: async (files) => Buffer.from(files.map(({ text }) => text).join()),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'desk-'));
  clock = new FakeClock(Date.UTC(2026, 10, 23, 15));
  [open, notices, sent, moment, page] = [0, [], [], school, 'http://127.82.67.1/'];
  examine = async () => examination;
  line = {
    isCongested: false,
    send: (type, body, written) => {
      expect(validator(messages[type].body).problems(body)).toEqual([]);
      sent.push({ type, body });
      written?.();
      return true;
    },
  };
  desk = startDesk();
});
afterEach(() => rmSync(folder, { recursive: true }));

const order = (changed: Partial<Body<'diagnosis-open'>> = {}): Body<'diagnosis-open'> => ({
  ...{ id: 'd1', ticket: 412, reason: 'It is slow.', by: 'Kim Ortiz', until: clock.now() + 15 * minute },
  ...{ seconds: 900, role: 'student' as const, ...changed },
});
const states = () => sent.filter(({ type }) => type === 'diagnosis-state').map(({ body }) => body.state);
const lastWords = () => sent.filter(({ type }) => type === 'diagnosis-state').at(-1)?.body.words;
const stream = (id: string, diagnosis?: string) =>
  desk.openStream({ stream: id, kind: 'live', intervalMs: 1000, ...(diagnosis && { diagnosis }) }, line);
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a look at a student’s device at school', () => {
  beforeEach(async () => {
    await desk.open(order(), line);
    await settled();
  });

  it('begins at once, and the person reads who, why and until when on the page and the desktop', () => {
    expect(states()).toEqual(['running', 'running']);
    expect(desk.now).toMatchObject({ by: 'Kim Ortiz', ticket: 412, reason: 'It is slow.' });
    expect(desk.now?.until).toBe(clock.now() + 15 * minute);
    expect(notices).toEqual([{ kind: 'told', by: 'Kim Ortiz', ticket: 412, reason: 'It is slow.' }]);
    expect(sent.at(-1)?.body.shown).toEqual([
      'The page of this device says so on top: http://127.82.67.1/',
      'A message was shown on the desktop.',
    ]);
  });

  it('is stopped by its person, with everything that ran for it', async () => {
    stream('s1', 'd1');
    await settled();
    expect(open).toBe(1);
    expect(desk.stop('another')).toBe(false);
    expect(desk.stop('d1')).toBe(true);
    expect([open, desk.now, clock.pending]).toEqual([0, undefined, 0]);
    expect([states().at(-1), lastWords()]).toEqual(['ended', 'The person stopped it on the device.']);
  });

  it.each<[string, () => void]>([
    ['its time is over', () => clock.advance(15 * minute)],
    ['the server ends it', () => desk.close({ id: 'd1', reason: 'done' })],
    ['the connection ends', () => desk.disconnected()],
  ])('ends, and leaves nothing running, when %s', async (_name, end) => {
    stream('s1', 'd1');
    await settled();
    end();
    expect([open, desk.now, desk.streamCount, clock.pending]).toEqual([0, undefined, 0, 0]);
    expect(desk.past[0]).toMatchObject({ id: 'd1', state: 'ended', by: 'Kim Ortiz', reason: 'It is slow.' });
    stream('s2', 'd1');
    expect(sent.at(-1)).toMatchObject({ type: 'stream-close', body: { stream: 's2' } });
  });

  it('is not prolonged by a second message of the same name', async () => {
    clock.advance(10 * minute);
    await desk.open(order({ seconds: 3600 }), line);
    clock.advance(5 * minute);
    expect(desk.now).toBeUndefined();
  });

  it('does not close for another name', () => {
    desk.close({ id: 'd2', reason: 'done' });
    expect(desk.now?.id).toBe('d1');
  });

  it('answers “what is wrong?” once at a time, and stops looking when it ends', async () => {
    let signal: AbortSignal | undefined;
    const under = Promise.withResolvers<Examination>();
    examine = (given) => {
      signal = given;
      return under.promise;
    };
    const first = desk.examine({ id: 'd1' }, line);
    await desk.examine({ id: 'd1' }, line);
    expect(sent.at(-1)).toMatchObject({ type: 'examination', body: { words: 'This is under way already.' } });
    desk.stop('d1');
    expect(signal?.aborted).toBe(true);
    under.reject(new Error('over'));
    await first;
    expect(sent.filter(({ body }) => 'examination' in body)).toEqual([]);
  });

  it('sends what was found', async () => {
    await desk.examine({ id: 'd1' }, line);
    expect(sent.at(-1)).toEqual({ type: 'examination', body: { id: 'd1', examination } });
  });

  it('sends a bundle only after the person has read it and said so', async () => {
    await desk.askBundle({ id: 'd1' }, line);
    expect(sent.at(-1)).toEqual({ type: 'bundle', body: { id: 'd1', state: 'preview' } });
    expect(desk.now?.bundle).toEqual([{ name: 'status.json', text: '{"connected": true}' }]);
    expect(notices.at(-1)?.kind).toBe('bundle');
    expect(await desk.sendBundle('d1', true)).toBe(true);
    const { body } = sent.at(-1) ?? {};
    expect(Buffer.from(String(body?.zip), 'base64').toString()).toBe('{"connected": true}');
    expect(await desk.sendBundle('d1', true)).toBe(false);
    expect(desk.past[0]?.bundles).toBe(1);
  });

  it('keeps a bundle that the person keeps', async () => {
    await desk.askBundle({ id: 'd1' }, line);
    await desk.sendBundle('d1', false);
    expect(sent.at(-1)).toEqual({ type: 'bundle', body: { id: 'd1', state: 'refused' } });
    expect(sent.filter(({ body }) => 'zip' in body)).toEqual([]);
  });
});

describe('a look that needs the person’s word', () => {
  beforeEach(async () => {
    moment = home;
    await desk.open(order(), line);
    await settled();
  });

  it('shows nothing before it is given', async () => {
    expect(states().at(-1)).toBe('asking');
    stream('s1', 'd1');
    await desk.examine({ id: 'd1' }, line);
    await desk.askBundle({ id: 'd1' }, line);
    expect([open, desk.streamCount]).toEqual([0, 0]);
    expect(sent.slice(-3)).toMatchObject([
      { type: 'stream-close' },
      { type: 'examination', body: { words: 'No diagnosis is running.' } },
      { type: 'bundle', body: { state: 'refused' } },
    ]);
  });

  it('begins when it is given', () => {
    expect(desk.answer('d1', true)).toBe(true);
    expect([states().at(-1), desk.now?.state]).toEqual(['running', 'running']);
    expect(desk.answer('d1', false)).toBe(false);
  });

  it('is over when it is refused', () => {
    expect(desk.answer('d1', false)).toBe(true);
    expect([states().at(-1), desk.now]).toEqual(['refused', undefined]);
    expect(desk.past[0]).toMatchObject({ state: 'refused', words: 'The person refused.' });
    expect(desk.past[0]).not.toHaveProperty('beganAt');
  });

  it('is refused when nobody answers within two minutes, and not before', () => {
    clock.advance(2 * minute - 1);
    expect(desk.now?.state).toBe('asking');
    clock.advance(1);
    expect([states().at(-1), lastWords()]).toEqual(['refused', 'The person did not answer within two minutes.']);
    expect(clock.pending).toBe(0);
  });

  it('is not begun by anything the server sends', async () => {
    await desk.open(order({ role: 'student' }), line);
    moment = school;
    await desk.open(order({ id: 'd1', seconds: 1 }), line);
    expect(desk.now?.state).toBe('asking');
  });
});

describe('a look is refused', () => {
  const refused = async (changed: Partial<Body<'diagnosis-open'>>) => {
    sent.length = 0;
    await desk.open(order(changed), line);
    await settled();
    return { states: states(), words: String(lastWords()) };
  };

  it('when another one runs', async () => {
    await desk.open(order(), line);
    expect(await refused({ id: 'd2' })).toMatchObject({ states: ['refused'], words: expect.stringMatching(/already/) });
    expect(desk.now?.id).toBe('d1');
  });

  it('when its name was used before, also by an agent that was started since', async () => {
    await desk.open(order(), line);
    desk.close({ id: 'd1', reason: 'done' });
    expect((await refused({})).states).toEqual(['refused']);
    desk = startDesk();
    expect((await refused({})).words).toMatch(/was over before/);
  });

  it('when the device has no page where the person could stop it', async () => {
    page = undefined;
    expect(await refused({})).toMatchObject({ states: ['refused'], words: expect.stringMatching(/no page/) });
  });

  it('when it cannot be written down', async () => {
    rmSync(folder, { recursive: true });
    expect((await refused({})).words).toMatch(/could not write down/);
    expect(desk.now).toBeUndefined();
    folder = mkdtempSync(join(tmpdir(), 'desk-'));
  });

  it('when there were a dozen in the hour, until it is over', async () => {
    for (let number = 0; number < 12; number += 1) {
      await desk.open(order({ id: `n${number}` }), line);
      desk.close({ id: `n${number}`, reason: 'done' });
    }
    expect((await refused({ id: 'n12' })).words).toMatch(/often enough/);
    clock.advance(61 * minute);
    expect((await refused({ id: 'n13' })).states[0]).toBe('running');
  });

  it('when it was closed, or the connection ended, before it was judged', async () => {
    const judged = desk.open(order(), line);
    desk.close({ id: 'd1', reason: 'never mind' });
    await judged;
    const again = desk.open(order({ id: 'd2' }), line);
    desk.disconnected();
    await again;
    expect([desk.now, sent]).toEqual([undefined, []]);
  });
});

describe('a stolen server', () => {
  it('cannot look longer than an hour, whatever it says', async () => {
    await desk.open(order({ seconds: 86_400 }), line);
    clock.advance(60 * minute - 1);
    expect(desk.now).toBeDefined();
    clock.advance(1);
    expect([desk.now, lastWords()]).toEqual([undefined, 'Its time was over.']);
  });

  it.each<[string, object]>([
    ['a word that none is needed', { consent: 'told' }],
    ['a setting that turns it off', { settings: { askStaff: false } }],
    ['a place', { place: 'on-campus' }],
    ['an hour', { hour: 'school' }],
    ['no time to answer', { answerSeconds: 0 }],
  ])('cannot weaken consent by %s', async (_name, more) => {
    moment = home;
    await desk.open({ ...order(), ...more }, line);
    expect(desk.now?.state).toBe('asking');
    expect(validator(messages['diagnosis-open'].body).check({ ...order(), ...more })).toBe(false);
  });

  it('cannot make a member of staff a student by saying so', async () => {
    await desk.open(order({ role: 'staff' }), line);
    expect(desk.now?.state).toBe('asking');
    desk.answer('d1', false);
    desk = startDesk();
    await desk.open(order({ id: 'd2', role: 'student' }), line);
    expect(desk.now?.state).toBe('asking');
  });

  it('cannot make staff students by filling the list of looks', async () => {
    await desk.open(order({ role: 'staff' }), line);
    desk.answer('d1', false);
    const looks = new PastLooks(path(), new FakeLog());
    const look = { at: 1, by: 'a', ticket: 1, reason: '', holder: 'student', state: 'ended', words: '' } as const;
    for (let number = 0; number < 101; number += 1) looks.keep({ ...look, id: `x${number}`, bundles: 0 });
    expect([looks.all.length, new PastLooks(path(), new FakeLog()).wasStaffs]).toEqual([100, true]);
  });

  it('cannot ask more often by starting the agent again and again', async () => {
    for (let number = 0; number < 12; number += 1) {
      desk = startDesk();
      await desk.open(order({ id: `n${number}` }), line);
    }
    desk = startDesk();
    await desk.open(order({ id: 'n12' }), line);
    expect(lastWords()).toMatch(/often enough/);
  });

  it('asks where nobody is known', async () => {
    const { role: _role, ...nobody } = order();
    await desk.open(nobody, line);
    expect(desk.now?.state).toBe('asking');
  });
});

describe('a technician who does not take no for an answer', () => {
  it('is asked for the person’s word for an hour after they stopped a look', async () => {
    await desk.open(order(), line);
    desk.stop('d1');
    desk = startDesk();
    await desk.open(order({ id: 'd2' }), line);
    expect(desk.now?.state).toBe('asking');
    desk.close({ id: 'd2', reason: 'done' });
    clock.advance(61 * minute);
    await desk.open(order({ id: 'd3' }), line);
    expect(desk.now?.state).toBe('running');
  });

  it('is not let ask again for an hour after two refusals, answered or not', async () => {
    moment = home;
    await desk.open(order(), line);
    desk.answer('d1', false);
    await desk.open(order({ id: 'd2' }), line);
    clock.advance(2 * minute);
    moment = school;
    await desk.open(order({ id: 'd3' }), line);
    expect([desk.now, lastWords()]).toEqual([undefined, expect.stringMatching(/said no/)]);
    clock.advance(61 * minute);
    await desk.open(order({ id: 'd4' }), line);
    expect(desk.now?.state).toBe('running');
  });

  it('does not make one long look of many: after an hour of the last four the person is asked', async () => {
    await desk.open(order({ seconds: 3600 }), line);
    clock.advance(60 * minute);
    await desk.open(order({ id: 'd2' }), line);
    expect(desk.now?.state).toBe('asking');
  });
});

describe('the list of looks', () => {
  it('says of one that the agent did not survive that it is over', async () => {
    await desk.open(order(), line);
    desk = startDesk();
    expect([desk.now, desk.past[0]?.state]).toEqual([undefined, 'ended']);
  });

  it('begins anew when its file is damaged, and holds a hundred', async () => {
    writeFileSync(path(), '{"looks": 3}');
    const looks = new PastLooks(path(), new FakeLog());
    expect(looks.all).toEqual([]);
    const look = { at: 1, by: 'a', ticket: 1, reason: '', holder: 'student', state: 'ended', words: '' } as const;
    for (let number = 0; number < 105; number += 1) looks.keep({ ...look, id: `d${number}`, bundles: 0 });
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toHaveLength(100);
    expect([looks.find('d4'), looks.find('d5')?.id]).toEqual([undefined, 'd5']);
  });
});
