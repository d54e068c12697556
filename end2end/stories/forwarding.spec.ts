// A message is passed on to another room, or to somebody.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

const field = (person: Person) => person.sheet.getByRole('combobox', { name: person.words.forwardTo });

/** What stands over a message that was passed on. */
const over = (person: Person, text: string) => person.message(text).locator('.message-quote');

async function opensTheSheet(person: Person, text: string, device: Device = 'laptop'): Promise<void> {
  if (device === 'phone') {
    await person.message(text).dispatchEvent('contextmenu');
    await person.message(text).focus();
    await person.button(person.words.more).tap();
    await person.page.getByRole('menuitem', { name: person.words.forward }).tap();
  } else {
    await person.message(text).hover();
    await person.message(text).getByRole('button', { name: person.words.more }).click();
    await person.page.getByRole('menuitem', { name: person.words.forward }).click();
  }
  await expect(field(person)).toBeFocused();
}

test('a message goes to another room by keyboard, with a word to it; who may be there is led to where it was said', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.makesARoom('Budget', ada.words.private);
  await ada.isIn('Budget');
  await ada.says('forty-two **thousand**');
  await ada.sees('forty-two thousand');
  await ada.message('forty-two thousand').focus();
  for (const key of ['Enter', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await ada.page.keyboard.press(key);
  await expect(ada.page.getByRole('menuitem', { name: ada.words.copyText })).toBeFocused();
  for (let at = 0; at < 3; at++) await ada.page.keyboard.press('ArrowDown');
  await expect(ada.page.getByRole('menuitem', { name: ada.words.forward })).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(field(ada)).toBeFocused();
  await expect(ada.sheet.locator('.quote-text')).toHaveText('forty-two thousand');
  await ada.sheet.getByRole('textbox', { name: ada.words.comment }).fill('what do you think?');
  await field(ada).fill('ㅁㄷ');
  await expect(ada.sheet.getByRole('option', { selected: true })).toContainText(MADANG.name);
  await field(ada).press('Enter');
  await ada.isIn(MADANG.name);
  await expect(ada.sheet).toBeHidden();

  for (const person of [ada, minsu]) {
    await person.sees('forty-two thousand');
    await person.sees('what do you think?');
    await expect(over(person, 'forty-two thousand')).toContainText(person.words.forwarded('Ada'));
  }
  await expect(over(minsu, 'forty-two thousand'), 'it leads nowhere for who is not there').not.toHaveAttribute('href', /./);
  expect(await minsu.page.content()).not.toContain('Budget');
  await expect(over(ada, 'forty-two thousand')).toContainText('Budget');
  await ada.reloads();
  await over(ada, 'forty-two thousand').click();
  await ada.isIn('Budget');
  await minsu.reloads();
  await expect(over(minsu, 'forty-two thousand')).toContainText(minsu.words.forwarded('Ada'));
});

test('what was passed on can be taken back, and is not offered to be changed; the sheet closes without a trace', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('lunch at noon');
  await ben.sees('lunch at noon');
  await opensTheSheet(ben, 'lunch at noon');
  await ben.page.keyboard.press('Escape');
  await expect(ben.sheet).toBeHidden();
  await opensTheSheet(ben, 'lunch at noon');
  await field(ben).fill('ada');
  await ben.sheet.getByRole('option', { name: 'Ada' }).click();
  await ben.isIn('Ada');
  await ben.sees('lunch at noon');
  await ada.roomLink('Ben').click();
  await ada.sees('lunch at noon');
  await ben.message('lunch at noon').hover();
  await expect(ben.message('lunch at noon').getByRole('button', { name: ben.words.edit })).toHaveCount(0);
  await over(ben, 'lunch at noon').click();
  await ben.isIn(MADANG.name);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`forwarding is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...DEVICES[device], lang, still: true });
      const other = await walksIn('Ben');
      await other.makesARoom('Kitchen');
      await other.isIn('Kitchen');
      const text = lang === 'ko' ? '점심은 열두 시에 먹어요' : 'Lunch is at noon';
      await me.says(text);
      await me.sees(text);
      await opensTheSheet(me, text, device);
      await isFitToBeSeen(me, device, 'forward');
      await field(me).fill('kit');
      await expect(me.sheet.getByRole('option')).toHaveCount(1);
      await me.sheet.getByRole('option', { name: 'Kitchen' }).click();
      await me.isIn('Kitchen');
      await me.sees(text);
      await other.sees(text);
      await isFitToBeSeen(me, device, 'forwarded');
    });
  }
}
