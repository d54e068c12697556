// What a room is to keep in mind is pinned: a mark at the message says by whom, and a sheet leads to all of it.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { NO_MESSAGE_LIMIT } from '../house';
import { expect, MADANG, type Person, test } from '../vocabulary';

const mark = (person: Person, text: string) => person.message(text).locator('.message-pinned');
const wall = (person: Person) => person.page.locator('.sheet-page .pin-text');

/** With the mouse, from the rest of a message's actions. */
async function chooses(person: Person, text: string, action: string): Promise<void> {
  await person.message(text).hover();
  await person.message(text).getByRole('button', { name: person.words.more, exact: true }).click();
  await person.page.getByRole('menuitem', { name: action, exact: true }).click();
  await expect(person.page.locator('#message-menu')).toBeHidden();
}

/** The sheet of what is pinned, by way of the one about the room. */
async function opensTheWall(person: Person): Promise<void> {
  const about = await person.opensAbout();
  await about.getByRole('link', { name: person.words.pins }).click();
  await expect(person.page.getByRole('heading', { level: 1, name: person.words.pins, exact: true })).toBeVisible();
}

test('beside the mark a finger finds the message, and on it what is pinned', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko', ...DEVICES.phone });
  await ada.says('rules');
  await ada.sees('rules');
  await chooses(ada, 'rules', ada.words.pin);
  await expect(mark(minsu, 'rules')).toBeVisible();
  const line = (await mark(minsu, 'rules').boundingBox())!;
  await minsu.page.touchscreen.tap(minsu.page.viewportSize()!.width - 40, line.y + line.height / 2);
  await expect(minsu.message('rules').getByRole('toolbar')).toBeVisible();
  await expect(minsu.sheet).toHaveCount(0);
  await mark(minsu, 'rules').tap();
  await expect(wall(minsu)).toHaveText(['rules']);
});

test('somebody pins a message, everyone sees by whom, and anyone may unpin it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('rules');
  await ada.says('chatter');
  await minsu.sees('chatter');
  await chooses(minsu, 'rules', minsu.words.pin);
  for (const person of [ada, minsu]) {
    await expect(mark(person, 'rules')).toContainText(person.words.pinnedBy('민수'));
    await expect(mark(person, 'chatter')).toHaveCount(0);
    await person.reloads();
    await person.isLive();
    await expect(mark(person, 'rules')).toContainText(person.words.pinnedBy('민수'));
  }
  const about = await ada.opensAbout();
  await expect(about.getByRole('link', { name: ada.words.pinsCount(1) })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();

  for (const person of [ada, minsu]) {
    await person.page.locator('.room-head').getByRole('link', { name: person.words.pins }).press('Enter');
    await expect(wall(person)).toHaveText(['rules']);
    await person.page.keyboard.press('Escape');
    await expect(person.sheet).toBeHidden();
  }
  await mark(ada, 'rules').click();
  await expect(wall(ada)).toHaveText(['rules']);
  await ada.page.getByRole('button', { name: /^Unpin: Ada, rules$/ }).click();
  await expect(wall(ada)).toHaveCount(0);
  await expect(mark(minsu, 'rules')).toHaveCount(0);
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  await expect(mark(ada, 'rules')).toHaveCount(0);

  await chooses(ada, 'chatter', ada.words.pin);
  await expect(mark(minsu, 'chatter')).toContainText(minsu.words.pinnedBy('Ada'));
  await chooses(ada, 'chatter', ada.words.unpin);
  await expect(mark(minsu, 'chatter')).toHaveCount(0);
});

test('a pin waits for the connection, and a deleted message is no longer pinned', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('rules');
  await ben.sees('rules');
  await ben.choosesInConnectionMenu(ben.words.disconnect);
  await chooses(ben, 'rules', ben.words.pin);
  await expect(mark(ben, 'rules')).toContainText(ben.words.pinnedBy('Ben'));
  await expect(mark(ada, 'rules')).toHaveCount(0);
  await ben.reloads();
  await expect(mark(ada, 'rules')).toContainText(ada.words.pinnedBy('Ben'));
  await ben.isLive();
  await ben.choosesInConnectionMenu(ben.words.disconnect);
  await chooses(ben, 'rules', ben.words.unpin);
  await expect(mark(ben, 'rules'), 'it is gone at once').toHaveCount(0);
  await expect(mark(ada, 'rules')).toBeVisible();
  await ben.choosesInConnectionMenu(ben.words.connect);
  await expect(mark(ada, 'rules')).toHaveCount(0);
  await chooses(ben, 'rules', ben.words.pin);
  await expect(mark(ada, 'rules')).toContainText(ada.words.pinnedBy('Ben'));

  await chooses(ada, 'rules', ada.words.delete);
  await ada.page.getByRole('dialog').getByRole('button', { name: ada.words.delete }).click();
  await expect(ben.page.locator('.message-pinned')).toHaveCount(0);
  await opensTheWall(ben);
  await expect(wall(ben)).toHaveCount(0);
});

test.describe('a wall for one', () => {
  test.use({ settings: ['--pins-per-room', '1'] });

  test('where no more can be pinned a sentence says so, and the row is as it was', async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang: 'ko' });
    await ada.says('하나');
    await ada.says('둘');
    await ada.sees('둘');
    await chooses(ada, '하나', ada.words.pin);
    await expect(mark(ada, '하나')).toBeVisible();
    await chooses(ada, '둘', ada.words.pin);
    await ada.isTold(ada.words.pinsFull);
    await expect(mark(ada, '둘')).toHaveCount(0);
  });
});

test.describe('long ago', () => {
  test.use({ settings: NO_MESSAGE_LIMIT });

  test('a pin leads to a message from long ago, by keyboard', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    await ben.says('rules');
    await ada.sees('rules');
    await chooses(ben, 'rules', ben.words.pin);
    await ben.saysAtOnce(Array.from({ length: 300 }, (_, at) => `line ${at + 1}`));
    await ada.reloads();
    await ada.isLive();
    await expect(ada.message('line 300')).toBeInViewport();
    await opensTheWall(ada);
    await ada.page.getByRole('link', { name: /rules/ }).focus();
    await ada.page.keyboard.press('Enter');
    await expect(ada.sheet).toBeHidden();
    await expect(ada.message('rules')).toBeInViewport({ ratio: 1 });
    await expect(ada.message('rules')).toHaveClass(/\btarget\b/);
    await expect(ada.message('rules')).toBeFocused();
  });
});

test('without JavaScript the sheet is a page that leads to the message, and unpins it', async ({ walksIn, visits }) => {
  const ada = await walksIn('Ada');
  await ada.says('rules');
  await ada.sees('rules');
  await chooses(ada, 'rules', ada.words.pin);
  await expect(mark(ada, 'rules')).toBeVisible();
  const ben = await visits({ script: false, at: MADANG.path });
  await ben.givesTheName('Ben');
  await ben.sees('rules');
  await mark(ben, 'rules').click();
  await expect(wall(ben)).toHaveText(['rules']);
  await ben.page.getByRole('button', { name: /^Unpin/ }).click();
  await expect(wall(ben)).toHaveCount(0);
  await expect(mark(ada, 'rules')).toHaveCount(0);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`what is pinned is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang });
      const ben = await walksIn('Ben', { lang });
      const long = `잊지 마세요 ${'averylongwordthatdoesnotend'.repeat(12)} \u202Eback\u202C`;
      for (const [at, text] of ['rules', long].entries()) {
        await ben.says(text);
        await expect(ben.rows).toHaveCount(at + 1);
        await expect(ben.rows.last()).toHaveAttribute('data-state', 'sent');
        await ben.page.mouse.move(0, 0);
        await ben.rows.last().hover();
        await ben.rows.last().getByRole('button', { name: ben.words.more, exact: true }).click();
        await ben.page.getByRole('menuitem', { name: ben.words.pin, exact: true }).click();
        await expect(ben.rows.last().locator('.message-pinned')).toBeVisible();
      }
      await expect(ada.page.locator('.message-pinned')).toHaveCount(2);
      await isFitToBeSeen(ada, device, 'pinned messages in a room');
      await opensTheWall(ada);
      await expect(wall(ada)).toHaveCount(2);
      await isFitToBeSeen(ada, device, 'sheet of pinned messages');
    });
  }
}
