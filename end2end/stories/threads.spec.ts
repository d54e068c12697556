// People reply in threads: beside the room's talk, seen at their message, in a sheet of their own.

import type { Route } from '@playwright/test';
import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { beginsAThread, box, line, opensTheThread, replies, reply, said } from '../threads';
import { expect, MADANG, type Person, test } from '../vocabulary';

test('two people talk in a thread, and the room shows how many replies there are', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', minsu);
  await replies(minsu, '좋아요');
  await expect(box(minsu)).toBeFocused();
  await replies(minsu, '어디서요?');
  await minsu.page.keyboard.press('Escape');
  for (const person of [ada, minsu]) {
    await expect(line(person, 'lunch?')).toContainText(person.words.replies(2));
    await expect(line(person, 'lunch?').locator('.avatar')).toHaveText(['민수']);
    await expect(said(person, '좋아요')).toHaveCount(0);
  }
  await line(ada, 'lunch?').click();
  await expect(ada.page.getByRole('dialog', { name: ada.words.thread })).toBeVisible();
  await expect(ada.page).toHaveURL('/rooms/madang');
  await replies(ada, 'downstairs');
  await ada.page.keyboard.press('Escape');
  await expect(line(ada, 'lunch?')).toBeFocused();
  await expect(line(minsu, 'lunch?')).toContainText(minsu.words.replies(3));
  await expect(line(minsu, 'lunch?').locator('.avatar')).toHaveText(['A', '민수']);
  await minsu.reloads();
  await minsu.isLive();
  await expect(line(minsu, 'lunch?')).toContainText(minsu.words.replies(3));
});

test('who opens a thread by keyboard is back at its message when it is closed', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('lunch?');
  await ada.sees('lunch?');
  await ada.message('lunch?').focus();
  for (const key of ['Enter', 'ArrowRight', 'ArrowRight']) await ada.page.keyboard.press(key);
  await expect(said(ada, 'lunch?').getByRole('link', { name: ada.words.thread, exact: true })).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(box(ada)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('dialog', { name: ada.words.thread })).toBeHidden();
  await expect(ada.message('lunch?')).toBeFocused();
});

test('an open thread stands beside the room and follows what happens, and what is being written stays', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', ada, minsu);
  await box(ada).fill('half a sentence');
  await replies(minsu, '좋아요');
  await expect(reply(ada, '좋아요')).toHaveCount(1);
  await replies(minsu, '어디서요?');
  await expect(reply(ada, '어디서요?')).toHaveCount(1);
  await expect(ada.page.locator('.thread')).toContainText(ada.words.replies(2));
  await expect(box(ada)).toHaveValue('half a sentence');
  await expect(box(ada)).toBeFocused();
  await ada.says('and in the room');
  await expect(said(minsu, 'and in the room')).toHaveCount(1);
  await expect(ada.page.getByRole('dialog', { name: ada.words.thread })).toBeVisible();
  await expect(box(ada)).toHaveValue('half a sentence');
  await said(minsu, 'lunch?').hover();
  await said(minsu, 'lunch?').getByRole('button', { name: minsu.words.react, exact: true }).click();
  await minsu.page.locator('#emoji-picker button').filter({ hasText: '👍' }).first().click();
  await reply(ada, 'lunch?').locator('.reaction').click();
  await expect(reply(ada, 'lunch?').locator('.reaction')).toHaveText('👍2');
  await expect(said(minsu, 'lunch?').locator('.reaction')).toHaveText('👍2');
  await box(ada).focus();
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('dialog', { name: ada.words.thread })).toBeHidden();
});

test('what happens while the thread is being asked for is not missed', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', ada, minsu);
  await replies(ada, 'at nuun');
  await expect(minsu.page.locator('.thread-reply')).toContainText('at nuun');
  // The answer to the next question is made at once, and comes late.
  let comes = () => {};
  const held = new Promise<void>((done) => (comes = done));
  const asked = new Promise<void>((done) => {
    const hold = async (route: Route) => {
      const response = await route.fetch();
      done();
      await held;
      await route.fulfill({ response });
    };
    minsu.page.route('**/1/thread', hold, { times: 1 });
  });
  await replies(ada, 'or later');
  await asked;
  const field = ada.page.locator('.thread-shaping[open] textarea');
  await ada.page.locator('.thread-reply').first().getByLabel(ada.words.more).focus();
  await ada.page.keyboard.press('Enter');
  await field.fill('at noon');
  await field.press('Enter');
  await expect(reply(ada, 'at noon')).toHaveCount(1);
  await said(ada, 'lunch?').hover();
  await said(ada, 'lunch?').getByRole('button', { name: ada.words.react, exact: true }).click();
  await ada.page.locator('#emoji-picker button').filter({ hasText: '👍' }).first().click();
  await expect(said(minsu, 'lunch?').locator('.reaction'), 'it has heard of all this').toHaveText('👍1');
  comes();
  await expect(minsu.page.locator('.thread article.message .message-text')).toHaveText(['lunch?', 'at noon', 'or later']);
  await expect(reply(minsu, 'lunch?').locator('.reaction')).toHaveText('👍1');
});

test('an open thread is up to date after the connection was lost', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/ERR_INTERNET_DISCONNECTED/);
  const ben = await walksIn('Ben');
  await beginsAThread(ada, 'lunch?', ada, ben);
  await ada.context.setOffline(true);
  await box(ada).fill('half a sentence');
  await replies(ben, 'yes');
  await box(ada).press('Enter');
  await expect(reply(ada, 'half a sentence')).toHaveAttribute('data-state', 'waiting');
  await expect(said(ada, 'half a sentence')).toHaveCount(0);
  await ada.context.setOffline(false);
  await ada.isLive();
  await expect(reply(ada, 'yes')).toHaveCount(1);
  await expect(reply(ben, 'half a sentence')).toHaveCount(1);
  await expect(reply(ada, 'half a sentence')).toHaveAttribute('data-state', 'sent');
  await expect(ada.page.locator('.thread article.message .message-text')).toHaveText(['lunch?', 'yes', 'half a sentence']);
});

test('a reply may be said to the room, too, and leads from there to its thread', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await beginsAThread(ada, 'lunch?', ben);
  await ben.page.getByRole('checkbox', { name: ben.words.alsoToRoom }).check();
  await replies(ben, 'at noon');
  await expect(said(ada, 'at noon')).toHaveCount(1);
  await expect(said(ada, 'at noon').locator('.quote-text')).toHaveText('lunch?');
  await opensTheThread(ada, 'at noon');
  await expect(reply(ada, 'lunch?')).toHaveCount(1);
  await expect(reply(ada, 'at noon')).toHaveCount(1);
});

test('what one said in a thread can be changed and deleted there, and others put emoji to it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', minsu);
  await replies(minsu, '조아요');
  await opensTheThread(ada, 'lunch?');
  const shapes = async (person: Person) => {
    await person.page.locator('.thread-reply').getByLabel(person.words.more).focus();
    await person.page.keyboard.press('Enter');
  };
  await shapes(ada);
  await ada.page.locator('.thread-reply').getByRole('button', { name: '🎉', exact: true }).click();
  await expect(reply(minsu, '조아요').locator('.reaction')).toHaveText('🎉1');
  await reply(ada, '조아요').locator('.reaction').click();
  await expect(reply(minsu, '조아요').locator('.reaction'), 'pressed again it is gone').toHaveCount(0);
  await shapes(ada);
  await ada.page.locator('.thread-reply').getByRole('button', { name: '🎉', exact: true }).click();
  await expect(reply(minsu, '조아요').locator('.reaction')).toHaveText('🎉1');
  await shapes(minsu);
  const field = minsu.page.locator('.thread-reply textarea');
  await field.fill('좋아요');
  // What happens meanwhile does not take it away.
  await shapes(ada);
  await ada.page.locator('.thread-reply').getByRole('button', { name: '👀', exact: true }).click();
  await expect(reply(ada, '조아요').locator('.reaction')).toHaveText(['🎉1', '👀1']);
  await expect(field).toHaveValue('좋아요');
  await field.press('Enter');
  await expect(reply(ada, '좋아요').locator('.reaction')).toHaveText(['🎉1', '👀1']);
  await shapes(ada);
  await shapes(minsu);
  await isFitToBeSeen(minsu, 'laptop', 'thread shaping');
  await minsu.page.locator('.thread-reply').getByRole('button', { name: minsu.words.delete, exact: true }).click();
  await expect(ada.page.locator('.thread-reply')).toContainText(ada.words.deleted);
  await expect(ada.page.locator('.thread-reply details'), 'nothing can be done to it').toHaveCount(0);
  await expect(ada.page.locator('.thread-reply .message')).toBeFocused();
});

for (const lang of ['en', 'ko'] as const) {
  test(`any emoji is put to a reply, whose address is copied and which is passed on (${lang})`, async ({ walksIn, house }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben');
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await beginsAThread(ada, 'lunch?', ben);
    await replies(ben, 'rice');
    await opensTheThread(ada, 'lunch?');
    const actions = ada.page.locator('.thread-reply details');
    for (const name of [lang === 'en' ? 'Emoji' : '이모지', ada.words.forward]) {
      await actions.locator('summary').press('Enter');
      await actions.getByRole('link', { name, exact: true }).press('Enter');
      await expect(ada.sheet.getByRole('combobox')).toBeFocused();
      await ada.page.keyboard.press('Escape');
      await expect(actions.locator('summary'), 'who does not want it after all is back at the reply').toBeFocused();
    }
    await actions.locator('summary').click();
    await actions.getByRole('link', { name: lang === 'en' ? 'Emoji' : '이모지', exact: true }).click();
    await expect(ada.sheet.getByRole('combobox')).toBeFocused();
    await ada.page.keyboard.type('주먹밥');
    await expect(ada.sheet.getByRole('option')).toHaveCount(1);
    await ada.page.keyboard.press('Enter');
    await expect(reply(ben, 'rice').locator('.reaction')).toHaveText('🍙1');
    await expect(reply(ada, 'rice').locator('.reaction'), 'one is back in the thread').toHaveText('🍙1');
    await actions.locator('summary').click();
    await actions.getByRole('link', { name: ada.words.copyLink, exact: true }).click();
    await expect(actions.getByRole('link', { name: ada.words.linkCopied, exact: true }), 'seen where it was pressed').toBeFocused();
    const copied = await ada.page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(new RegExp(`^${house.address}${MADANG.path}/\\d+/thread\\?reply=\\d+$`));
    await actions.getByRole('link', { name: ada.words.forward, exact: true }).click();
    await expect(ada.sheet.locator('.quote-text')).toHaveText('rice');
  });
}

for (const [lang, device] of [['en', 'laptop'], ['ko', 'phone']] as const) {
  test(`a reply is pinned to its room, everyone sees by whom, and the pin leads to it (${lang}, ${device})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang, ...DEVICES[device] });
    const ben = await walksIn('Ben');
    await beginsAThread(ben, 'lunch?', ben);
    await replies(ben, 'at noon');
    await replies(ben, 'or at one');
    await line(ada, 'lunch?').click();
    const actions = ada.page.locator('.thread-reply').filter({ hasText: 'at noon' }).locator('details');
    await actions.locator('summary').press('Enter');
    await actions.getByRole('button', { name: ada.words.pin, exact: true }).press('Enter');
    for (const person of [ada, ben]) await expect(reply(person, 'at noon').locator('.message-pinned')).toContainText(person.words.pinnedBy('Ada'));
    await expect(actions.locator('summary'), 'one goes on where one was').toBeFocused();
    await actions.locator('summary').press('Enter');
    await expect(actions.getByRole('button', { name: ada.words.unpin, exact: true })).toBeVisible();
    await isFitToBeSeen(ada, device, 'thread with a pinned reply');
    await ada.page.keyboard.press('Escape');
    await ada.page.keyboard.press('Escape');
    await expect(ada.sheet).toBeHidden();

    await ada.page.locator('.room-head').getByRole('link', { name: ada.words.pins }).press('Enter');
    const wall = ada.sheet.getByRole('listitem');
    await expect(wall).toHaveText(new RegExp(`at noon.*${ada.words.pinnedBy('Ada')} · ${ada.words.thread}`));
    await isFitToBeSeen(ada, device, 'pinned reply on the sheet of pins');
    await wall.getByRole('link').press('Enter');
    await expect(box(ada)).toBeVisible();
    await expect(reply(ada, 'at noon')).toBeFocused();
    await expect(reply(ada, 'at noon')).toHaveClass(/target/);
    await expect(reply(ada, 'or at one')).not.toHaveClass(/target/);

    await reply(ben, 'at noon').locator('.message-pinned').click();
    await expect(ben.sheet.locator('.pin-text')).toHaveText('at noon');
    await ben.sheet.getByRole('button', { name: /^Unpin: Ben, at noon$/ }).click();
    await expect(ben.sheet.locator('.pin-text')).toHaveCount(0);
    await expect(reply(ada, 'at noon').locator('.message-pinned')).toHaveCount(0);
    await expect(reply(ada, 'at noon')).toHaveCount(1);
  });
}

test('without JavaScript a reply is pinned in its thread, and the pin leads to it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko', script: false });
  await beginsAThread(ada, 'lunch?', ada);
  await replies(ada, 'at noon');
  await minsu.page.goto(`${MADANG.path}/1/thread`);
  const actions = minsu.page.locator('.thread-reply details');
  await actions.locator('summary').click();
  await expect(actions.getByRole('link', { name: minsu.words.copyText, exact: true }), 'a script would do that').toHaveCount(0);
  await actions.getByRole('button', { name: minsu.words.pin, exact: true }).click();
  await reply(minsu, 'at noon').locator('.message-pinned').click();
  await minsu.page.getByRole('listitem').getByRole('link').click();
  await expect(reply(minsu, 'at noon')).toHaveClass(/target/);
  await expect(reply(ada, 'at noon').locator('.message-pinned')).toContainText(ada.words.pinnedBy('민수'));
});

for (const [lang, device] of [['en', 'laptop'], ['ko', 'phone']] as const) {
  test(`the text of a reply is copied as it was written, and its address (${lang}, ${device})`, async ({ walksIn, house }) => {
    const ada = await walksIn('Ada', { lang, ...DEVICES[device] });
    const ben = await walksIn('Ben');
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await beginsAThread(ben, 'lunch?', ben);
    const text = '**rice** & "tea",\n`at noon`';
    await box(ben).fill(text);
    await box(ben).press('Enter');
    await expect(reply(ben, 'rice')).toHaveAttribute('data-state', 'sent');
    await line(ada, 'lunch?').click();
    const actions = ada.page.locator('.thread-reply details');
    await actions.locator('summary').press('Enter');
    await isFitToBeSeen(ada, device, 'what is done to a reply of another');
    const copy = actions.getByRole('link', { name: ada.words.copyText, exact: true });
    await copy.press('Enter');
    await expect(actions.getByRole('link', { name: ada.words.textCopied, exact: true }), 'seen where it was pressed').toBeFocused();
    expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await actions.getByRole('link', { name: ada.words.copyLink, exact: true }).press('Enter');
    await expect(actions.getByRole('link', { name: ada.words.linkCopied, exact: true })).toBeFocused();
    expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(`${house.address}${MADANG.path}/1/thread?reply=2`);
    await expect(box(ada), 'one is still in the thread').toBeVisible();
  });
}

test('the address of a reply opens its thread at it, over its room', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', ada);
  await replies(ada, 'at noon');
  await replies(ada, 'or at one');
  await minsu.page.goto(`${MADANG.path}/2`);
  await expect(box(minsu)).toBeVisible();
  await expect(minsu.page).toHaveURL(`${MADANG.path}/1`);
  await expect(reply(minsu, 'at noon')).toHaveClass(/target/);
  await expect(reply(minsu, 'at noon')).toBeFocused();
  await expect(reply(minsu, 'or at one')).not.toHaveClass(/target/);
  await expect(said(minsu, 'lunch?')).toBeVisible();
  await expect(minsu.page.getByText(minsu.words.messageMissing)).toHaveCount(0);

  const ben = await walksIn('Ben', { script: false });
  await ben.page.goto(`${MADANG.path}/2`);
  await expect(reply(ben, 'at noon')).toHaveClass(/target/);
  await expect(box(ben)).toBeVisible();
});

test('what was passed on from a thread leads back into it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await beginsAThread(ada, 'lunch?', ada);
  await replies(ada, 'at noon');
  await ada.page.keyboard.press('Escape');
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  await ada.page.request.post(`${MADANG.path}/2/forward`, { form: { cid: '7'.repeat(32), to: 'kitchen' }, maxRedirects: 0 });
  await ada.message('at noon').locator('.message-quote').click();
  await expect(reply(ada, 'at noon')).toHaveClass(/target/);
  await expect(ada.page).toHaveURL(`${MADANG.path}/1`);
});

test('a thread is followed and left alone', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await beginsAThread(ada, 'lunch?', ben);
  await ben.press(ben.words.follow);
  await expect(ben.button(ben.words.unfollow)).toBeVisible();
  await ben.press(ben.words.unfollow);
  await expect(ben.button(ben.words.follow)).toBeVisible();
});

test('who replies in a thread sees that they follow it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await beginsAThread(ada, 'lunch?', ben);
  await expect(ben.button(ben.words.follow)).toBeVisible();
  await replies(ben, 'at noon');
  await expect(ben.button(ben.words.unfollow)).toBeVisible();
  await expect(box(ben)).toBeFocused();
});

for (const lang of ['en', 'ko'] as const) {
  test(`who follows a thread is told where there are new replies, and finds it from anywhere (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben');
    await ada.says('lunch?');
    await ada.says('and dinner?');
    await ben.sees('and dinner?');
    await ada.makesARoom('Kitchen');
    await ada.isIn('Kitchen');
    const list = ada.page.locator('#rooms').getByRole('link', { name: ada.words.threads, exact: true });
    await opensTheThread(ben, 'lunch?');
    await replies(ben, 'at noon');
    await replies(ben, 'or later');
    await expect(ada.roomLink(MADANG.name)).toContainText(ada.words.newMessagesHere(2));

    await list.click();
    const row = ada.sheet.getByRole('listitem').filter({ hasText: 'lunch?' });
    await expect(row).toContainText(MADANG.name);
    await expect(row).toContainText(ada.words.replies(2));
    await expect(row).toContainText(ada.words.newReplies);
    await isFitToBeSeen(ada, 'laptop', 'threads that are followed');
    await row.getByRole('link').click();
    await ada.isIn(MADANG.name);
    await expect(box(ada)).toBeVisible();
    await expect(reply(ada, 'or later')).toHaveCount(1);
    await ada.page.keyboard.press('Escape');
    await expect(line(ada, 'lunch?')).toContainText(ada.words.newMessagesHere(2));
    await expect(line(ada, 'and dinner?')).toHaveCount(0);

    await list.click();
    await row.getByRole('link').click();
    await expect(reply(ada, 'or later')).toHaveCount(1);
    await replies(ada, 'fine');
    await ada.page.keyboard.press('Escape');
    await ada.roomLink('Kitchen').click();
    await ada.isIn('Kitchen');
    await ada.roomLink(MADANG.name).click();
    await ada.isIn(MADANG.name);
    await expect(line(ada, 'lunch?')).toContainText(ada.words.replies(3));
    await expect(line(ada, 'lunch?'), 'what was read is not new any more').not.toContainText(ada.words.newMessagesHere(2));
  });
}

test('without scripts the threads that one follows are a page, and none is said in words', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko', ...DEVICES.phone });
  const ben = await walksIn('Ben');
  await minsu.page.goto('/threads');
  await isFitToBeSeen(minsu, 'phone', 'no threads that are followed');
  await minsu.goesTo(MADANG.path);
  await beginsAThread(minsu, '점심 드실 분?', ben);
  await replies(ben, 'me');
  // Axe needs scripts; without this our own run as little as without any.
  await minsu.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await minsu.page.goto('/threads');
  const row = minsu.page.getByRole('listitem').filter({ hasText: '점심 드실 분?' });
  await expect(row).toContainText(minsu.words.replies(1));
  await isFitToBeSeen(minsu, 'phone', 'threads that are followed');
  await row.getByRole('link').click();
  await expect(reply(minsu, 'me')).toHaveCount(1);
});

test('a thread is read and written without scripts, and what is too long comes back', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { script: false })).forgives(/status of 422/);
  await ada.says('lunch?');
  await ada.page.goto('/rooms/madang/1/thread');
  await expect(reply(ada, 'lunch?')).toHaveCount(1);
  const long = `${'가'.repeat(8_000)}!`;
  await box(ada).fill(long);
  await ada.press(ada.words.send);
  await expect(ada.page.locator('#thread-message-note')).toContainText(ada.words.refused.messageTooLong);
  await expect(box(ada)).toHaveValue(long);
  await box(ada).fill('me first');
  await ada.press(ada.words.send);
  await expect(reply(ada, 'me first')).toHaveCount(1);
  await ada.page.getByRole('link', { name: ada.words.close }).click();
  await expect(line(ada, 'lunch?')).toContainText(ada.words.replies(1));
  await line(ada, 'lunch?').click();
  await expect(reply(ada, 'me first')).toHaveCount(1);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`threads are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben');
      await beginsAThread(ada, '내일 점심 어디서 먹을까요? Where shall we eat?', ben);
      for (const text of ['아래층 식당이 좋아요', 'Downstairs is fine for me, too. '.repeat(8), '`12:30`?']) {
        await box(ben).fill(text);
        await box(ben).press('Enter');
        await expect(box(ben)).toHaveValue('');
      }
      await expect(line(ada, '내일 점심')).toContainText(ada.words.replies(3));
      await isFitToBeSeen(ada, device, 'thread line');
      await (device === 'phone' ? line(ada, '내일 점심').tap() : line(ada, '내일 점심').click());
      await expect(reply(ada, '12:30')).toBeInViewport();
      await isFitToBeSeen(ada, device, 'thread');
    });

    test(`the page of a thread is fit to be seen without scripts (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      await ada.says('내일 점심 어디서 먹을까요? Where shall we eat?');
      await ada.sees('내일 점심 어디서 먹을까요? Where shall we eat?');
      // Axe needs scripts; without this our own run as little as without any.
      await ada.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
      await ada.page.goto('/rooms/madang/1/thread');
      await box(ada).fill('아래층 식당이 좋아요');
      await ada.press(ada.words.send);
      await expect(reply(ada, '아래층')).toBeInViewport();
      await isFitToBeSeen(ada, device, 'thread page');
    });
  }
}
