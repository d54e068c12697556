// A message that was changed says so, and from there one sees when; its author and who made the room, what it said before.

import { isFitToBeSeen } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const versions = (person: Person) => person.page.locator('.version-text');

async function changes(person: Person, text: string, into: string): Promise<void> {
  await person.message(text).hover();
  await person.message(text).getByRole('button', { name: person.words.edit, exact: true }).click();
  await person.page.locator('#revision').fill(into);
  await person.page.locator('#revision').press('Enter');
  await person.sees(into);
}

test('what a message said before is shown to its author, and to others only when it was changed', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko', viewport: { width: 390, height: 844 }, touch: true });
  await ada.says('first');
  await ada.sees('first');
  await changes(ada, 'first', 'second');
  await minsu.sees('second');

  await ada.message('second').getByRole('link', { name: ada.words.edited }).click();
  await expect(versions(ada)).toHaveText(['second', 'first']);
  await isFitToBeSeen(ada, 'laptop', 'versions of a message');
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();

  await minsu.message('second').getByRole('link', { name: minsu.words.edited }).tap();
  await expect(minsu.page.locator('.version')).toHaveCount(2);
  await expect(versions(minsu)).toHaveCount(0);
  await isFitToBeSeen(minsu, 'phone', 'versions of a message');
});
