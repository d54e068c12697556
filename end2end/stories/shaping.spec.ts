// People change and delete what they said, in the row itself: by mouse, by keyboard and by finger, with and without a
// connection; and everybody sees it.

import type { Locator } from '@playwright/test';
import { HANGUL, Keys } from '../input_methods';
import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const field = (person: Person) => person.page.locator('#revision');
const dialog = (person: Person) => person.page.getByRole('dialog', { name: person.words.deleteThis });
const actions = (person: Person, text: string) => person.message(text).getByRole('toolbar');
const deleted = (person: Person) => person.page.locator('article.message.deleted');

async function points(person: Person, text: string, action: string): Promise<void> {
  await person.message(text).hover();
  const { react, edit, more } = person.words;
  if ([react, edit].includes(action)) return actions(person, text).getByRole('button', { name: action, exact: true }).click();
  await actions(person, text).getByRole('button', { name: more, exact: true }).click();
  await person.page.getByRole('menuitem', { name: action, exact: true }).click();
}

async function edits(person: Person, text: string, into: string): Promise<void> {
  await points(person, text, person.words.edit);
  await expect(field(person)).toBeFocused();
  await expect(field(person)).toHaveValue(text);
  await field(person).fill(into);
  await field(person).press('Enter');
  await expect(field(person)).toHaveCount(0);
}

test('somebody changes what they said, and everybody reads it so', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('helo');
  await minsu.sees('helo');
  await edits(ada, 'helo', 'hello');
  for (const person of [ada, minsu]) {
    await person.seesExactly(['hello']);
    const mark = person.message('hello').locator('.message-edited');
    await expect(mark).toHaveText(person.words.edited);
    await expect(mark).toHaveAttribute('title', /\d/);
    await person.reloads();
    await person.isLive();
    await person.seesExactly(['hello']);
    await expect(mark).toHaveText(person.words.edited);
  }
  await minsu.message('hello').hover();
  await expect(actions(minsu, 'hello').getByRole('button', { name: minsu.words.more })).toBeVisible();
  await expect(actions(minsu, 'hello').getByRole('button', { name: minsu.words.edit })).toHaveCount(0);
  await actions(minsu, 'hello').getByRole('button', { name: minsu.words.more }).click();
  const { copyText, copyLink, markUnread, pin, forward } = minsu.words;
  await expect(minsu.page.getByRole('menuitem')).toHaveText([copyText, copyLink, markUnread, pin, forward]);
});

test('a change that is not finished survives a reload, until it is saved or given up', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('helo');
  await ada.sees('helo');
  await points(ada, 'helo', ada.words.edit);
  await field(ada).fill('hello, w');
  await ada.reloads();
  await expect(field(ada)).toHaveValue('hello, w');
  await expect(field(ada)).toBeFocused();
  const second = await ada.opensAnotherTab();
  await second.isLive();
  await second.sees('helo');
  await expect(field(second), 'it goes on in its own tab').toHaveCount(0);
  await second.closesTheTab();
  await field(ada).pressSequentially('orld');
  await field(ada).press('Enter');
  await ada.sees('hello, world');
  await ada.reloads();
  await ada.isLive();
  await ada.seesExactly(['hello, world']);
  await expect(field(ada)).toHaveCount(0);
  await points(ada, 'hello, world', ada.words.edit);
  await field(ada).fill('never mind');
  await field(ada).press('Escape');
  await ada.reloads();
  await ada.isLive();
  await expect(field(ada)).toHaveCount(0);
  await ada.seesExactly(['hello, world']);
});

test('somebody deletes what they said after a question, and a quiet line is left', async ({ walksIn, visits }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('oh no');
  await ada.says('stays');
  await minsu.sees('stays');
  await ada.seesExactly(['oh no', 'stays']);

  await points(ada, 'oh no', ada.words.delete);
  await expect(dialog(ada)).toBeVisible();
  await expect(dialog(ada).getByRole('button', { name: ada.words.cancel })).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(dialog(ada)).toBeHidden();
  await expect(ada.box).toBeFocused();
  await ada.seesExactly(['oh no', 'stays']);

  await points(ada, 'oh no', ada.words.delete);
  await dialog(ada).getByRole('button', { name: ada.words.delete }).click();
  for (const person of [ada, minsu]) {
    await person.seesExactly([person.words.deleted, 'stays']);
    await person.reloads();
    await person.isLive();
    await person.seesExactly([person.words.deleted, 'stays']);
    await deleted(person).hover();
    await expect(deleted(person).getByRole('toolbar')).toHaveCount(0);
  }
  await expect(ada.message(ada.words.deleted)).toHaveAttribute('data-state', 'sent');
  const reader = await visits({ at: '/rooms/madang', script: false });
  await expect(reader.page.getByText('oh no')).toHaveCount(0);
});

test('who made a room deletes what others say there, and nobody else does', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko', ...DEVICES.phone });
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await minsu.makesARoom('Dev');
  await minsu.isIn('Dev');
  for (const person of [ada, ben]) {
    await person.roomLink('Dev').click();
    await person.isIn('Dev');
  }
  await ada.says('spam');
  await ada.says('stays');
  for (const person of [minsu, ben]) await person.sees('stays');
  // Its line comes a moment later and moves the rows.
  await expect(ben.page.locator('.notice[data-notice=arrived]').last()).toContainText('Ben');
  await ben.message('spam').hover();
  await actions(ben, 'spam').getByRole('button', { name: ben.words.more }).click();
  await expect(ben.page.getByRole('menuitem', { name: ben.words.copyText })).toBeVisible();
  await expect(ben.page.getByRole('menuitem', { name: ben.words.delete })).toHaveCount(0);

  await minsu.message('spam').tap();
  await expect(actions(minsu, 'spam').getByRole('button', { name: minsu.words.edit })).toHaveCount(0);
  await actions(minsu, 'spam').getByRole('button', { name: minsu.words.more }).tap();
  await minsu.page.getByRole('menuitem', { name: minsu.words.delete, exact: true }).tap();
  await dialog(minsu).getByRole('button', { name: minsu.words.delete }).tap();
  for (const person of [minsu, ada, ben]) {
    await person.seesExactly([person.words.deleted, 'stays']);
    await person.reloads();
    await person.isLive();
    await person.seesExactly([person.words.deleted, 'stays']);
  }
});

test('the keys walk through the rows, and Enter opens what can be done', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('one');
  await ada.says('two');
  await ben.sees('two');
  await ben.says('three');
  await ada.sees('three');

  await ada.scroller.focus();
  await ada.page.keyboard.press('ArrowUp');
  await expect(ada.message('three')).toBeFocused();
  await expect(actions(ada, 'three').getByRole('button', { name: ada.words.more })).toBeVisible();
  await ada.page.keyboard.press('ArrowUp');
  await expect(ada.message('two')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(actions(ada, 'two').getByRole('button', { name: ada.words.react })).toBeFocused();
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await expect(actions(ada, 'two').getByRole('button', { name: ada.words.edit })).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(ada.message('two')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('Enter');
  await expect(field(ada)).toBeFocused();
  await ada.page.keyboard.type(' and a half');
  await ada.page.keyboard.press('Home');
  await ada.page.keyboard.type('just ');
  await ada.page.keyboard.press('Enter');
  await ben.sees('just two and a half');
  await expect(ada.message('just two and a half')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('Enter');
  await expect(ada.page.getByRole('menuitem', { name: ada.words.copyText })).toBeFocused();
  await ada.page.keyboard.press('End');
  await ada.page.keyboard.press('Enter');
  await expect(dialog(ada)).toBeVisible();
  await ada.page.keyboard.press('Tab');
  await ada.page.keyboard.press('Enter');
  await ben.seesExactly(['one', ben.words.deleted, 'three']);
  await expect(deleted(ada)).toBeFocused();
  await ada.page.keyboard.press('Tab');
  await expect(ada.box).toBeFocused();
});

test('what is open over a message closes when somebody else deletes it, and the keyboard is at its row', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  for (const [text, action, open] of [
    ['one', ben.words.more, '#message-menu'],
    ['two', ben.words.react, '#emoji-picker'],
  ] as const) {
    await ada.says(text);
    await ben.sees(text);
    await ben.message(text).focus();
    await ben.page.keyboard.press('Enter');
    await ben.message(text).getByRole('toolbar').getByRole('button', { name: action, exact: true }).press('Enter');
    await expect(ben.page.locator(open)).toBeVisible();
    await ada.deletes(text);
    await expect(ben.page.locator(open)).toBeHidden();
    await expect(deleted(ben).last()).toBeFocused();
  }
});

test('Arrow Up in an empty box changes the last own message, and Escape gives up', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('mine');
  await ada.sees('mine');
  await ben.says('yours');
  await ada.sees('yours');
  await ada.box.focus();
  await ada.page.keyboard.press('ArrowUp');
  await expect(field(ada)).toHaveValue('mine');
  await ada.page.keyboard.type('!');
  await ada.page.keyboard.press('Escape');
  await expect(field(ada)).toHaveCount(0);
  await expect(ada.box).toBeFocused();
  await ada.seesExactly(['mine', 'yours']);

  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.press('Shift+Enter');
  await ada.page.keyboard.type('and more');
  await ada.page.keyboard.press('Enter');
  await expect(ada.box).toBeFocused();
  await ben.seesExactly(['mine\nand more', 'yours']);
  await ada.writes('not empty');
  await ada.page.keyboard.press('ArrowUp');
  await expect(field(ada)).toHaveCount(0);
});

test('an edit to nothing asks whether to delete, and cancelling leads back to the field', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('something');
  await ada.sees('something');
  await ada.page.keyboard.press('ArrowUp');
  await field(ada).fill('   ');
  await ada.page.keyboard.press('Enter');
  await expect(dialog(ada)).toBeVisible();
  await ada.page.keyboard.press('Enter');
  await expect(dialog(ada)).toBeHidden();
  await expect(field(ada)).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await dialog(ada).getByRole('button', { name: ada.words.delete }).click();
  await ada.seesExactly([ada.words.deleted]);
  await expect(field(ada)).toHaveCount(0);
  await expect(ada.box).toBeFocused();
});

test('whoever saves nothing again before the browser says that the question is closed is asked again', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('something');
  await ada.sees('something');
  await ada.page.keyboard.press('ArrowUp');
  await field(ada).fill('');
  await ada.page.keyboard.press('Enter');
  await expect(dialog(ada)).toBeVisible();
  // Before its next task: a browser tells of keys before it tells that a dialog was closed.
  await dialog(ada).getByRole('button', { name: ada.words.cancel }).evaluate(async (cancel: HTMLElement) => {
    cancel.click();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    document.querySelector<HTMLTextAreaElement>('#revision')?.form?.requestSubmit();
  });
  await expect(dialog(ada)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(dialog(ada)).toBeHidden();
  await expect(field(ada)).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(dialog(ada)).toBeVisible();
  await dialog(ada).getByRole('button', { name: ada.words.delete }).click();
  await ada.seesExactly([ada.words.deleted]);
});

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`a change in Hangul is saved by one Enter, once (${platform})`, async ({ walksIn }) => {
    const minsu = await walksIn('민수', { lang: 'ko' });
    const ada = await walksIn('Ada');
    await minsu.says('안');
    await minsu.sees('안');
    await minsu.page.keyboard.press('ArrowUp');
    await expect(field(minsu)).toBeFocused();
    const keys = await Keys.of(minsu.page);
    await enter(keys, await keys.types('녕하세요'));
    await ada.seesExactly(['안녕하세요']);
    await expect(field(minsu)).toHaveCount(0);
    expect(minsu.sent.filter((frame) => frame === 'edit')).toHaveLength(1);
    await expect(minsu.box).toHaveValue('');
  });
}

test('what is changed and deleted offline waits, survives a reload, and arrives', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  for (const text of ['one', 'two']) await ada.says(text);
  await ben.seesExactly(['one', 'two']);
  await house.closes();
  await ada.connectionIs('offline');
  await edits(ada, 'one', 'uno');
  await ada.seesWaiting('uno');
  await points(ada, 'two', ada.words.delete);
  await dialog(ada).getByRole('button', { name: ada.words.delete }).click();
  await ada.seesWaiting(ada.words.deleted);
  await ada.goesElsewhere();
  await house.opensAgain();
  await ada.goesTo('/rooms/madang');
  await ada.seesExactly(['uno', ada.words.deleted], { timeout: 30_000 });
  await ben.isLive({ timeout: 30_000 });
  await ben.seesExactly(['uno', ben.words.deleted]);
});

test('a change that is refused keeps what was typed, and can be thrown away', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const other = await ada.opensAnotherTab();
  await ada.says('said');
  await other.sees('said');
  await other.page.locator('#message').focus();
  await other.page.keyboard.press('ArrowUp');
  await field(other).fill('typed for long');
  await points(ada, 'said', ada.words.delete);
  await dialog(ada).getByRole('button', { name: ada.words.delete }).click();
  await expect(deleted(other)).toHaveCount(1);
  await field(other).press('Enter');
  await other.seesFailed('typed for long');
  await expect(other.page.getByText(other.words.refused.messageDeleted)).toBeVisible();
  await other.press(other.words.discard);
  await other.seesExactly([other.words.deleted]);
});

test('the address of a message can be copied', async ({ walksIn, house }) => {
  const ada = await walksIn('Ada');
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.says('remember this');
  await ada.sees('remember this');
  await points(ada, 'remember this', ada.words.copyLink);
  await ada.isTold(ada.words.linkCopied);
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(`${house.address}/rooms/madang/1`);
});

test('the text of a message can be copied', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.says('두 줄\nof text');
  await ada.sees('두 줄\nof text');
  await points(ada, '두 줄\nof text', ada.words.copyText);
  await ada.isTold(ada.words.textCopied);
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('두 줄\nof text');
  await expect(ada.box).toBeFocused();
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`what can be done to a message is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben');
      await ben.says('A first word by somebody else');
      for (const text of ['내일 회의는 열 시예요. See you there!', 'helo', 'oh no']) await ada.says(text);
      await ada.sees('oh no');
      const press = async (text: string) => {
        if (device === 'laptop') return ada.message(text).focus();
        await ada.message(text).locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
        await expect(actions(ada, text)).toBeVisible();
      };
      const choose = async (text: string, action: string) => {
        await press(text);
        const hit = async (button: Locator) => {
          await expect(button).toBeVisible();
          const { width, height } = (await button.boundingBox())!;
          expect(Math.min(width, height), 'large enough to be hit').toBeGreaterThanOrEqual(24);
          await (device === 'phone' ? button.tap() : button.click());
        };
        if (action === ada.words.edit) return hit(actions(ada, text).getByRole('button', { name: action, exact: true }));
        await hit(actions(ada, text).getByRole('button', { name: ada.words.more, exact: true }));
        await hit(ada.page.getByRole('menuitem', { name: action, exact: true }));
      };
      const above_px = async () => (await ada.message('oh no').boundingBox())!.y - (await ada.message('helo').boundingBox())!.y;
      const before_px = await above_px();
      await press('helo');
      expect(await above_px(), 'nothing moves').toBe(before_px);
      await isFitToBeSeen(ada, device, 'shape actions');
      await choose('helo', ada.words.edit);
      await expect(field(ada)).toBeFocused();
      await isFitToBeSeen(ada, device, 'shape edit');
      await field(ada).fill('hello');
      await field(ada).press('Enter');
      await ada.sees('hello');
      await choose('oh no', ada.words.delete);
      await expect(dialog(ada)).toBeVisible();
      await isFitToBeSeen(ada, device, 'shape question');
      await dialog(ada).getByRole('button', { name: ada.words.delete }).click();
      await ada.sees(ada.words.deleted);
      await isFitToBeSeen(ada, device, 'shape done');
    });
  }
}
