// A message that is sent later goes with all that it was written with: its files, and the message or the thread that it answers.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { bytes, picture } from '../pictures';
import { expect, MADANG, type Person, test } from '../vocabulary';

const rows = (person: Person) => person.page.locator('.scheduled-message');
const tray = (person: Person) => person.page.locator('.tray-item');
const bar = (person: Person) => person.page.locator('.reply-bar');
const sheetTitle = (person: Person, title: string) => person.page.getByRole('heading', { level: 1, name: title });
const text = (person: Person) => person.sheet.getByRole('textbox', { name: person.words.message, exact: true });

async function chooses(person: Person, count: number, ...files: ReturnType<typeof bytes>[]): Promise<void> {
  await person.page.locator('#files').setInputFiles(files);
  await expect(tray(person)).toHaveCount(count);
  await expect(tray(person).locator('progress:visible')).toHaveCount(0);
}

async function sendsLater(person: Person): Promise<void> {
  const way = person.button(person.words.sendLater);
  if (!(await way.isVisible())) await person.button(person.words.formatting).tap();
  await way.click();
  await expect(sheetTitle(person, person.words.sendLater)).toBeVisible();
}

/** Has what stands on the sheet sent in an hour. */
async function inAnHour(person: Person): Promise<void> {
  await person.sheet.getByRole('button', { name: person.words.inAnHour }).click();
  await expect(sheetTitle(person, person.words.scheduledMessages)).toBeVisible();
}

for (const lang of ['en', 'ko'] as const) {
  test(`files and the quote wait with the words, are changed with them, and arrive together (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    await ben.says('lunch?');
    await ada.sees('lunch?');
    await ada.startsToAnswer('lunch?');
    await chooses(ada, 3, picture('menu.png', 300, 200), bytes('list.bin', 1_000), bytes('wrong.bin', 10));
    await ada.writes('네');
    await sendsLater(ada);
    await expect(ada.sheet.getByRole('checkbox', { name: 'lunch?' })).toBeChecked();
    await expect(ada.sheet.getByRole('checkbox', { name: 'menu.png' })).toBeChecked();
    await expect(ada.sheet.locator('fieldset')).toContainText(ada.words.replyingTo('Ben'));
    await inAnHour(ada);
    await expect(rows(ada).locator('a.picture img')).toHaveAttribute('alt', 'menu.png');
    await expect(rows(ada).locator('.message-quote')).toContainText('lunch?');
    await ada.page.keyboard.press('Escape');
    await expect(tray(ada), 'they are not in the box any more').toHaveCount(0);
    await expect(bar(ada)).toBeHidden();
    await expect(ada.box).toHaveValue('');
    await ada.reloads();
    await ada.isLive();
    await expect(tray(ada)).toHaveCount(0);

    await ada.page.goto('/scheduled');
    await rows(ada).getByRole('link', { name: ada.words.change }).click();
    await ada.page.getByRole('checkbox', { name: 'wrong.bin' }).uncheck();
    await ada.page.getByRole('textbox', { name: ada.words.message, exact: true }).fill('네, 좋아요');
    await ada.page.getByRole('button', { name: ada.words.schedule, exact: true }).click();
    await expect(rows(ada)).toContainText('네, 좋아요');
    await expect(rows(ada)).not.toContainText('wrong.bin');
    await ben.seesExactly(['lunch?']);
    await rows(ada).getByRole('button', { name: ada.words.sendNow }).click();
    await expect(rows(ada)).toHaveCount(0);
    const row = ben.message('네, 좋아요');
    await expect(row.locator('.message-quote .quote-text')).toHaveText('lunch?');
    await expect(row.locator('a.picture')).toHaveCount(1);
    await expect(row.locator('a.attachment')).toHaveText([/list\.bin/]);
  });

  test(`a reply goes into its thread though its message is deleted by then, once its writer says so (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    await ben.says('lunch?');
    await ada.sees('lunch?');
    await ada.message('lunch?').hover();
    await ada.message('lunch?').getByRole('link', { name: ada.words.thread, exact: true }).click();
    await ada.sheet.getByRole('textbox', { name: ada.words.replyInThread, exact: true }).fill('in the thread');
    await ada.writes('meant for the room');
    await ada.sheet.getByRole('button', { name: ada.words.formatting }).click();
    await ada.sheet.getByRole('button', { name: ada.words.sendLater }).click();
    await expect(text(ada)).toHaveValue('in the thread');
    await expect(ada.sheet.locator('fieldset')).toContainText(ada.words.inThreadOf('Ben'));
    const due = new Date(Date.now() + 4_000 + 9 * 60 * 60 * 1_000).toISOString().slice(0, 19);
    await ada.sheet.getByLabel(ada.words.when).evaluate((field: HTMLInputElement, due) => {
      field.step = '1';
      field.value = due;
    }, due);
    await ada.sheet.getByRole('button', { name: ada.words.schedule, exact: true }).click();
    await expect(rows(ada)).toContainText('lunch?');
    await ben.message('lunch?').hover();
    await ben.message('lunch?').getByRole('button', { name: ben.words.more, exact: true }).click();
    await ben.page.getByRole('menuitem', { name: ben.words.delete, exact: true }).click();
    await ben.page.getByRole('dialog').getByRole('button', { name: ben.words.delete }).click();
    await ada.page.keyboard.press('Escape');
    await expect(ada.box, 'what was meant for the room is there').toHaveValue('meant for the room');
    const told = ada.page.locator('.composer-foot').first().getByRole('link');
    await expect(told).toHaveText(ada.words.notSent(1), { timeout: 30_000 });
    await told.click();
    await expect(rows(ada)).toContainText(ada.words.answeredGone);
    await expect(rows(ada)).toContainText(ada.words.answersDeleted);
    await expect(rows(ada)).toContainText('in the thread');
    await rows(ada).getByRole('button', { name: ada.words.sendNow }).click();
    await expect(rows(ada)).toHaveCount(0);
    await expect(ben.page.locator('.thread-line')).toContainText(ben.words.replies(1));
  });

  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`what goes with a message is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben', { lang });
      const line = '이번 주 금요일 점심에 다 같이 나가서 먹는 건 어때요? Shall we all go out for lunch on Friday?';
      await ben.says(line);
      await me.sees(line);
      if (device === 'laptop') await me.message(line).hover();
      else await me.message(line).locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
      const reply = me.message(line).getByRole('toolbar').getByRole('button', { name: me.words.reply, exact: true });
      await expect(reply).toBeVisible();
      await (device === 'phone' ? reply.tap() : reply.click());
      await chooses(me, 2, picture('courtyard.png', 800, 500), bytes('아주 긴 이름의 회의록 with a very long name indeed, that does not fit.pdf', 2_345_678));
      await me.writes('좋아요. Sounds good.');
      await sendsLater(me);
      await isFitToBeSeen(me, device, 'later with files');
      await inAnHour(me);
      await isFitToBeSeen(me, device, 'scheduled with files');
    });
  }
}

test('what is still on its way is waited for, and the box keeps all of it', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 422/);
  await ada.page.route('**/uploads/*', (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()));
  await ada.page.locator('#files').setInputFiles([bytes('slow.bin', 10)]);
  await ada.writes('with it');
  await sendsLater(ada);
  await expect(ada.sheet.getByRole('alert').filter({ hasText: ada.words.filesComing })).toBeVisible();
  await expect(ada.sheet.getByRole('textbox')).toHaveCount(0);
  await ada.page.keyboard.press('Escape');
  await expect(ada.box).toHaveValue('with it');
  await expect(tray(ada)).toHaveCount(1);
});

test('without JavaScript the files come with the form', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  const ben = await walksIn('Ben');
  await ada.page.locator('#files').setInputFiles([picture('plain.png', 60, 40), bytes('plain.bin', 10)]);
  await ada.box.fill('from a plain form');
  await ada.button(ada.words.sendLater).click();
  await expect(ada.page.getByRole('checkbox', { name: 'plain.bin' })).toBeChecked();
  await ada.page.getByRole('button', { name: ada.words.inAnHour }).click();
  await expect(ada.page).toHaveURL('/scheduled');
  await expect(rows(ada).locator('a.attachment')).toHaveText([/plain\.bin/]);
  await rows(ada).getByRole('button', { name: ada.words.sendNow }).click();
  await expect(rows(ada)).toHaveCount(0);
  await expect(ben.message('from a plain form').locator('a.picture')).toHaveCount(1);
  await ada.page.goto(MADANG.path);
  await expect(ada.page.locator('a.picture img')).toHaveCount(1);
});
