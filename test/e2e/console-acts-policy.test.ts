import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { people } from '../fakes/console-district.ts';
import { ConsoleVisit, noConsole } from './console-visit.ts';
import { hookMs } from './managed-policies.ts';

const failure = { error: { code: 'internal', message: 'Something went wrong on the server.', details: [] } };

/** Profiles, selectors and groups as somebody edits them who is no engineer, and what of it reaches the server. */
describe.skipIf(noConsole)(`policy being edited ${noConsole ? `(skipped: ${noConsole})` : ''}`, () => {
  let visit: ConsoleVisit;
  let page: Page;

  const dialog = () => page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const choose = async (label: string, option: string, place = 0) => {
    await page.getByRole('combobox', { name: label, exact: true }).nth(place).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const search = () => page.getByRole('searchbox', { name: /^Search every setting/ });
  const savedSelector = async (): Promise<Selector> => {
    const { body } = await visit.asked('saveGroupDraft', () => button('Save draft').click());
    const { content } = body as { content: GroupContent };
    if (content.kind !== 'rule') throw new Error('a rule was expected');
    return content.selector;
  };

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    page = visit.page;
  }, hookMs);
  afterEach(async () => {
    await visit.answerAgain();
    // Without the question whether to leave.
    await page.goto('about:blank');
  });
  afterAll(async () => visit?.stop());

  describe('a profile', () => {
    test('a setting is found by plain words, set, seen as set, reset, and saved', async () => {
      await visit.open('/profiles/prof1');
      await search().fill('pen drive');
      await page.getByText(/^\d+ settings in 1 area$/).waitFor();
      await choose('USB sticks and disks', 'Blocked');
      await page.getByText('It only looks').waitFor();
      await button('Reset USB sticks and disks').click();
      await button('Reset USB sticks and disks').waitFor({ state: 'detached' });
      await choose('USB sticks and disks', 'Read only');
      await choose('What the agent does', 'Put it right (enforce)');
      await page.getByText('It only looks').waitFor({ state: 'detached' });
      const { body } = await visit.asked('saveDraft', () => button('Save draft').click());
      expect(body).toMatchObject({ content: { settings: { usbStorage: { access: 'read-only', mode: 'enforce' } } } });
    });

    test('what nothing speaks of is said to be nowhere', async () => {
      await visit.open('/profiles/prof1');
      await search().fill('zebra');
      await page.getByText('No setting speaks of that').waitFor();
    });

    test('each setting says how profiles go together and what it does on each system', async () => {
      await visit.open('/profiles/prof1?part=usbStorage');
      await page.getByText('“Blocked” before the others').waitFor();
      await page.getByText('Enforced on Linux and Windows; needs MDM on macOS.').first().waitFor();
      await page.getByText('What it cannot do').click();
      await page.getByText('Only MDM can block storage on a Mac').waitFor();
    });

    test('a number out of its range is refused beside its field and not sent', async () => {
      await visit.open('/profiles/prof1?part=screenLock');
      await page.getByRole('textbox', { name: 'Minutes until the screen locks' }).fill('1');
      await page.getByText('At least 2.').waitFor();
      expect(await button('Save draft').isDisabled()).toBe(true);
      expect(await button('Preview and propose').isDisabled()).toBe(true);
    });

    test('preview and propose saves the draft and leads to its review', async () => {
      await visit.open('/profiles/prof1?part=browser');
      await page.getByText('On', { exact: true }).first().click();
      await visit.asked('saveDraft', () => button('Preview and propose').click());
      await page.waitForURL((url) => url.pathname === '/changes/new' && url.searchParams.get('profile') === 'prof1');
    });

    test('changes are not lost by a link that is followed', async () => {
      await visit.open('/profiles/prof1?part=browser');
      await page.getByText('On', { exact: true }).first().click();
      await page.getByRole('link', { name: 'Groups', exact: true }).click();
      await dialog().getByText('have not been saved as a draft').waitFor();
      await dialog().getByRole('button', { name: 'Cancel' }).click();
      await button('Undo changes').waitFor();
    });

    test('it becomes a locked minimum, and an assignment an exception with a reason', async () => {
      await visit.open('/profiles/prof1');
      await page.getByRole('switch', { name: 'Nothing weakens what this profile sets' }).press('Space');
      await button('Change Students').click();
      await page.getByRole('switch', { name: 'An exception' }).press('Space');
      await page.getByText('Say why it is an exception', { exact: true }).waitFor();
      expect(await button('Save draft').isDisabled()).toBe(true);
      await page.getByRole('textbox', { name: 'Why' }).fill('State exam');
      const { body } = await visit.asked('saveDraft', () => button('Save draft').click());
      expect(body).toMatchObject({
        content: { locked: true, assignments: [{ override: { reason: 'State exam' } }, { priority: 200 }] },
      });
    });

    test('two revisions are compared, and one click proposes an earlier one', async () => {
      await visit.open('/profiles/prof1?tab=revisions');
      await page.getByText('+ *.proxy.example').waitFor();
      await choose('To', 'Revision 1');
      await page.getByText('They say the same.').waitFor();
      await button(/^Revision 1/).click();
      const asked = await visit.asked('returnToRevision', () => button('Return to revision 1').click());
      expect(asked).toMatchObject({ params: { id: 'prof1' }, body: { revision: 1, version: 3 } });
      await page.waitForURL((url) => url.pathname.startsWith('/changes/'));
    });

    test('who gets it is searched', async () => {
      await visit.open('/profiles/prof1?tab=reach');
      await page.getByRole('searchbox', { name: 'Search by device or person' }).fill('lap-1001');
      await page.getByText('1–1 of 1', { exact: true }).waitFor();
      await page.getByRole('searchbox', { name: 'Search by device or person' }).fill('nobody like this');
      await page.getByText('No device matches').waitFor();
    });
  });

  describe('a selector', () => {
    test('is put together by keys alone: a condition, a second one, any of them', async () => {
      await visit.open('/groups/g3');
      const add = button('Add a condition');
      await add.focus();
      await page.keyboard.press('Enter');
      const kinds = page.getByRole('combobox', { name: 'Asks about' });
      await kinds.nth(1).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('radio', { name: 'Any of these' }).press('Space');
      expect(await page.getByRole('radio', { name: 'Any of these' }).isChecked()).toBe(true);
      await page.getByText('or', { exact: true }).waitFor();
    });

    test('all, any and “but not” go together in groups, each part with its own picker, in one sentence', async () => {
      await visit.open('/groups/g3');
      await choose('Asks about', 'Grade');
      await choose('Grade', 'Grade 6');
      await button('Add “but not”').click();
      await page.getByText('Choose a school.', { exact: true }).waitFor();
      expect(await button('Save draft').isDisabled()).toBe(true);
      await choose('Asks about', 'Class', 1);
      await page.getByRole('combobox', { name: 'Class', exact: true }).fill('history');
      await page.getByRole('option', { name: /World history/ }).click();
      await button('Add a group').click();
      await choose('Asks about', 'Person', 2);
      await page.getByRole('combobox', { name: 'Person', exact: true }).fill('person-3');
      await page
        .getByRole('option', { name: people[3]?.name ?? '' })
        .first()
        .click();
      await choose('Asks about', 'System version', 3);
      await page.getByLabel('From version').fill('24');
      await page.getByText(/^Grade .* and not class World history and \(.* or any system from 24 on\)$/).waitFor();
      await page
        .getByText(/^Reaches/)
        .first()
        .waitFor();
      expect(await savedSelector()).toEqual({
        kind: 'all',
        of: [
          { kind: 'grade', grade: '06' },
          { kind: 'not', of: { kind: 'class', class: 'class-2' } },
          {
            kind: 'any',
            of: [
              { kind: 'person', person: 'person-3' },
              { kind: 'os', atLeast: '24' },
            ],
          },
        ],
      });
    });

    test('a version that is none is refused beside its field', async () => {
      await visit.open('/groups/g1');
      await choose('Asks about', 'System version');
      await page.getByText('Name a system or a version', { exact: true }).waitFor();
      await page.getByLabel('From version').fill('Sequoia');
      await page.getByText('“Sequoia” is no version').first().waitFor();
      expect(await button('Preview and propose').isDisabled()).toBe(true);
    });

    test('a place is honest about what it is', async () => {
      await visit.open('/groups/g1');
      await choose('Asks about', 'Place');
      await page.getByText('Where the server last saw it').waitFor();
    });

    test('groups nest no deeper than they may', async () => {
      await visit.open('/groups/g1');
      for (let level = 0; level < 4; level++) await button('Add a group').and(page.locator(':enabled')).first().click();
      await expect.poll(() => button('Add a group').first().isDisabled()).toBe(true);
    });

    test('a count that fails says so and keeps nobody from saving', async () => {
      await visit.answer('/api/reach/count', 500, failure);
      await visit.open('/groups/g1');
      await page.getByText('Not counted: Something went wrong on the server.').waitFor();
      await page.getByRole('radio', { name: 'Any of these' }).first().press('Space');
      expect(await button('Save draft').isEnabled()).toBe(true);
    });

    test('exactly whom it reaches is shown with what cannot be said', async () => {
      await visit.open('/groups/g1');
      await button('Show whom').first().click();
      const table = dialog().getByRole('table', { name: 'Devices reached' });
      await table.getByText('Cannot be said').first().waitFor();
      await table.getByText('not known').first().waitFor();
    });
  });

  describe('groups', () => {
    test('one is made as a list, filled by hand and saved', async () => {
      await visit.open('/groups');
      await button('New group').click();
      expect(await button('Make the group').isDisabled()).toBe(true);
      await dialog().getByLabel('Name').fill('Chess club');
      await page.getByRole('radio', { name: /^Those on a list/ }).check();
      const made = await visit.asked('createGroup', () => button('Make the group').click());
      expect(made.body).toMatchObject({ name: 'Chess club', content: { kind: 'list', people: [], devices: [] } });
      await page.getByRole('heading', { level: 1, name: 'Chess club' }).waitFor();
      await page.getByLabel('Add a device').fill('5CG1');
      await page.keyboard.press('Enter');
      await page.getByRole('table', { name: 'On the list' }).getByText('5CG1').waitFor();
      const { body } = await visit.asked('saveGroupDraft', () => button('Save draft').click());
      expect(body).toMatchObject({ content: { kind: 'list', people: [], devices: ['5CG1'] } });
    });

    test('pasted rows that are nobody are named with their place, and those on the list stay', async () => {
      await visit.open('/groups/g2');
      await button('Bring in a file or paste…').click();
      await dialog().getByLabel('Or paste, one per line').fill('person-1\nj.smiht');
      await visit.asked('importGroupList', () =>
        dialog().getByRole('button', { name: 'Bring in', exact: true }).click(),
      );
      await dialog().getByText('list.csv, row 4').waitFor();
      await dialog().getByText('“j.smiht” is nobody on the roster.').waitFor();
      await dialog().getByRole('button', { name: 'Done' }).click();
      await page.getByText(/^25 people and 4 devices on the list/).waitFor();
    });

    test('one that is used is not deleted, and the words say by what', async () => {
      await visit.open('/groups/g1');
      await button('Delete…').click();
      await dialog()
        .getByText(/It is used by Students/)
        .waitFor();
      expect(await button('Delete the group').isDisabled()).toBe(true);
    });

    test('none yet is said with what to do', async () => {
      await visit.answer('/api/groups', 200, { items: [] });
      await visit.open('/groups');
      await page.getByText('No groups yet').waitFor();
      expect(await button('New group').count()).toBe(2);
    });
  });

  test('a device says why it has a setting, what that beat, and what is on the way', async () => {
    await visit.open('/devices/dev0?tab=settings');
    const panel = page.getByRole('region', { name: 'Why these settings' });
    await panel.getByText(/at ring 2 of 4/).waitFor();
    await panel.getByRole('searchbox').fill('youtube');
    await panel.getByText('2 other wishes not followed').click();
    await panel.getByText('An exception does not weaken what the strictest holds').waitFor();
    await panel.getByRole('searchbox').fill('zebra');
    await panel.getByText('No setting of this device matches').waitFor();
  });

  test('an explanation that fails can be asked for again', async () => {
    await visit.answer('/api/devices/dev0/explain', 500, failure);
    await visit.open('/devices/dev0?tab=settings');
    const panel = page.getByRole('region', { name: 'Why these settings' });
    await panel.getByRole('alert').waitFor();
    await visit.answerAgain();
    await panel.getByRole('button', { name: 'Try again' }).click();
    await panel.getByText('Blocked categories').waitFor();
  });
});
