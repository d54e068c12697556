// People put emoji to messages: from the sheet and by pressing one that is there, by mouse, by keyboard and by finger, with and
// without a connection; and while they reach for it, nothing moves.

import type { Locator } from '@playwright/test';
import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const picker = (person: Person) => person.page.locator('#emoji-picker');
const search = (person: Person) => person.page.locator('#emoji-search');
const chips = (person: Person, text: string) => person.message(text).locator('.reaction');
const actions = (person: Person, text: string) => person.message(text).getByRole('toolbar');
const emoji = (person: Person, which: string): Locator => picker(person).locator('.emoji-grid').getByRole('button', { name: which, exact: true });

async function opensThePicker(person: Person, text: string): Promise<void> {
  await person.message(text).hover();
  await actions(person, text).getByRole('button', { name: person.words.react, exact: true }).click();
  await expect(picker(person)).toBeVisible();
}

async function seesAt(person: Person, text: string, shown: string[]): Promise<void> {
  await expect(chips(person, text)).toHaveText(shown);
}

/** What stands beside an emoji while one points at it. */
async function saysWho(person: Person, text: string, who: string | null): Promise<void> {
  const said = () => chips(person, text).first().evaluate((chip) => getComputedStyle(chip, '::after').content);
  await expect.poll(said).toBe(who ? `"${who}"` : 'none');
}

test('somebody reacts, and everybody sees who', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('lunch?');
  await minsu.sees('lunch?');

  await opensThePicker(minsu, 'lunch?');
  await expect(search(minsu)).toBeFocused();
  await search(minsu).fill('좋아요');
  await emoji(minsu, '👍').click();
  await expect(picker(minsu)).toBeHidden();
  for (const person of [ada, minsu]) await seesAt(person, 'lunch?', ['👍1']);
  await expect(chips(minsu, 'lunch?')).toHaveAttribute('aria-pressed', 'true');
  await expect(chips(ada, 'lunch?')).toHaveAttribute('aria-pressed', 'false');
  await chips(ada, 'lunch?').hover();
  await saysWho(ada, 'lunch?', '👍 민수');

  await chips(ada, 'lunch?').click();
  for (const person of [ada, minsu]) await seesAt(person, 'lunch?', ['👍2']);
  await expect(chips(ada, 'lunch?')).toHaveAccessibleName('👍 You and 민수');
  await expect(chips(minsu, 'lunch?')).toHaveAccessibleName('👍 나, Ada');
  await minsu.reloads();
  await minsu.isLive();
  await seesAt(minsu, 'lunch?', ['👍2']);
  await chips(minsu, 'lunch?').click();
  await seesAt(ada, 'lunch?', ['👍1']);
  await chips(ada, 'lunch?').click();
  for (const person of [ada, minsu]) await seesAt(person, 'lunch?', []);
});

test('the sheet finds emoji in both languages, and remembers those used last', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const fetched: string[] = [];
  ada.page.on('request', (request) => request.url().includes('/emoji') && fetched.push(request.url()));
  await ada.says('hi');
  await ada.sees('hi');
  expect(fetched, 'not before it is wanted').toEqual([]);
  await opensThePicker(ada, 'hi');
  await expect(emoji(ada, '😀')).toBeVisible();
  expect(fetched).toHaveLength(1);
  for (const [typed, found] of [['rocket', '🚀'], ['로켓', '🚀'], [':tada:', '🎉'], ['축하', '🎉'], ['KOREA', '🇰🇷']]) {
    await search(ada).fill(typed);
    await expect(emoji(ada, found)).toBeVisible();
  }
  await search(ada).fill('nothing of the kind');
  await ada.isTold(ada.words.noEmoji);
  await search(ada).fill('rocket');
  await search(ada).press('Enter');
  await seesAt(ada, 'hi', ['🚀1']);
  await ada.reloads();
  await ada.isLive();
  await opensThePicker(ada, 'hi');
  await expect(picker(ada).locator('.emoji-grid [role=group]').first().getByRole('button').first()).toHaveText('🚀');
  await picker(ada).getByRole('button', { name: 'Flags', exact: true }).click();
  await expect(picker(ada).getByRole('heading', { name: 'Flags' })).toBeInViewport();
  await ada.page.keyboard.press('Escape');
  await expect(picker(ada)).toBeHidden();
});

test('all of it goes by keyboard', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('one');
  await ada.sees('one');
  await ada.scroller.focus();
  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.press('Enter');
  await expect(actions(ada, 'one').getByRole('button', { name: ada.words.react })).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(search(ada)).toBeFocused();
  await expect(emoji(ada, '😀')).toBeVisible();
  await ada.page.keyboard.press('ArrowDown');
  await expect(emoji(ada, '👍').first()).toBeFocused();
  await ada.page.keyboard.press('ArrowRight');
  await expect(emoji(ada, '❤️').first()).toBeFocused();
  await ada.page.keyboard.press('ArrowDown');
  await ada.page.keyboard.press('ArrowUp');
  await expect(emoji(ada, '❤️').first()).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await seesAt(ada, 'one', ['❤️1']);
  await expect(ada.message('one')).toBeFocused();
  await ada.page.keyboard.press('ArrowRight');
  await expect(chips(ada, 'one')).toBeFocused();
  await saysWho(ada, 'one', '❤️ You');
  await ada.page.keyboard.press('Escape');
  await expect(ada.message('one')).toBeFocused();
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('Enter');
  await seesAt(ada, 'one', []);
  await expect(ada.message('one')).toBeFocused();

  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.press('Enter');
  await expect(search(ada)).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(picker(ada)).toBeHidden();
  await expect(ada.message('one')).toBeFocused();
});

test("a finger that rests on a message moves nothing, puts nothing, and is told who in the message's menu", async ({ walksIn }) => {
  const ada = await walksIn('Ada', { ...DEVICES.phone, still: true });
  const minsu = await walksIn('남궁하늘보라', { lang: 'ko' });
  await minsu.says('lunch?');
  await minsu.says('at noon');
  for (const typed of ['👍', '🎉', '👀', '🙏', '🔥']) {
    await opensThePicker(minsu, 'lunch?');
    await search(minsu).fill(typed);
    await emoji(minsu, typed).first().click();
  }
  await seesAt(ada, 'lunch?', ['👍1', '🎉1', '👀1', '🙏1', '🔥1']);
  await chips(ada, 'lunch?').first().tap();
  await seesAt(ada, 'lunch?', ['👍2', '🎉1', '👀1', '🙏1', '🔥1']);
  const places = () => ada.rows.evaluateAll((rows) => rows.map((row) => JSON.stringify(row.getBoundingClientRect())));
  const before = await places();
  await ada.message('lunch?').locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
  await expect(actions(ada, 'lunch?')).toBeVisible();
  expect(await places()).toEqual(before);
  await seesAt(ada, 'lunch?', ['👍2', '🎉1', '👀1', '🙏1', '🔥1']);
  await actions(ada, 'lunch?').getByRole('button', { name: ada.words.more }).tap();
  const menu = ada.page.locator('#message-menu');
  for (const line of ['👍 You and 남궁하늘보라', '🔥 남궁하늘보라']) await expect(menu.getByText(line)).toBeInViewport();
});

test('a reaction offline waits, survives a reload, and arrives once', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await ada.says('one');
  await ben.sees('one');
  await opensThePicker(ben, 'one');
  await emoji(ben, '👍').first().click();
  await seesAt(ada, 'one', ['👍1']);
  await house.closes();
  await ada.connectionIs('offline');
  await chips(ada, 'one').click();
  await seesAt(ada, 'one', ['👍2']);
  await expect(ada.message('one')).toHaveAttribute('data-state', 'sent');
  await ada.goesElsewhere();
  await house.opensAgain();
  await ada.goesTo('/rooms/madang');
  await ben.isLive({ timeout: 30_000 });
  for (const person of [ada, ben]) await expect(chips(person, 'one')).toHaveText(['👍2'], { timeout: 30_000 });
});

test('a reaction that is refused is told, and is not there', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  await ben.says('short-lived');
  await ada.sees('short-lived');
  await opensThePicker(ada, 'short-lived');
  ada.road!.holds();
  await ben.deletes('short-lived');
  await expect(ben.page.locator('article.message.deleted[data-state=sent]')).toHaveCount(1);
  await emoji(ada, '👍').first().click();
  await seesAt(ada, 'short-lived', ['👍1']);
  ada.road!.releases();
  await ada.isTold(ada.words.refused.messageDeleted);
  await expect(ada.page.locator('.reaction')).toHaveCount(0);
});

test('nothing moves under the pointer while one reaches for an action', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  for (let number = 1; number <= 30; number++) await ben.says(`number ${number}`);
  await ada.sees('number 30');
  await ada.message('number 28').hover();
  const button = actions(ada, 'number 28').getByRole('button', { name: ada.words.react });
  await button.hover();
  const before = (await button.boundingBox())!;
  for (let number = 31; number <= 33; number++) await ben.says(`number ${number}`);
  await expect(ada.page.locator('.pill')).toHaveText(ada.words.newMessages(3));
  expect((await button.boundingBox())!.y).toBe(before.y);
  await ada.page.mouse.down();
  await ada.page.mouse.up();
  await expect(picker(ada)).toBeVisible();
  await ben.says('number 34');
  await expect(ada.page.locator('.pill')).toHaveText(ada.words.newMessages(4));
  await emoji(ada, '👍').first().click();
  await seesAt(ben, 'number 28', ['👍1']);
  await ada.page.mouse.move(5, 5);
  await expect(ada.message('number 34')).toBeInViewport();
  await expect(ada.page.locator('.pill')).toBeHidden();
  await expect(ada.page.locator('.new-line')).toHaveCount(0);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`reactions are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben');
      await ben.says('내일 회의는 열 시예요. See you there!');
      const text = '내일 회의는 열 시예요. See you there!';
      await ada.says('I will be there');
      // Rows move up for it.
      for (const person of [ada, ben]) await person.sees('I will be there');
      await opensThePicker(ben, text);
      for (const typed of ['👍', '🎉', '👀']) {
        if (!(await picker(ben).isVisible())) await opensThePicker(ben, text);
        await search(ben).fill(typed);
        await emoji(ben, typed).first().click();
      }
      await seesAt(ada, text, ['👍1', '🎉1', '👀1']);
      const press = async () => {
        if (device === 'laptop') return ada.message(text).hover();
        await ada.message(text).locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
        await expect(actions(ada, text)).toBeVisible();
      };
      const choose = async (name: string) => {
        await press();
        const button = actions(ada, text).getByRole('button', { name, exact: true });
        await expect(button).toBeVisible();
        await (device === 'phone' ? button.tap() : button.click());
      };
      await (device === 'phone' ? chips(ada, text).first().tap() : chips(ada, text).first().click());
      await seesAt(ada, text, ['👍2', '🎉1', '👀1']);
      await isFitToBeSeen(ada, device, 'reactions');
      await choose(ada.words.more);
      await expect(ada.page.locator('#message-menu')).toBeVisible();
      await isFitToBeSeen(ada, device, 'reactions menu');
      await ada.page.keyboard.press('Escape');
      await choose(ada.words.react);
      await expect(emoji(ada, '😀')).toBeVisible();
      await isFitToBeSeen(ada, device, 'reactions picker');
      await search(ada).fill('하트');
      await expect(emoji(ada, '😍')).toBeVisible();
      await isFitToBeSeen(ada, device, 'reactions found');
    });
  }
}
