// What one wants to come back to is marked unread from a message on: it counts again on every device, a line stands before it,
// and looking on does not undo it; and one comes to what is unread in one step, however much there is.

import { isFitToBeSeen } from '../looks';
import { NO_MESSAGE_LIMIT } from '../house';
import { expect, MADANG, type Person, test } from '../vocabulary';

async function goesToTheKitchen(person: Person): Promise<void> {
  await person.makesARoom('Kitchen');
  await person.isIn('Kitchen');
  await person.reloads();
  await person.isLive();
}

/** So much is new in the first room, says the list; nothing where it is `undefined`. */
async function hasUnread(person: Person, badge?: string): Promise<void> {
  const link = person.roomLink(MADANG.name);
  if (badge === undefined) await expect(link).not.toHaveClass(/\bunread\b/);
  else await expect(link.locator('.room-link-unread > [aria-hidden]')).toHaveText(badge);
}

/** The first message behind the line. */
async function lineIsBefore(person: Person, text: string): Promise<void> {
  await expect(person.page.locator('.new-line + article .message-text')).toHaveText(text);
}

/** By keyboard: to the message, its actions, the rest of them, and this one. */
async function marksUnread(person: Person, text: string): Promise<void> {
  const { keyboard } = person.page;
  await person.message(text).focus();
  await keyboard.press('Enter');
  const actions = person.message(text).getByRole('toolbar').locator('> *');
  await expect(actions.first()).toBeFocused();
  const others = (await actions.count()) - 1;
  for (let pressed = 0; pressed < others; pressed++) await keyboard.press('ArrowRight');
  await expect(person.button(person.words.more)).toBeFocused();
  await keyboard.press('Enter');
  await expect(person.page.getByRole('menuitem', { name: person.words.copyText })).toBeFocused();
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await expect(person.page.getByRole('menuitem', { name: person.words.markUnread })).toBeFocused();
  await keyboard.press('Enter');
  await expect(person.page.locator('#message-menu')).toBeHidden();
  await expect(person.message(text)).toBeFocused();
}

/** Another message came, by which everything that was on its way before is here, too. */
async function settles(by: Person, others: Person[], text: string): Promise<void> {
  await by.says(text);
  for (const person of [by, ...others]) await person.sees(text);
}

test('what is marked unread stays so on all devices while one looks on, and is read when one comes back', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  const phone = await minsu.opensAnotherTab();
  const elsewhere = await minsu.opensAnotherTab();
  await goesToTheKitchen(elsewhere);
  for (const text of ['one', 'two', 'three']) await ada.says(text);
  await minsu.sees('three');
  await phone.sees('three');
  await hasUnread(elsewhere);

  await minsu.page.bringToFront();
  await marksUnread(minsu, 'two');
  await minsu.isTold(minsu.words.markedUnread);
  await lineIsBefore(minsu, 'two');
  await lineIsBefore(phone, 'two');
  await hasUnread(minsu, '2');
  await hasUnread(elsewhere, '2');

  await minsu.isToldByTheBrowser('window', 'blur');
  await expect(minsu.page).toHaveTitle('(2) 마당 · Madang');
  await minsu.isToldByTheBrowser('window', 'focus');
  await settles(ada, [minsu, phone], 'four');
  for (const tab of [minsu, phone, elsewhere]) await hasUnread(tab, '3');

  await elsewhere.roomLink(MADANG.name).click();
  await elsewhere.sees('four');
  await lineIsBefore(elsewhere, 'two');
  for (const tab of [minsu, phone, elsewhere]) await hasUnread(tab);
});

test('what is marked unread is read when one goes to the end, and one\'s own words can be marked where others follow', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('one');
  await ada.says('two');
  await ben.sees('two');
  await ben.says('mine');
  await marksUnread(ben, 'one');
  await hasUnread(ben, '2');
  const pill = ben.button(ben.words.newMessages(2));
  await expect(pill).toBeVisible();
  await pill.click();
  await hasUnread(ben);
  await expect(pill).toBeHidden();

  await ben.message('mine').hover();
  await ben.press(ben.words.more);
  await expect(ben.page.getByRole('menuitem', { name: ben.words.copyText })).toBeVisible();
  await expect(ben.page.getByRole('menuitem', { name: ben.words.markUnread })).toBeHidden();
  await ben.page.keyboard.press('Escape');
  await expect(ben.box).toBeFocused();
  await ada.says('three');
  await ben.sees('three');
  await marksUnread(ben, 'mine');
  await hasUnread(ben, '1');
  await lineIsBefore(ben, 'mine');

  await marksUnread(ben, 'two');
  await hasUnread(ben, '2');
  await ben.reloads();
  await ben.sees('two');
  await lineIsBefore(ben, 'two');
});

test('a finger marks a message unread without a connection, and the others hear of it once there is one', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = (await walksIn('Ben', { viewport: { width: 390, height: 844 }, touch: true, scheme: 'dark' })).forgivesRefusedConnections();
  const other = (await ben.opensAnotherTab()).forgivesRefusedConnections();
  await other.page.setViewportSize({ width: 1280, height: 800 });
  await goesToTheKitchen(other);
  await ada.says('one');
  await ada.says('two');
  await ben.sees('two');
  const two = Number(await ben.message('two').getAttribute('data-seq'));
  await expect.poll(() => ben.asked.some(({ read }) => (read as { seq: number } | undefined)?.seq === two), 'it is told that it is read').toBe(true);
  await hasUnread(other);
  await ben.page.bringToFront();

  await ben.choosesInConnectionMenu(ben.words.disconnect);
  await ben.message('one').dispatchEvent('contextmenu');
  await ben.message('one').focus();
  await ben.button(ben.words.more).tap();
  await isFitToBeSeen(ben, 'phone', 'menu of a message');
  await ben.page.getByRole('menuitem', { name: ben.words.markUnread }).tap();
  await lineIsBefore(ben, 'one');
  await hasUnread(other);
  await ben.choosesInConnectionMenu(ben.words.connect);
  await ben.isLive();
  await hasUnread(other, '2');
});

test.describe('many', () => {
  test.use({ settings: NO_MESSAGE_LIMIT });

  test('one who missed many hundreds jumps to where it begins in one step, and reads on from there', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    await ada.says('before');
    await ben.sees('before');
    await expect.poll(() => ben.sent.filter((frame) => frame === 'read').length).toBeGreaterThan(0);
    await goesToTheKitchen(ben);
    await ada.saysAtOnce(Array.from({ length: 700 }, (_, at) => `missed ${at + 1}`));
    await hasUnread(ben, '99+');

    await ben.roomLink(MADANG.name).click();
    await expect(ben.message('missed 700')).toBeInViewport({ ratio: 1 });
    const asked = ben.asked.length;
    await ben.button(ben.words.toFirstNew).focus();
    await ben.page.keyboard.press('Enter');
    await expect(ben.page.locator('.new-line')).toBeInViewport();
    await expect(ben.message('missed 1')).toBeInViewport();
    await expect(ben.message('before')).toBeInViewport();
    await expect(ben.button(ben.words.toFirstNew)).toBeHidden();
    const older = ben.asked.slice(asked).filter((frame) => 'older' in frame);
    expect(older.length, 'pages that were asked for on the way').toBeLessThanOrEqual(1);
    await expect(ben.scroller).toBeFocused();
  });
});
