// A calendar leads to a day: from the room's head and from the day lines, by keyboard, and without JavaScript.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { NO_MESSAGE_LIMIT } from '../house';
import { expect, MADANG, type Person, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

const today = (person: Person) => person.page.locator('.calendar td[aria-current=date] a');

async function isAtTheFirst(person: Person): Promise<void> {
  await expect(person.page.locator('.message.target')).toHaveAttribute('data-seq', '1');
  await expect(person.page.locator('.message.target')).toBeInViewport({ ratio: 1 });
  await expect(person.page).toHaveURL(`${MADANG.path}/1`);
}

test('the calendar opens over the room and its day leads to the first message of it', async ({ walksIn }) => {
  const ben = await walksIn('Ben');
  await ben.goesTo('/lab');
  await ben.saysAtOnce(Array.from({ length: 150 }, (_, at) => `line ${at + 1}.`));
  const ada = await walksIn('Ada');
  await ada.reloads();
  await ada.isLive();
  await ada.page.getByRole('link', { name: ada.words.jumpToDate }).click();
  await expect(ada.page.getByRole('dialog', { name: ada.words.jumpToDate })).toBeVisible();
  await today(ada).click();
  await expect(ada.sheet).toBeHidden();
  await isAtTheFirst(ada);

  await ada.press(ada.words.toNewest);
  await expect(ada.message('line 150.')).toBeInViewport({ ratio: 1 });
  // By keyboard, from the day line above.
  await ada.goesTo(`${MADANG.path}/5`);
  await ada.isLive();
  await ada.page.locator('.day-line a').first().focus();
  await ada.page.keyboard.press('Enter');
  await expect(ada.sheet).toBeVisible();
  await today(ada).focus();
  await ada.page.keyboard.press('Enter');
  await isAtTheFirst(ada);
});

test('without JavaScript the calendar is a page', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  await ada.says('hello');
  await ada.page.getByRole('link', { name: ada.words.jumpToDate }).click();
  await expect(ada.page).toHaveURL(`${MADANG.path}/days`);
  await today(ada).click();
  await isAtTheFirst(ada);
  await ada.page.locator('.day-line a').click();
  await ada.page.getByRole('link', { name: ada.words.close }).click();
  await expect(ada.page).toHaveURL(MADANG.path);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`the calendar is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      await ada.says('hello');
      await ada.sees('hello');
      await ada.page.locator('.day-line a').click();
      await expect(today(ada)).toBeVisible();
      await isFitToBeSeen(ada, device, 'calendar');
    });
  }
}
