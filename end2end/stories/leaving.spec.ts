// Leaving a room is one road, typed or pressed: out of a public one at once, out of a private one for good and asked twice, and a
// direct one is out of sight until something new is said.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const title = (person: Person, title: string) => person.page.getByRole('heading', { level: 1, name: title, exact: true });

for (const lang of ['en', 'ko'] as const) {
  test(`who types /leave in a private room is asked first, and is out then (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    await ada.makesARoom('Budget', ada.words.private);
    await ada.isIn('Budget');
    await ada.opensAbout();
    const field = ada.page.locator('.sheet-page').getByRole('textbox', { name: ada.words.invite, exact: true });
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
