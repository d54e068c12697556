// Language and theme: chosen by the browser, switched in one click, remembered.

import { expect, MADANG, test } from '../vocabulary';

for (const [lang, title, button] of [['en', 'Come on in', 'Enter'], ['ko', '어서 오세요', '들어가기']] as const) {
  test(`the browser's language is the page's (${lang})`, async ({ visits }) => {
    const somebody = await visits({ lang });
    await expect(somebody.page.locator('html')).toHaveAttribute('lang', lang);
    await expect(somebody.page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(somebody.button(button)).toBeVisible();
  });
}

test('one click switches the language, keeps what is being written, and is remembered', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const html = ada.page.locator('html');
  await ada.says('hello');
  await ada.writes('not sent yet');
  await ada.press('한국어');
  await expect(html).toHaveAttribute('lang', 'ko');
  await expect(ada.box).toHaveValue('not sent yet');
  await expect(ada.button('전송')).toBeVisible();
  await expect(ada.message('hello').locator('.badge')).toHaveText('나');
  await expect(ada.page.locator('.notice').first()).toHaveText('새로운 유저 접속 [현재: 1명] · Ada');
  await ada.box.press('Enter');
  await ada.seesExactly(['hello', 'not sent yet']);
  await ada.reloads();
  await expect(html).toHaveAttribute('lang', 'ko');
  await ada.seesExactly(['hello', 'not sent yet']);
  await ada.press('English');
  await expect(html).toHaveAttribute('lang', 'en');
  await ada.isLive();
  await ada.says('and back');
  await ada.sees('and back');
});

test('another language keeps the focus and what stands in the fields, and changes every word', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const [field, room] = [ada.box, ada.page.locator('.room-list .room-link')];
  await field.fill('garden');
  await expect(room).toContainText('1 person here now');
  await ada.button('한국어').focus();
  await ada.page.keyboard.press('Enter');
  await expect(ada.button('English')).toBeFocused();
  await expect(field).toHaveValue('garden');
  await expect(room).toContainText('1명');
  await expect(room).not.toContainText('here now');
});

test('the theme follows the system until one is chosen, and the choice is remembered', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { scheme: 'light' });
  const html = ada.page.locator('html');
  const paper = () => ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect(html).toHaveAttribute('data-theme', 'auto');
  const light = await paper();
  await ada.page.emulateMedia({ colorScheme: 'dark' });
  const dark = await paper();
  expect(dark).not.toBe(light);

  const settings = await ada.opensTheSettings();
  const choice = (name: string) => settings.getByRole('button', { name, exact: true });
  await expect(choice(ada.words.theme.auto)).toHaveAttribute('aria-pressed', 'true');
  await choice(ada.words.theme.light).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
  await expect(choice(ada.words.theme.light)).toHaveAttribute('aria-pressed', 'true');
  expect(await paper()).toBe(light);
  await ada.reloads();
  await expect(html).toHaveAttribute('data-theme', 'light');
  expect(await paper()).toBe(light);
  await ada.page.emulateMedia({ colorScheme: 'light' });
  await ada.opensTheSettings();
  await choice(ada.words.theme.dark).click();
  expect(await paper()).toBe(dark);
  await ada.goesTo('/lab');
  await expect(html).toHaveAttribute('data-theme', 'dark');
});

test('the server draws the first page in the language and theme that were chosen', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const settings = await ada.opensTheSettings();
  await settings.getByRole('button', { name: 'Dark' }).click();
  await expect(ada.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await ada.page.keyboard.press('Escape');
  await ada.press('한국어');
  await expect(ada.page.locator('html')).toHaveAttribute('lang', 'ko');
  const html = await (await ada.context.request.get(MADANG.path)).text();
  expect(html).toMatch(/<html lang="ko" data-theme="dark">/);
  expect(html).toContain('나가기');
});
