// What somebody is writing and has not sent is there again after a reload, in every tab, and gone everywhere once it is sent.

import { HANGUL, Keys } from '../input_methods';
import { expect, MADANG, test } from '../vocabulary';

test('what is half-written survives a reload and a crash, room by room', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await ada.writes('for Dev\nand more');
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await expect(ada.box).toHaveValue('');
  await expect(ada.roomLink('Dev').locator('.room-link-draft')).toBeVisible();
  await expect(ada.roomLink('Dev')).toContainText(ada.words.draft);
  await ada.writes('for the yard');
  await ada.reloads();
  await expect(ada.box).toHaveValue('for the yard');
  await expect(ada.roomLink('Dev').locator('.room-link-draft')).toBeVisible();
  await ada.roomLink('Dev').click();
  await expect(ada.box).toHaveValue('for Dev\nand more');

  const later = await ada.opensAnEmptyTab();
  await ada.crashesTheTab();
  await later.goesTo(MADANG.path);
  await expect(later.box).toHaveValue('for the yard');
  await later.box.press('Enter');
  await later.sees('for the yard');
  await later.reloads();
  await expect(later.box).toHaveValue('');
});

test('it travels between tabs, and is gone from all of them when one sends it', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { lang: 'ko' });
  const second = await ada.opensAnotherTab();
  await second.isLive();
  const keys = await Keys.of(ada.page);
  await ada.box.focus();
  const last = await keys.types('안녕');
  await expect(second.box).toHaveValue('안녕');
  await HANGUL['Windows, Chrome and Edge: Enter once, composing'](keys, last);
  await expect(ada.box).toHaveValue('');
  await expect(second.box).toHaveValue('');
  await second.seesExactly(['안녕']);
});

test('where the browser keeps nothing, what is written lasts as long as the page', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { without: 'storage' });
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await ada.writes('only here');
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await ada.roomLink('Dev').click();
  await expect(ada.box).toHaveValue('only here');
});

test('what is written before the browser has opened its storage is kept once it has', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.keepsTheStorageShut();
  await ada.reloads();
  await ada.writes('early');
  await ada.isToldByTheBrowser('window', 'blur');
  await ada.isToldByTheBrowser('window', 'storage-opens');
  await ada.hasKept('madang-outbox', 'early');

  const later = await ada.opensAnEmptyTab();
  await ada.crashesTheTab();
  await later.goesTo(MADANG.path);
  await expect(later.box).toHaveValue('early');
});

test('what is written and sent before the browser has opened its storage survives a reload, and a second one', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  await ada.keepsTheStorageShut();
  ada.road!.swallowsMessages();
  await ada.reloads();
  await ada.says('sent early');
  await ada.writes('half early');
  for (let reload = 0; reload < 2; reload++) {
    await ada.reloads();
    await expect(ada.box).toHaveValue('half early');
    await ada.seesWaiting('sent early');
  }
  await ada.isToldByTheBrowser('window', 'storage-opens');
  await ada.hasKept('madang-outbox', 'half early');
  await ada.hasKept('madang-outbox', 'sent early');
  expect(await ada.page.evaluate(() => Object.values(sessionStorage))).toEqual([]);

  const later = await ada.opensAnEmptyTab();
  await ada.crashesTheTab();
  await later.goesTo(MADANG.path);
  await expect(later.box).toHaveValue('half early');
  await later.seesExactly(['sent early']);
  await later.box.press('Enter');
  await later.seesExactly(['sent early', 'half early']);
  await later.reloads();
  await expect(later.box).toHaveValue('');
  await later.seesExactly(['sent early', 'half early']);
});
