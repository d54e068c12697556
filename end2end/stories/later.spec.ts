// Messages that are sent later: from the message box, from a sheet without JavaScript, and what becomes of them.

import { DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

const waiting = (person: Person) => person.page.locator('.composer-foot').getByRole('link');
const rows = (person: Person) => person.page.locator('.scheduled-message');

/** Opens the sheet with what stands in the message box. */
async function sendsLater(person: Person): Promise<void> {
  const button = person.button(person.words.sendLater);
  await button.click();
  await expect(person.page.getByRole('heading', { level: 1, name: person.words.sendLater })).toBeVisible();
}

const text = (person: Person) => person.page.getByRole('textbox', { name: person.words.message, exact: true });

for (const lang of ['en', 'ko'] as const) {
  test(`a text goes from the box to its time, is changed, and sent at once (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    await ada.writes('회의는 세 시예요');
    await sendsLater(ada);
    await expect(ada.page).not.toHaveURL(/회의|%/);
    await expect(text(ada)).toHaveValue('회의는 세 시예요');
    await expect(ada.sheet.getByText('Asia/Seoul')).toBeVisible();
    await ada.sheet.getByRole('button', { name: ada.words.tomorrow }).click();
    await expect(ada.page.getByRole('heading', { level: 1, name: ada.words.scheduledMessages })).toBeVisible();
    await expect(rows(ada)).toHaveCount(1);
    await expect(rows(ada)).toContainText('회의는 세 시예요');
    await expect(rows(ada)).toContainText(ada.words.nineInTheMorning);
    await ada.page.keyboard.press('Escape');
    await expect(ada.box, 'it is not in the box any more').toHaveValue('');
    await expect(waiting(ada)).toHaveText(ada.words.scheduled(1));

    // The sheet's step in the history is taken back, too.
    await expect.poll(() => ada.page.evaluate(() => history.state)).toBeNull();
    await ada.reloads();
    await waiting(ada).click();
    await rows(ada).getByRole('link', { name: ada.words.change }).click();
    await text(ada).fill('회의는 네 시예요');
    await ada.sheet.getByRole('button', { name: ada.words.schedule, exact: true }).click();
    await expect(rows(ada)).toContainText('회의는 네 시예요');
    await ben.seesExactly([]);
    await rows(ada).getByRole('button', { name: ada.words.sendNow }).click();
    await expect(rows(ada)).toHaveCount(0);
    await ben.sees('회의는 네 시예요');
    await ada.page.keyboard.press('Escape');
    await ada.sees('회의는 네 시예요');
    await expect(waiting(ada)).toBeHidden();
  });

  test(`what is no time or no message is told, and nothing is lost; what was scheduled is taken back (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of 422|net::ERR_/);
    await ada.writes('later');
    await sendsLater(ada);
    const when = ada.sheet.getByLabel(ada.words.when);
    await when.evaluate((field: HTMLInputElement) => {
      field.min = '';
      field.value = '2020-01-01T09:00';
    });
    await ada.sheet.getByRole('button', { name: ada.words.schedule, exact: true }).click();
    await expect(ada.sheet.getByText(ada.words.timePassed)).toBeVisible();
    await expect(text(ada)).toHaveValue('later');
    await expect(text(ada)).toBeFocused();
    await text(ada).fill('/topic x');
    await ada.sheet.getByRole('button', { name: ada.words.inAnHour }).click();
    await expect(ada.sheet.getByText(ada.words.noCommandsLater)).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(ada.box, 'nothing was taken').toHaveValue('later');

    await sendsLater(ada);
    await ada.page.route('**/later', (route) => route.abort());
    await ada.sheet.getByRole('button', { name: ada.words.inAnHour }).click();
    await expect(ada.sheet.getByText(ada.words.noConnection)).toBeVisible();
    await expect(text(ada)).toHaveValue('later');
    await ada.page.unroute('**/later');
    await ada.sheet.getByRole('button', { name: ada.words.inAnHour }).click();
    await rows(ada).getByRole('button', { name: ada.words.deleteScheduled }).click();
    await expect(ada.sheet.getByText(ada.words.nothingScheduled)).toBeVisible();
  });

  for (const device of ['phone', 'laptop'] as const) {
    test(`the sheets are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      if (device === 'phone') {
        await expect(me.button(me.words.sendLater)).toBeHidden();
        await me.button(me.words.formatting).tap();
      }
      await me.writes('회의는 세 시예요. '.repeat(20));
      await isFitToBeSeen(me, device, 'later in the box');
      await sendsLater(me);
      await isFitToBeSeen(me, device, 'later');
      await me.sheet.getByRole('button', { name: me.words.inAnHour }).click();
      await expect(rows(me)).toHaveCount(1);
      await isFitToBeSeen(me, device, 'scheduled');
    });
  }
}

test('it leaves when its time comes, though its writer has gone', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const at = new Date(Date.now() + 2_000 + 9 * 60 * 60 * 1_000).toISOString().slice(0, 19);
  const answer = await ada.page.request.post(`${MADANG.path}/later`, { form: { text: 'while I sleep', at }, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  await ada.closesTheTab();
  await ben.sees('while I sleep', { timeout: 20_000 });
});

test('what can not leave is kept, and its writer is told where', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.makesARoom('Plans');
  await ada.isIn('Plans');
  await ada.writes('too late');
  await sendsLater(ada);
  await ada.sheet.getByRole('button', { name: ada.words.inAnHour }).click();
  await expect(rows(ada)).toHaveCount(1);
  const path = '/rooms/plans/about';
  await ada.page.request.post(path, { form: { do: 'archive' }, maxRedirects: 0 });
  await ada.page.goto(MADANG.path);
  await ada.isIn(MADANG.name);
  await waiting(ada).click();
  ada.forgives(/status of 422/);
  await rows(ada).getByRole('button', { name: ada.words.sendNow }).click();
  await expect(rows(ada)).toContainText('too late');
  await expect(rows(ada)).toContainText(ada.words.archived);
  await ada.page.keyboard.press('Escape');
  await expect(waiting(ada)).toHaveText(ada.words.notSent(1));
});

test('without JavaScript the text goes with the form, or is written on the sheet', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  await ada.writes('from the box');
  await ada.button(ada.words.sendLater).click();
  await expect(text(ada)).toHaveValue('from the box');
  await expect(ada.page).toHaveURL(`${MADANG.path}/later`);
  await ada.page.getByRole('button', { name: ada.words.tomorrow }).click();
  await expect(ada.page).toHaveURL('/scheduled');
  await expect(rows(ada)).toContainText('from the box');
  await ada.page.goto(`${MADANG.path}/later`);
  await text(ada).fill('on the sheet');
  await ada.page.getByRole('button', { name: ada.words.inAnHour }).click();
  await expect(rows(ada)).toHaveCount(2);
  await rows(ada).first().getByRole('button', { name: ada.words.sendNow }).click();
  await expect(rows(ada)).toHaveCount(1);
  await ada.page.goto(MADANG.path);
  await expect(ada.texts).toHaveText(['on the sheet']);
  await expect(waiting(ada)).toHaveText(ada.words.scheduled(1));
});
