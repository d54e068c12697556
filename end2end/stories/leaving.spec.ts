// Leaving a room is one road, typed or pressed: out of a public one at once, which is out of sight until one goes there or is called;
// out of a private one for good and asked twice; and a direct one is out of sight until something new is said.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test, TO_COME_BACK } from '../vocabulary';

const title = (person: Person, title: string) => person.page.getByRole('heading', { level: 1, name: title, exact: true });

for (const lang of ['en', 'ko'] as const) {
  test(`who types /leave in a private room is asked first, and is out then (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    await ada.makesARoom('Budget', ada.words.private);
    await ada.isIn('Budget');
    await ada.opensAbout();
    const field = ada.page.locator('.sheet-page').getByLabel(ada.words.invite, { exact: true });
    await field.fill('Ben');
    await field.press('Enter');
    await expect(ada.sheet.getByRole('link', { name: 'Ben' })).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await ben.roomLink('Budget').click();
    await ben.isIn('Budget');
    await ben.says('/leave');
    await expect(title(ben, ben.words.leaveForGood)).toBeVisible();
    await expect(ben.box).toHaveValue('');
    await ben.page.keyboard.press('Escape');
    await ben.isIn('Budget');
    await expect(ben.roomLink('Budget'), 'asking changes nothing').toBeVisible();
    await ben.says('/exit');
    await ben.sheet.getByRole('button', { name: ben.words.leaveForGood, exact: true }).click();
    await expect(ben.page).toHaveURL('/');
    await expect(ben.roomLink('Budget')).toHaveCount(0);
    await ada.seesExactly([]);
  });

  test(`a direct room is hidden until the other one writes (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    await ada.opensAbout();
    await ada.sheet.getByRole('link', { name: 'Ben' }).click();
    await ada.sheet.getByRole('button', { name: ada.words.openDirect, exact: true }).click();
    await ada.isIn('Ben');
    await expect(ada.sheet).toBeHidden();
    await ada.says('hello');
    await ben.roomLink('Ada').click();
    await ben.isIn('Ada');
    await ben.sees('hello');
    const tab = await ben.opensAnotherTab({ at: '/' });
    await expect(tab.roomLink('Ada')).toBeVisible();
    await ben.says('/leave');
    await ben.sheet.getByRole('button', { name: ben.words.hideRoom, exact: true }).click();
    await expect(ben.page).toHaveURL('/');
    for (const person of [ben, tab]) await expect(person.roomLink('Ada')).toHaveCount(0);
    await ben.reloads();
    await expect(ben.roomLink('Ada')).toHaveCount(0);
    await expect(ada.roomLink('Ben'), 'the other one keeps it').toBeVisible();
    await ada.says('are you there?');
    for (const person of [ben, tab]) await expect(person.roomLink('Ada')).toBeVisible();
    await ben.roomLink('Ada').click();
    await ben.sees('hello');
    await ben.sees('are you there?');
  });

  test(`a direct room that is hidden in one tab goes out of the list in the other, which stays usable (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = (await walksIn('Ben', { lang })).forgivesRefusedConnections();
    await ben.opensAbout();
    await ben.sheet.getByRole('link', { name: 'Ada' }).click();
    await ben.sheet.getByRole('button', { name: ben.words.openDirect, exact: true }).click();
    await ben.isIn('Ada');
    await expect(ben.sheet).toBeHidden();
    await ben.says('hello');
    const tab = (await ben.opensAnotherTab()).forgivesRefusedConnections();
    await tab.isIn('Ada');
    await ada.roomLink('Ben').click();
    await ada.sees('hello');
    await ben.says('/leave');
    await ben.sheet.getByRole('button', { name: ben.words.hideRoom, exact: true }).click();
    await expect(ben.page).toHaveURL('/');
    for (const person of [ben, tab]) await expect(person.roomLink('Ada')).toHaveCount(0);
    await tab.isIn('Ada');
    await ada.says('bye');
    for (const person of [ben, tab]) await expect(person.roomLink('Ada'), 'something new was said').toBeVisible();
    await tab.sees('bye');

    await tab.says('/leave');
    await tab.sheet.getByRole('button', { name: tab.words.hideRoom, exact: true }).click();
    await expect(tab.page).toHaveURL('/');
    await expect(tab.roomLink('Ada')).toHaveCount(0);
    await tab.page.goBack();
    await tab.isIn('Ada');
    for (const person of [ben, tab]) await expect(person.roomLink('Ada'), 'who goes there wants it back').toBeVisible();

    await ben.roomLink('Ada').click();
    await ben.isIn('Ada');
    await ben.says('/leave');
    await ben.sheet.getByRole('button', { name: ben.words.hideRoom, exact: true }).click();
    await expect(tab.roomLink('Ada')).toHaveCount(0);
    await ben.context.setOffline(true);
    for (const person of [ben, tab]) await person.connectionIs('offline');
    await ben.context.setOffline(false);
    for (const person of [ben, tab]) await person.isLive(TO_COME_BACK);
    await tab.isIn('Ada');
    await expect(tab.roomLink('Ada'), 'to come back after a cut is not to go there').toHaveCount(0);
    await tab.says('still here');
    await ada.sees('still here');
    for (const person of [ben, tab]) await expect(person.roomLink('Ada')).toBeVisible();
  });

  test(`a public room that is left is in no list, on no device and after a reload, until one goes there or is called (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = (await walksIn('Ben', { lang })).forgivesRefusedConnections();
    await ada.makesARoom('Dev');
    await ada.isIn('Dev');
    await ada.says('hello');
    const tab = (await ben.opensAnotherTab({ at: '/' })).forgivesRefusedConnections();
    await ben.roomLink('Dev').click();
    await ben.isIn('Dev');
    await ben.writes('half a sentence');
    await ben.says('/leave');
    await ben.isTold(ben.words.youLeft('Dev'));
    for (const person of [ben, tab]) await expect(person.roomLink('Dev')).toHaveCount(0);
    await expect(ada.roomLink('Dev'), 'the others keep it').toBeVisible();
    await ben.goesTo('/');
    for (const person of [ben, tab]) await (await person.reloads()).isLive();
    await ben.context.setOffline(true);
    for (const person of [ben, tab]) await person.connectionIs('offline');
    await ada.says('are you there?');
    await ben.context.setOffline(false);
    for (const person of [ben, tab]) await person.isLive(TO_COME_BACK);
    for (const person of [ben, tab]) await expect(person.roomLink('Dev')).toHaveCount(0);

    // It is found, and who goes there has it back, with all that was said.
    await ben.page.keyboard.press('Control+k');
    await ben.sheet.getByRole('combobox').fill('dev');
    await expect(ben.sheet.locator('.found-name')).toHaveText(['Dev']);
    await ben.page.keyboard.press('Enter');
    await ben.isIn('Dev');
    await ben.seesExactly(['hello', 'are you there?']);
    for (const person of [ben, tab]) await expect(person.roomLink('Dev')).toBeVisible();

    // So has who is called there, also by what is said anew of a message.
    await ben.press(ben.words.leave);
    await ben.isTold(ben.words.youLeft('Dev'));
    await expect(tab.roomLink('Dev')).toHaveCount(0);
    await ada.box.press('ArrowUp');
    const edit = ada.rows.last().getByRole('textbox');
    await edit.fill('are you there, @Ben?');
    await edit.press('Enter');
    for (const person of [ben, tab]) await expect(person.roomLink('Dev')).toContainText('1');
    await tab.roomLink('Dev').click();
    await expect(tab.rows.last().locator('.mention.me')).toHaveText('@Ben');
  });

  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`the question is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      await me.makesARoom('Budget', me.words.private);
      await me.isIn('Budget');
      await me.says('/leave');
      await expect(title(me, me.words.leaveForGood)).toBeVisible();
      await isFitToBeSeen(me, device, 'leaving');
    });
  }
}

test('without JavaScript the command leads to the question', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  await ada.page.goto('/rooms/new');
  await ada.page.getByRole('textbox').first().fill('Budget');
  await ada.page.getByRole('radio', { name: ada.words.private }).check();
  await ada.page.locator('.sheet-page').getByRole('button').last().click();
  await expect(ada.box).toBeVisible();
  await ada.box.fill('/leave');
  await ada.press(ada.words.send);
  await expect(title(ada, ada.words.leaveForGood)).toBeVisible();
  await ada.page.getByRole('button', { name: ada.words.leaveForGood }).click();
  await expect(ada.page).toHaveURL('/');
  await expect(ada.roomLink('Budget')).toHaveCount(0);
});

test('without JavaScript a public room that is left goes out of the list, and comes back by “all rooms”', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  await expect(ada.roomLink(MADANG.name)).toBeVisible();
  await ada.press(ada.words.leave);
  await ada.isTold(ada.words.youLeft(MADANG.name));
  await ada.page.goto('/');
  await expect(ada.roomLink(MADANG.name)).toHaveCount(0);
  await ada.page.goto('/rooms/all');
  await ada.page.locator('.sheet-page').getByRole('link', { name: MADANG.name }).click();
  await ada.isIn(MADANG.name);
  await expect(ada.roomLink(MADANG.name)).toBeVisible();
});

test('without a connection one is told that leaving can’t be noted, and stays', async ({ walksIn }) => {
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await ben.context.setOffline(true);
  await ben.connectionIs('offline');
  await ben.press(ben.words.leave);
  await expect(ben.page.locator('.toast')).toHaveText(ben.words.noConnection);
  await expect(ben.box).toBeVisible();
});
