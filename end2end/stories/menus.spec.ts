// Menus by key, as ARIA's practices have it: arrows on a button open what it opens, and whoever goes on with Tab leaves it closed.

import { DEVICES } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const menu = (person: Person) => person.page.locator('[popover]:popover-open');
/** What can be done in the open menu. */
const things = (person: Person) => menu(person).locator('a, button, input').locator('visible=true');
const more = (person: Person, text: string) => person.message(text).getByRole('button', { name: person.words.more });

/** What follows from a key or a press has happened. */
const isDrawn = (person: Person) =>
  person.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));

/** The keyboard comes to a message's "⋯". */
async function goesToMore(person: Person, text: string): Promise<void> {
  const { keyboard } = person.page;
  await person.message(text).focus();
  await keyboard.press('Enter');
  await expect(person.message(text).locator('.message-actions button').first()).toBeFocused();
  while (!(await more(person, text).evaluate((button) => button === document.activeElement))) await keyboard.press('ArrowRight');
}

for (const device of ['laptop', 'phone'] as const) {
  test(`Arrow Down on a button opens its menu at the first thing, Arrow Up at the last, and Tab out of it closes it (${device})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', DEVICES[device]);
    await walksIn('Ben');
    await ada.counts(2);
    const { keyboard } = ada.page;
    const buttons = [ada.connection, ada.button(ada.words.settings)];
    if (device === 'phone') buttons.push(ada.button(ada.words.showRooms), ada.page.locator('.people-button'));
    for (const button of buttons) {
      const is = (await button.getAttribute('popovertarget'))!;
      await button.focus();
      await keyboard.press('ArrowDown');
      await expect(things(ada).first(), is).toBeFocused();
      await keyboard.press('Escape');
      await expect(menu(ada), is).toHaveCount(0);
      await expect(button, is).toBeFocused();
      await keyboard.press('ArrowUp');
      await expect(things(ada).last(), is).toBeFocused();
      await keyboard.press('Tab');
      await expect(menu(ada), `${is}, out of its end`).toHaveCount(0);
      await expect(ada.page.locator(':focus'), is).toHaveCount(1);

      await button.focus();
      await keyboard.press('Enter');
      await expect(menu(ada), is).toHaveAttribute('id', is);
      await keyboard.press('ArrowDown');
      await expect(things(ada).first(), `${is}, open already`).toBeFocused();
      await keyboard.press('Shift+Tab');
      await expect(button, is).toBeFocused();
      await isDrawn(ada);
      await expect(menu(ada), 'open, with its button before it').toHaveAttribute('id', is);
      await keyboard.press('Shift+Tab');
      await keyboard.press('Shift+Tab');
      await expect(menu(ada), `${is}, out of its beginning`).toHaveCount(0);
    }
  });
}

test("a message's menu opens by arrows, too; Tab leads on from it, Escape back to the message", async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const { keyboard } = ada.page;
  for (const text of ['one', 'two']) await ada.says(text);
  await ada.seesExactly(['one', 'two']);
  await goesToMore(ada, 'one');
  await keyboard.press('ArrowDown');
  await expect(things(ada).first()).toBeFocused();
  await keyboard.press('Escape');
  await expect(menu(ada)).toHaveCount(0);
  await expect(ada.message('one')).toBeFocused();

  await goesToMore(ada, 'one');
  await keyboard.press('ArrowUp');
  await expect(things(ada).last()).toBeFocused();
  await expect(things(ada).last()).toHaveText(ada.words.delete);
  await keyboard.press('Tab');
  await expect(menu(ada)).toHaveCount(0);
  await expect(ada.box).toBeFocused();
  await keyboard.type('three');
  await expect(ada.box).toHaveValue('three');
  await expect(ada.page.locator('.message-actions')).toHaveCount(0);

  // Its other actions lead to the rows above and below as before.
  await ada.message('one').focus();
  await keyboard.press('Enter');
  await expect(ada.message('one').locator('.message-actions button').first()).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(ada.message('two')).toBeFocused();
});

test('a pointer opens and closes menus as before: by their button, by one beside it, by a press elsewhere', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('one');
  await ada.sees('one');
  const settings = ada.button(ada.words.settings);
  await ada.connection.click();
  await expect(menu(ada)).toHaveAttribute('id', 'connection-menu');
  await ada.connection.click();
  await expect(menu(ada)).toHaveCount(0);
  await ada.connection.click();
  await settings.click();
  await expect(menu(ada)).toHaveAttribute('id', 'settings');
  await ada.box.click();
  await expect(menu(ada)).toHaveCount(0);
  await expect(ada.box).toBeFocused();
  // Its button is pressed by whoever has come by key, too.
  await settings.focus();
  await ada.page.keyboard.press('ArrowDown');
  await expect(things(ada).first()).toBeFocused();
  await settings.click();
  await expect(menu(ada)).toHaveCount(0);
  await ada.message('one').hover();
  await more(ada, 'one').click();
  await expect(things(ada).first()).toBeFocused();
  await settings.click();
  await isDrawn(ada);
  await expect(menu(ada)).toHaveAttribute('id', 'settings');
  await ada.page.keyboard.press('Escape');
  await ada.message('one').hover();
  await more(ada, 'one').click();
  await expect(things(ada).first()).toBeFocused();
  await ada.message('one').locator('.message-text').click();
  await expect(menu(ada)).toHaveCount(0);
  await expect(ada.box).toBeFocused();
});
