import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DiagnosisOrder } from '../../../server/services.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { DiagnosisDistrict, kim, type LookedAt, lee } from '../../fakes/diagnosis-district.ts';

let district: DiagnosisDistrict;
let device: LookedAt;
let other: LookedAt;
const wanted = { reason: 'It is slow since Monday.', minutes: 15 };

beforeAll(async () => {
  district = await DiagnosisDistrict.start();
  device = await district.enrol('laptop-1');
  other = await district.enrol('laptop-2');
});
afterAll(() => district[Symbol.asyncDispose]());

/** The machine may be slow. */
const soon = <T>(expectation: () => T | Promise<T>) => vi.waitFor(expectation, { timeout: 25_000, interval: 25 });
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CodedError)) throw new Error(`not refused: ${String(error)}`);
  return `${error.code}: ${error.message}`;
};
const nothingRuns = () => soon(() => expect([device.running, device.desk?.now]).toEqual([0, undefined]));
/** Events follow what they tell of. */
const noted = (code: string, expected: object) =>
  soon(async () => expect(await district.running?.stores.events.newest([code])).toMatchObject(expected));

describe('a look at a device', () => {
  it('goes from the ticket to the device and back, and ends with everything it began', async () => {
    const ticketId = await district.ticket(device);
    const { id, state } = await district.services.diagnoses.open(ticketId, wanted, kim);
    expect(state).toMatch(/opening|asking|running/);
    const view = await district.stands(id, 'running');
    expect(view).toMatchObject({ by: 'staff:Kim Ortiz', ticketId, reason: wanted.reason, endedAt: null });
    expect(view.shown[0]).toMatch(/page of this device/);
    expect(device.desk?.now).toMatchObject({ by: 'Kim Ortiz', reason: wanted.reason });
    const tab = await district.tab();
    tab.watch(id);
    tab.watch(id, 'logs');
    await tab.hears('sample');
    expect(device.running).toBeGreaterThan(0);
    await district.services.diagnoses.examine(id, kim);
    await soon(async () => expect((await district.services.diagnoses.read(id)).examination).not.toBeNull());
    await district.services.diagnoses.end(id, kim);
    expect((await tab.hears('watch-ended')).reason).toMatch(/Kim Ortiz stopped looking/);
    await nothingRuns();
    expect(await district.services.diagnoses.read(id)).toMatchObject({
      state: 'ended',
      ended: 'Kim Ortiz stopped looking.',
    });
    for (const code of ['diagnosis-opened', 'diagnosis-examined', 'diagnosis-ended'])
      await noted(code, { ticket_id: ticketId, subject_id: device.id });
    await noted('diagnosis-opened', { reason: wanted.reason, actor: kim.actor });
  });

  it('is stopped on the device, and the console is told', async () => {
    const id = await district.look(device);
    const tab = await district.tab();
    tab.watch(id);
    await tab.hears('sample');
    expect(device.desk?.stop(id)).toBe(true);
    expect((await district.stands(id, 'ended')).ended).toMatch(/stopped it on the device/);
    expect((await tab.hears('watch-ended')).reason).toMatch(/stopped it on the device/);
    await nothingRuns();
    await noted('diagnosis-ended', { actor: 'device:laptop-1' });
  });

  it('is refused by the person', async () => {
    device.answer = false;
    const { id } = await district.services.diagnoses.open(await district.ticket(device), wanted, kim);
    expect((await district.stands(id, 'refused')).ended).toBe('The person refused.');
    device.answer = true;
  });

  it('stops measuring when the last tab that watches is closed', async () => {
    const id = await district.look(device);
    const tab = await district.tab();
    tab.watch(id);
    await tab.hears('sample');
    tab.socket.terminate();
    await soon(() => expect(device.running).toBe(0));
    await district.services.diagnoses.end(id, kim);
  });

  it('brings a bundle that the person has read, and only then', async () => {
    const id = await district.look(device);
    await district.services.diagnoses.askBundle(id, kim);
    await soon(async () =>
      expect((await district.services.diagnoses.read(id)).bundle).toMatchObject({ state: 'ready' }),
    );
    const { type, bytes } = await district.services.diagnoses.bundle(id, kim);
    expect([type, Buffer.from(bytes).toString('latin1', 0, 2)]).toEqual(['application/zip', 'PK']);
    expect(Buffer.from(bytes).toString('latin1')).toContain('status.json');
    device.answer = false;
    await district.services.diagnoses.askBundle(id, kim);
    await soon(async () =>
      expect((await district.services.diagnoses.read(id)).bundle).toMatchObject({ state: 'refused', bytes: null }),
    );
    device.answer = true;
    await district.services.diagnoses.end(id, kim);
    await noted('bundle-read', { actor: kim.actor, subject_id: device.id });
  });

  it('ends when its ticket is closed', async () => {
    const ticketId = await district.ticket(device);
    const { id } = await district.services.diagnoses.open(ticketId, wanted, kim);
    await district.stands(id, 'running');
    const { version } = await district.services.tickets.read(ticketId);
    await district.services.tickets.change(ticketId, { version, status: 'resolved' }, { actor: kim.actor });
    expect((await district.stands(id, 'ended')).ended).toMatch(/ticket is closed/);
    await nothingRuns();
    expect(await refusal(district.services.diagnoses.open(ticketId, wanted, kim))).toMatch(
      /^conflict: This ticket is closed/,
    );
  });
});

describe('who may not look', () => {
  it('at no ticket, at a ticket without a device, at a device that is looked at or away', async () => {
    const { diagnoses, tickets } = district.services;
    expect(await refusal(diagnoses.open('none', wanted, kim))).toMatch(/^not-found/);
    const input = { subject: 'Nothing in particular', category: 'other' } as const;
    const { id: bare } = await tickets.create(input, { actor: kim.actor, staffId: kim.id });
    expect(await refusal(diagnoses.open(bare, wanted, kim))).toMatch(/names no device/);
    const id = await district.look(device);
    expect(await refusal(diagnoses.open(await district.ticket(device), wanted, lee))).toMatch(
      /^conflict: Kim Ortiz looks/,
    );
    await diagnoses.end(id, kim);
    const away = await district.ticket(other);
    await other.stop();
    await soon(() => expect(district.services.gateway.isConnected(other.id)).toBe(false));
    expect(await refusal(diagnoses.open(away, wanted, kim))).toMatch(/not connected/);
    await other.connect();
    await district.connected(other);
  });

  it('who neither opened it nor works on its ticket, until they do', async () => {
    const { diagnoses, tickets } = district.services;
    const id = await district.look(device);
    const { ticketId } = await diagnoses.read(id);
    const tab = await district.tab(lee.id);
    tab.watch(id);
    expect((await tab.hears('watch-ended')).reason).toMatch(/Only whoever opened/);
    expect(await refusal(diagnoses.examine(id, lee))).toMatch(/^forbidden/);
    expect(await refusal(diagnoses.askBundle(id, lee))).toMatch(/^forbidden/);
    await district.running?.stores.staff.add({
      ...{ id: lee.id, name: 'Lee Park', email: 'lee@example.org', password_hash: '' },
      ...{ created_at: 0, disabled_at: null, signs_for: '[]' },
    } as never);
    const { version } = await tickets.read(ticketId);
    await tickets.change(ticketId, { version, assigneeId: lee.id }, { actor: kim.actor });
    tab.watch(id);
    await tab.hears('sample');
    await diagnoses.end(id, lee);
  });

  it('when it is over, was never opened, or has no bundle', async () => {
    const { diagnoses } = district.services;
    const id = await district.look(device);
    await diagnoses.end(id, kim);
    const tab = await district.tab();
    tab.watch(id);
    expect((await tab.hears('watch-ended')).reason).toBe('No diagnosis is running.');
    expect(await refusal(diagnoses.examine(id, kim))).toMatch(/^conflict/);
    expect(await refusal(diagnoses.read('none'))).toMatch(/^not-found/);
    expect(await refusal(diagnoses.bundle(id, kim))).toMatch(/^not-found/);
    expect(await diagnoses.end(id, kim)).toMatchObject({ state: 'ended' });
  });
});

describe('a message past the rules is refused by the device', () => {
  const order = (changed: object = {}): DiagnosisOrder => ({
    type: 'diagnosis-open',
    body: { id: 'forged', ticket: 1, reason: 'x', by: 'x', until: Date.now() + 60_000, seconds: 60, ...changed },
  });
  const told = (words: string) =>
    soon(() => expect(device.log.said.some(({ fields }) => JSON.stringify(fields).includes(words))).toBe(true));

  it('a stream without a running look', async () => {
    const ends: string[] = [];
    district.services.gateway.watch(
      { deviceId: device.id, diagnosisId: 'none', stream: 'live' },
      { onSample: () => ends.push('sample'), onEnd: (reason) => ends.push(reason) },
    );
    await soon(() => expect(ends).toEqual(['no diagnosis is running on this device']));
  });

  it('a look that was over before', async () => {
    const id = await district.look(device);
    await district.services.diagnoses.end(id, kim);
    await nothingRuns();
    district.services.gateway.order(device.id, order({ id }));
    await told('was over before');
    expect(device.desk?.now).toBeUndefined();
  });

  it('one that is longer than an hour ends the connection, and the device comes back with nothing running', async () => {
    district.services.gateway.order(device.id, order({ seconds: 3_601 }));
    await soon(() =>
      expect(device.log.said.map(({ words }) => words)).toContain(
        'The server sent a frame this agent does not understand.',
      ),
    );
    await soon(() => expect(district.services.gateway.isConnected(device.id)).toBe(true));
    expect(device.desk?.now).toBeUndefined();
  });
});

it('what another device says of a look changes nothing', async () => {
  const id = await district.look(device);
  const { diagnoses } = district.services;
  const said = { id, state: 'ended' as const, words: 'forged', shown: [] };
  await diagnoses.heard(other.id, { type: 'diagnosis-state', body: said });
  await diagnoses.heard(other.id, { type: 'bundle', body: { id, state: 'ready', zip: 'UEsFBg==' } });
  diagnoses.notUnderstood(other.id, id);
  expect(await diagnoses.read(id)).toMatchObject({ state: 'running', bundle: null });
  // Nor what the device itself was not asked for.
  await diagnoses.heard(device.id, { type: 'bundle', body: { id, state: 'ready', zip: 'UEsFBg==' } });
  await diagnoses.heard(device.id, {
    type: 'examination',
    body: { id, examination: { at: 1, tookMs: 1, conclusions: [], probes: [] } },
  });
  expect(await diagnoses.read(id)).toMatchObject({ bundle: null, examination: null });
  await diagnoses.end(id, kim);
});
