// People answer messages: the quoted line stands over the answer, leads to what it answers, and follows it.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const actions = (person: Person, text: string) => person.message(text).getByRole('toolbar');
const bar = (person: Person) => person.page.locator('.reply-bar');
const quote = (person: Person, text: string) => person.message(text).locator('.message-quote');

async function seesQuote(person: Person, text: string, author: string, line: string): Promise<void> {
  await expect(quote(person, text).locator('.quote-author')).toHaveText(author);
  await expect(quote(person, text).locator('.quote-text')).toHaveText(line);
}

test('an answer quotes what it answers, and the quote follows it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('lunch at **noon**?');
  await minsu.sees('lunch at noon?');
  await minsu.startsToAnswer('lunch at noon?');
  await expect(bar(minsu)).toContainText(minsu.words.replyingTo('Ada'));
  await expect(bar(minsu).locator('.quote-text')).toHaveText('lunch at noon?');
  await minsu.says('네');
  await expect(bar(minsu)).toBeHidden();
  for (const person of [ada, minsu]) {
    await person.sees('네');
    await seesQuote(person, '네', 'Ada', 'lunch at noon?');
    await expect(quote(person, '네')).toHaveAttribute('href', '/rooms/madang/1');
  }
  await ada.page.keyboard.press('ArrowUp');
  await ada.page.locator('#revision').fill('dinner?');
  await ada.page.locator('#revision').press('Enter');
  for (const person of [ada, minsu]) await seesQuote(person, '네', 'Ada', 'dinner?');
  await ada.deletes('dinner?');
  for (const person of [ada, minsu]) {
    await seesQuote(person, '네', 'Ada', person.words.deleted);
    await person.reloads();
    await person.isLive();
    await seesQuote(person, '네', 'Ada', person.words.deleted);
    expect(await person.page.content()).not.toContain('dinner');
  }
});

test('who answers what is deleted meanwhile is told so, and the answer quotes nothing', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('lunch at noon?');
  await ben.sees('lunch at noon?');
  await ben.startsToAnswer('lunch at noon?');
  await ben.writes('yes');
  await ada.deletes('lunch at noon?');
  await expect(bar(ben)).toContainText(ben.words.replyingTo('Ada'));
  await expect(bar(ben).locator('.quote-text')).toHaveText(ben.words.deleted);
  await expect(ben.box).toHaveValue('yes');
  await ben.box.press('Enter');
  for (const person of [ada, ben]) {
    await person.sees('yes');
    await seesQuote(person, 'yes', 'Ada', person.words.deleted);
  }
});

test('an answer can be given up, by key and by button, and what is typed stays', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('hi');
  await ben.sees('hi');
  await ben.startsToAnswer('hi');
  await ben.writes('well');
  await ben.box.press('Escape');
  await expect(bar(ben)).toBeHidden();
  await expect(ben.box).toHaveValue('well');
  await ben.startsToAnswer('hi');
  await ben.press(ben.words.dropReply);
  await expect(bar(ben)).toBeHidden();
  await expect(ben.box).toBeFocused();
  await ben.box.press('Enter');
  await ada.sees('well');
  await expect(ada.page.locator('.message-quote')).toHaveCount(0);

  await ben.scroller.focus();
  await ben.page.keyboard.press('ArrowUp');
  await ben.page.keyboard.press('Enter');
  await ben.page.keyboard.press('ArrowRight');
  await ben.page.keyboard.press('Enter');
  await expect(ben.box).toBeFocused();
  await expect(bar(ben)).toBeVisible();
});

test('an answer survives a reload while it is written, and waits for the connection', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await ada.says('hi');
  await ben.sees('hi');
  await ben.startsToAnswer('hi');
  await ben.writes('hello');
  await ben.hasKept('madang-outbox', 'hello');
  await ben.reloads();
  await expect(bar(ben).locator('.quote-text')).toHaveText('hi');
  await expect(ben.box).toHaveValue('hello');
  await ben.isLive();
  await house.closes();
  await ben.connectionIs('offline');
  await ben.box.press('Enter');
  await ben.seesWaiting('hello');
  await seesQuote(ben, 'hello', 'Ada', 'hi');
  await ben.goesElsewhere();
  await house.opensAgain();
  await ben.goesTo('/rooms/madang');
  await ada.isLive({ timeout: 30_000 });
  await ada.sees('hello', { timeout: 30_000 });
  await seesQuote(ada, 'hello', 'Ada', 'hi');
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`answers are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben Benjamin Benedict Bennett');
      const text = '내일 회의는 열 시예요. See you there, and please bring the notes of the last one!';
      await ada.says(text);
      await ben.sees(text);
      await ben.startsToAnswer(text);
      await ben.says('I will');
      await ada.sees('I will');
      if (device === 'laptop') await ada.message('I will').hover();
      else await ada.message('I will').locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
      const button = actions(ada, 'I will').getByRole('button', { name: ada.words.reply });
      await expect(button).toBeVisible();
      await (device === 'phone' ? button.tap() : button.click());
      await expect(bar(ada)).toBeVisible();
      await isFitToBeSeen(ada, device, 'answers');
    });
  }
}
