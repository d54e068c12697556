// Everything that matters works as plain pages and forms.

import { expect, MADANG, test } from '../vocabulary';

test('people without JavaScript walk in, talk with people who have it, and leave', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  const ben = await walksIn('Ben');
  await ada.says('hello from a plain page');
  await ada.sees('hello from a plain page');
  await expect(ada.message('hello from a plain page')).toHaveClass(/\bmine\b/);
  await ben.sees('hello from a plain page');
  await ben.says('welcome');
  await ben.sees('welcome');
  await ada.page.getByRole('link', { name: 'Refresh for new messages' }).click();
  await ada.seesExactly(['hello from a plain page', 'welcome']);
  await ada.press(ada.words.leave);
  await expect(ada.page.getByRole('heading', { level: 1, name: ada.words.youLeft('마당') })).toBeVisible();
  await ada.page.getByRole('link', { name: ada.words.walkBackIn }).click();
  await ada.seesExactly(['hello from a plain page', 'welcome']);
});

test('a message that is too long comes back with its reason, and can be made shorter', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { script: false })).forgives(/status of 422/);
  const long = `${'가'.repeat(8_000)}!`;
  await ada.says(long);
  await expect(ada.note).toContainText(ada.words.refused.messageTooLong);
  await expect(ada.box).toHaveValue(long);
  await ada.seesExactly([]);
  await ada.says('shorter');
  await ada.seesExactly(['shorter']);
});

test('a name that is taken comes back with its reason', async ({ walksIn, visits }) => {
  await walksIn('Ada', { script: false });
  const other = (await visits({ at: MADANG.path, script: false })).forgives(/status of 409/);
  await other.givesTheName('ada');
  await other.isTold(other.words.refused.nameTaken);
  await expect(other.nameField).toHaveValue('ada');
  await other.givesTheName('Ben');
  await other.isIn(MADANG.name);
});

test('the language and the theme are chosen by plain forms and remembered', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  const html = ada.page.locator('html');
  await expect(html).toHaveAttribute('lang', 'en');
  const refresh = ada.page.locator('.refresh');
  await expect(refresh, 'nobody can know the zone of their clock').toHaveText('Refresh for new messages · Times are in UTC');
  await ada.press('한국어');
  await expect(ada.page).toHaveURL(MADANG.path);
  await expect(html).toHaveAttribute('lang', 'ko');
  await expect(refresh).toHaveText('새로 고쳐서 새 메시지 보기 · 시각 기준: UTC');
  await expect(ada.button('전송')).toBeVisible();
  await ada.press('설정');
  await ada.press('어둡게');
  await expect(ada.page).toHaveURL(MADANG.path);
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await ada.reloads();
  await expect(html).toHaveAttribute('lang', 'ko');
  await expect(html).toHaveAttribute('data-theme', 'dark');
});

for (const lang of ['en', 'ko'] as const) {
  test(`words for a room that can only be read by now come back (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    await ada.makesARoom('Dev');
    await ada.isIn('Dev');
    const minsu = (await walksIn('민수', { lang, script: false })).forgives(/status of 422/);
    await minsu.goesTo('/rooms/dev');
    await minsu.writes('한참 쓴 글\n둘째 줄');
    await ada.opensAbout();
    await ada.sheet.getByText(ada.words.archive, { exact: true }).first().click();
    await ada.sheet.getByRole('button', { name: ada.words.archive, exact: true }).click();
    await expect(ada.button(ada.words.restore)).toBeVisible();
    await minsu.press(minsu.words.send);
    await expect(minsu.page.getByRole('heading', { level: 1, name: minsu.words.notSentAtAll })).toBeVisible();
    await minsu.isTold(minsu.words.archived);
    await expect(minsu.page.getByRole('textbox', { name: minsu.words.yourWords })).toHaveValue('한참 쓴 글\n둘째 줄');
  });
}

test('a room is made, a name changed and /exit obeyed by plain forms', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { script: false })).forgives(/status of (409|422)/);
  await ada.opensTheNewRoomForm();
  await ada.newRoomField.fill('회의');
  await ada.press(ada.words.create);
  await expect(ada.page).toHaveURL(`/rooms/${encodeURIComponent('회의')}`);
  await expect(ada.page.getByRole('heading', { level: 1, name: '회의' })).toBeVisible();
  await ada.opensTheNewRoomForm();
  await ada.newRoomField.fill('회 의');
  await ada.press(ada.words.create);
  await ada.isTold(ada.words.refused.roomNameTaken);
  await expect(ada.newRoomField).toHaveValue('회 의');
  await ada.goesTo(`/rooms/${encodeURIComponent('회의')}`);

  await ada.press(ada.words.settings);
  await ada.page.getByRole('textbox', { name: ada.words.changeName }).fill('Grace');
  await ada.press(ada.words.save);
  await ada.says('who am I?');
  await expect(ada.message('who am I?').locator('.message-name')).toHaveText('Grace');
  await ada.says('/exit');
  await expect(ada.page.getByRole('heading', { level: 1, name: ada.words.youLeft('회의') })).toBeVisible();
});
