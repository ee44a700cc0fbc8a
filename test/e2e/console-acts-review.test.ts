import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { rolloutViews } from '../fakes/console-rollouts.ts';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

const empty = { items: [], total: 0, nextCursor: null };
const failure = { error: { code: 'internal', message: 'Something went wrong on the server.', details: [] } };

/** How a change is reviewed and a rollout is steered, and what of it reaches the server. */
describe.skipIf(noConsole)(`changes and rollouts ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterEach(async () => {
    await visit.answerAgain();
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  afterAll(async () => visit?.stop());

  test('the list has what is open first, with what each waits for', async () => {
    await visit.open('/changes');
    const rows = page.getByRole('table', { name: 'Changes' }).locator('tbody tr');
    expect(await rows.first().innerText()).toMatch(
      /Screens lock sooner[\s\S]*Open[\s\S]*38 devices[\s\S]*A second person/,
    );
    expect(await rows.last().innerText()).toContain('Withdrawn');
    await page.getByRole('link', { name: 'Changes' }).getByLabel('1 change for you to approve').waitFor();
  });

  test('a preview names who wins, what is not known, and every device by school and setting', async () => {
    await visit.open('/changes/c1');
    await page.getByText('38 devices of 37 people in 3 schools get stricter settings for Screen lock').waitFor();
    await page.getByRole('table', { name: 'Conflicts' }).getByText('Art room').waitFor();
    await page.getByText('Of 2 devices it cannot be said').waitFor();
    await page.getByText('Does this hold for the <b>projector</b> carts too?').waitFor();
    await button('13 devices: Blocked domains').click();
    await page.getByText('1–10 of 13').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('11–13 of 13').waitFor();
    expect(new URL(page.url()).searchParams.get('setting')).toBe('webFilter.blockedDomains');
    expect(visit.errors).toEqual([]);
  });

  test('it is approved with words, and then published to where its rollout is seen', async () => {
    await visit.open('/changes/c1');
    expect(await button('Publish now…').isDisabled()).toBe(true);
    await button('Approve…').click();
    await page.getByLabel('What you looked at').fill('Tried on mine.');
    const asked = await visit.asked('decideChange', () => inDialog('Approve').click());
    const read = expect.any(String);
    expect(asked).toEqual({
      params: { id: 'c1' },
      body: { decision: 'approved', words: 'Tried on mine.', preview: read },
    });
    await page.getByText('approved: Ada Byrne').waitFor();
    await button('Publish now…').click();
    const published = await visit.asked('publishChange', () => inDialog('Publish').click());
    expect(published.body).toEqual({});
    await page.getByRole('heading', { level: 1, name: 'No private windows' }).waitFor();
  });

  test('a freeze is set aside only with a reason, and a rejection says why', async () => {
    await visit.open('/changes/c3');
    await button('Publish despite the freeze…').click();
    await page.getByLabel('Why it cannot wait').fill('short');
    expect(await inDialog('Publish').isDisabled()).toBe(true);
    await page.getByLabel('Why it cannot wait').fill('A hole that is used by now.');
    await inDialog('Cancel').click();
    await button('Reject…').click();
    expect(await inDialog('Reject').isDisabled()).toBe(true);
    await page.getByLabel(/^Why, and what/).fill('After the exams.');
    const asked = await visit.asked('decideChange', () => inDialog('Reject').click());
    expect(asked.body).toEqual({ decision: 'rejected', words: 'After the exams.', preview: expect.any(String) });
    await page.getByText('Rejected by Ada Byrne: After the exams.').waitFor();
  });

  test('a locked minimum is loud, and working it out anew says which approval fell', async () => {
    await visit.open('/changes/c2');
    await page.getByRole('alert').filter({ hasText: 'It changes a locked minimum' }).waitFor();
    await button('Work it out anew').click();
    await page.getByText('A second person: the approval by Greta Huang has fallen').waitFor();
  });

  test('drafts are proposed together by a plan of their own, at a time', async () => {
    await visit.open('/changes/new?profile=prof2');
    await page.getByLabel('Title').fill('Staff browsers, stricter');
    await page.getByRole('radio', { name: 'By a plan of its own' }).check({ force: true });
    await page.getByRole('listitem', { name: 'Ring 2' }).getByLabel('Up to').fill('0.5');
    await page.getByText('Ring 2: It adds nobody: give it a greater share than the one before.').waitFor();
    expect(await button('Propose').isDisabled()).toBe(true);
    await page.getByRole('listitem', { name: 'Ring 2' }).getByLabel('Up to').fill('20');
    await page.getByRole('radio', { name: /^By itself at a time/ }).check({ force: true });
    await page.getByLabel('Date and time').fill('2040-01-10T08:00');
    const asked = await visit.asked('proposeChange', () => button('Propose').click());
    expect(asked.body).toMatchObject({
      ...{ title: 'Staff browsers, stricter', items: [{ kind: 'profile', id: 'prof2', version: 3 }] },
      publishAt: new Date('2040-01-10T08:00').toISOString(),
    });
    expect(asked.body).toHaveProperty('plan.rings.1.percent', 20);
    await page.getByRole('heading', { level: 1, name: 'Staff browsers, stricter' }).waitFor();
  });

  test('the stop button is in sight on a phone, within the reach of the keyboard, and asks why', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visit.open('/rollouts/rollout1');
    const stop = button('Stop');
    const box = await stop.boundingBox();
    expect((box?.y ?? 999) + (box?.height ?? 999)).toBeLessThan(844);
    await stop.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Reason' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Complaints from two schools');
    const asked = await visit.asked('actOnRollout', () => inDialog('Stop').click());
    expect(asked).toEqual({
      params: { id: 'rollout1' },
      body: { action: 'stop', reason: 'Complaints from two schools' },
    });
    await page.getByRole('alert').filter({ hasText: 'It is halted: nobody else is given it' }).waitFor();
    expect(await stop.count()).toBe(0);
  });

  test('a rollout follows what the server says of it, without being asked', async () => {
    const running = rolloutViews().find(({ rollout }) => rollout.state === 'running');
    await visit.answer('/api/rollouts/r9', 200, running);
    await visit.open('/rollouts/r9');
    await page.getByRole('img', { name: /^Running: ring 3 of 5/ }).waitFor();
    await visit.answerAgain();
    const halted = { ...running, rollout: { ...running?.rollout, state: 'halted', reason: 'Too many fail.' } };
    await visit.answer('/api/rollouts/r9', 200, halted);
    await visit.api.tell('rollouts');
    await page.getByRole('alert').filter({ hasText: 'Too many fail.' }).waitFor();
  });

  test('how policy is published is saved as a whole', async () => {
    await visit.open('/publishing');
    await page.getByLabel('Share of all devices').fill('5');
    await button('Add a freeze').click();
    await page.getByRole('button', { name: '1 thing to put right' }).waitFor();
    await button('Remove the freeze 2').click();
    const asked = await visit.asked('savePublishing', () => button('Save').click());
    expect(asked.body).toMatchObject({ settings: { approvalPercent: 5 }, version: 4 });
  });

  test.each([
    ['/changes', '/api/changes', 'Nothing has been proposed yet'],
    ['/rollouts', '/api/rollouts', 'Nothing has gone out in rings yet'],
  ])('%s, with nothing from %s, says what is missing', async (path, route, words) => {
    await visit.answer(route, 200, empty);
    await visit.open(path);
    await page.getByText(words).waitFor();
    expect(visit.errors).toEqual([]);
  });

  test.each([
    ['/changes/c4', '/api/changes/c4'],
    ['/changes/new?profile=prof2', '/api/changes/preview'],
    ['/rollouts/r4', '/api/rollouts/r4'],
    ['/publishing', '/api/publishing'],
  ])('%s says that %s failed, and loads again when asked', async (path, route) => {
    await visit.answer(route, 500, failure);
    await visit.open(path);
    const alert = page.getByRole('alert').filter({ hasText: 'Something went wrong on the server.' });
    await alert.waitFor();
    await visit.answerAgain();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor({ state: 'detached' });
  });
});
