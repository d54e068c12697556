// The door: a name, and one is in.

import { expect, MADANG, test } from '../vocabulary';

test('somebody types a name at the door and is in', async ({ visits }) => {
  const ada = await visits({ at: '/' });
  await expect(ada.nameField).toBeFocused();
  await ada.givesTheName('Ada');
  await expect(ada.page.getByRole('heading', { level: 1, name: 'Where to?' })).toBeVisible();
  await ada.isReady();
  await ada.isLive();
  await ada.follows(MADANG.name);
  await ada.isIn(MADANG.name);
  await expect(ada.page).toHaveTitle('마당 · Madang');
  await expect(ada.page).toHaveURL(MADANG.path);
  await ada.counts(1);
});

test('a link to a room leads there after the door', async ({ visits }) => {
  const ada = await visits({ at: MADANG.path });
  await expect(ada.page.getByText("You're on your way to “madang”.")).toBeVisible();
  await ada.givesTheName('Ada');
  await ada.isIn(MADANG.name);
});

test('a link greets somebody by name and offers it', async ({ visits }) => {
  const ada = await visits({ at: '/hello/Ada%20Lovelace' });
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Hello Ada Lovelace.');
  await expect(ada.page).toHaveTitle('Hello Ada Lovelace. · Madang');
  await expect(ada.nameField).toHaveValue('Ada Lovelace');
  await ada.press(ada.words.enter);
  await ada.isReady();
  const settings = await ada.opensTheSettings();
  await expect(settings.getByRole('textbox')).toHaveValue('Ada Lovelace');
});

test('a link greets one who is in, too, and shows the rooms', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.goesTo('/hello/Ben');
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Hello Ben.');
  await expect(ada.nameField).toHaveCount(0);
  await ada.follows(MADANG.name);
  await ada.isIn(MADANG.name);
});

test('a greeting by name is text, whatever the name is', async ({ visits }) => {
  const name = '<b>A&amp;B</b> "민수"';
  const eve = await visits({ at: `/hello/${encodeURIComponent(name)}`, lang: 'ko' });
  await expect(eve.page.getByRole('heading', { level: 1 })).toHaveText(`Hello ${name}.`);
  await expect(eve.nameField).toHaveValue(name);
});

for (const lang of ['en', 'ko'] as const) {
  test(`a name that can't be is refused with the reason, and what was typed stays (${lang})`, async ({ visits }) => {
    const ada = await visits({ lang });
    const { refused } = ada.words;
    for (const [typed, sentence] of [
      ['   ', refused.nameEmpty],
      ['가'.repeat(33), refused.nameTooLong],
      ['A\u200bda', refused.nameHidden],
      ['A\u202eda', refused.nameHidden],
    ]) {
      await ada.givesTheName(typed);
      await ada.isTold(sentence);
      await expect(ada.nameField).toHaveValue(typed);
    }
    await ada.givesTheName('가'.repeat(32));
    await expect(ada.nameField).toHaveCount(0);
  });
}

test('a name that somebody has, or one that looks like it, is refused by the server and stays in the field', async ({ walksIn, visits }) => {
  await walksIn('Ada');
  const other = (await visits({ at: MADANG.path })).forgives(/status of 409/);
  for (const typed of ['Ada', 'ada', 'Аdа', 'A d a']) {
    await other.givesTheName(typed);
    await other.isTold(other.words.refused.nameTaken);
    await other.isReady();
    await expect(other.nameField).toHaveValue(typed);
  }
  await other.givesTheName('Ben');
  await other.isIn(MADANG.name);
});

test('somebody changes their name, and everybody is told', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('before');
  const settings = await ada.opensTheSettings();
  await settings.getByRole('textbox').fill('Grace');
  await settings.getByRole('button', { name: ada.words.save }).click();
  await ada.isTold("You're now called Grace.");
  await expect(minsu.page.locator('.notice').filter({ hasText: 'Ada 님이 이름을 ‘Grace’로 바꿨어요' })).toHaveCount(1);
  await ada.page.keyboard.press('Escape');
  await ada.says('after');
  await minsu.sees('after');
  await expect(minsu.message('after').locator('.message-name')).toHaveText('Grace');
  await ada.reloads();
  await expect(ada.message('after').locator('.message-name')).toHaveText('Grace');
});

test('a new name that somebody has is refused where it was typed', async ({ walksIn }) => {
  await walksIn('Ben');
  const ada = await walksIn('Ada');
  const settings = await ada.opensTheSettings();
  await settings.getByRole('textbox').fill('Ben');
  await settings.getByRole('textbox').press('Enter');
  await ada.isTold(ada.words.refused.nameTaken);
  await expect(settings.getByRole('textbox')).toHaveValue('Ben');
});
