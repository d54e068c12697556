// What one has not read is counted, in rooms that are open and in those that are not, and is read on all devices at once.

import { NO_MESSAGE_LIMIT } from '../house';
import { expect, MADANG, type Person, test } from '../vocabulary';

/** Goes to a room of their own, with a page that knows nothing else. */
async function goesToTheKitchen(person: Person): Promise<void> {
  await person.makesARoom('Kitchen');
  await person.isIn('Kitchen');
  await person.reloads();
  await person.isLive();
}

/** So much is new in the first room, says the list. */
async function hasUnread(person: Person, badge: string): Promise<void> {
  await expect(person.roomLink(MADANG.name).locator('.room-link-unread > [aria-hidden]')).toHaveText(badge);
  await expect(person.roomLink(MADANG.name)).toHaveClass(/\bunread\b/);
}

async function hasNothingUnread(person: Person): Promise<void> {
  await expect(person.roomLink(MADANG.name)).not.toHaveClass(/\bunread\b/);
}

test('a room that is not open shows how much is new, a line stands before it, and a reload remembers what was read', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await ada.says('before');
  await minsu.sees('before');
  await expect.poll(() => minsu.sent.filter((frame) => frame === 'read').length).toBeGreaterThan(0);
  await goesToTheKitchen(minsu);
  await hasNothingUnread(minsu);

  await ada.says('one');
  await hasUnread(minsu, '1');
  await ada.says('two');
  await hasUnread(minsu, '2');
  await expect(minsu.roomLink(MADANG.name)).toHaveAccessibleName(/새 메시지 2개/);
  await expect(minsu.page, 'who looks sees it in the list').toHaveTitle('Kitchen · Madang');
  await minsu.reloads();
  await hasUnread(minsu, '2');

  const told = () => minsu.sent.filter((frame) => frame === 'read').length;
  const before = told();
  await minsu.roomLink(MADANG.name).click();
  await minsu.seesExactly(['before', 'one', 'two']);
  await expect(minsu.page.locator('.new-line + article')).toHaveText(/one/);
  await expect(minsu.page.locator('.new-line')).toHaveText(minsu.words.newLine);
  await hasNothingUnread(minsu);
  await expect.poll(told).toBeGreaterThan(before);
  await minsu.roomLink('Kitchen').click();
  await minsu.isIn('Kitchen');
  await minsu.roomLink(MADANG.name).click();
  await minsu.seesExactly(['before', 'one', 'two']);
  await expect(minsu.page.locator('.new-line'), 'nothing is new any more').toHaveCount(0);
  await minsu.reloads();
  await expect(minsu.message('two')).toBeVisible();
  await expect(minsu.page.locator('.new-line')).toHaveCount(0);
});

test('a room of which one wants nothing is counted, but stands out neither in the list nor in the title', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const about = await ben.opensAbout();
  await about.getByRole('button', { name: ben.words.callNothing, exact: true }).click();
  await expect(about.getByRole('button', { name: ben.words.callNothing, exact: true })).toHaveAttribute('aria-pressed', 'true');
  await ben.page.keyboard.press('Escape');
  await expect(ben.sheet).toBeHidden();
  await goesToTheKitchen(ben);
  await ada.makesARoom('Garden');
  await ada.isIn('Garden');
  await ben.roomLink('Garden').click();
  await ben.isIn('Garden');
  await ben.roomLink('Kitchen').click();
  await ben.isIn('Kitchen');
  await ben.isToldByTheBrowser('window', 'blur');
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await ada.says('@Ben psst');
  await expect(ben.roomLink(MADANG.name).locator('.room-link-unread > [aria-hidden]')).toHaveText('@1');
  await ada.roomLink('Garden').click();
  await ada.isIn('Garden');
  await ada.says('hello');
  await expect(ben.page).toHaveTitle('(1) Kitchen · Madang');
  await expect(ben.roomLink('Garden')).toHaveClass(/\bunread\b/);
  await hasNothingUnread(ben);
});

test('on a phone the way to the rooms shows that one of them has something new', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben', { viewport: { width: 390, height: 844 }, touch: true, lang: 'ko' });
  const way = ben.page.locator('.rooms-button');
  const dot = () => way.evaluate((button) => getComputedStyle(button, '::after').content !== 'none');
  await goesToTheKitchen(ben);
  expect(await dot()).toBe(false);
  await expect(way).toHaveAccessibleName(ben.words.showRooms);
  await ada.says('are you there?');
  await expect.poll(dot).toBe(true);
  await expect(way).toHaveAccessibleName(`${ben.words.showRooms}, ${ben.words.newMessagesHere(1)}`);
  await way.tap();
  await ben.roomLink(MADANG.name).tap();
  await ben.sees('are you there?');
  await expect.poll(dot).toBe(false);
  await expect(way).toHaveAccessibleName(ben.words.showRooms);
});

test('nothing is read while nobody looks: the title counts and the icon has a dot, and another tab hears when it is read', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const other = await ben.opensAnotherTab();
  await goesToTheKitchen(other);
  const icon = ben.page.locator('link[rel=icon]');
  await expect(icon).toHaveAttribute('href', '/favicon.svg');

  await ben.isToldByTheBrowser('window', 'blur');
  await ada.says('are you there?');
  await expect(ben.page).toHaveTitle('(1) 마당 · Madang');
  await expect(icon).toHaveAttribute('href', '/favicon-new.svg');
  expect((await ben.context.request.get('/favicon-new.svg')).headers()['content-type']).toContain('image/svg+xml');
  await expect(ben.page.locator('.new-line + article')).toHaveText(/are you there/);
  await hasUnread(other, '1');

  await ben.isToldByTheBrowser('window', 'focus');
  await expect(ben.page).toHaveTitle('마당 · Madang');
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
  await hasNothingUnread(other);
});

test.describe('many', () => {
  test.use({ settings: NO_MESSAGE_LIMIT });

  test('one who missed much can jump to where it begins', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    await ada.says('before');
    await ben.sees('before');
    await goesToTheKitchen(ben);
    await ada.saysAtOnce(Array.from({ length: 120 }, (_, at) => `missed ${at + 1}`));
    await hasUnread(ben, '99+');

    await ben.roomLink(MADANG.name).click();
    await expect(ben.message('missed 120')).toBeInViewport({ ratio: 1 });
    await ben.press(ben.words.toFirstNew);
    await expect(ben.page.locator('.new-line')).toBeInViewport();
    await expect(ben.message('missed 1')).toBeInViewport();
    await expect(ben.message('before')).toBeInViewport();
    await expect(ben.button(ben.words.toFirstNew)).toBeHidden();
    await ben.page.keyboard.press('End');
    await expect(ben.message('missed 120')).toBeInViewport({ ratio: 1 });
    await expect(ben.page.locator('.pill')).toBeHidden();
    await expect(ben.button(ben.words.toFirstNew), 'one has been there').toBeHidden();
  });
});
