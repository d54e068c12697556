// Without JavaScript, whoever is not in any more when they send what they wrote keeps their words, walks in again, and sends them.

import { DEVICES, type Device, isFitToBeSeen } from '../looks';
import { bytes } from '../pictures';
import { box, panel, reply } from '../threads';
import { expect, MADANG, type Person, test } from '../vocabulary';

const WORDS = '한참 쓴 글 <b>\n둘째 줄 & 끝';

/** Their browser forgets who they are. */
async function isForgotten(person: Person): Promise<void> {
  await person.context.clearCookies({ name: 'madang' });
}

/** Sends the message box of somebody who is forgotten as the browser itself does. */
async function sendsBeforeTheWasmIsThere(person: Person, text: string): Promise<void> {
  const action = await person.page.locator('form.composer').getAttribute('action');
  await isForgotten(person);
  await person.page.evaluate(
    ({ action, text }) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      form.innerHTML = '<input name="cid" value="x"><textarea name="text"></textarea>';
      form.querySelector('textarea')!.value = text;
      document.body.append(form);
      form.submit();
    },
    { action: action!, text },
  );
}

/** The door, with what was written. */
async function standsAtTheDoor(person: Person, written: string): Promise<void> {
  const { page, words } = person;
  await expect(page.getByRole('heading', { level: 1, name: words.notSentAtAll })).toBeVisible();
  await person.isTold(words.notIn);
  await expect(page.getByRole('textbox', { name: words.yourWords })).toHaveValue(written);
}

for (const lang of ['en', 'ko'] as const) {
  test(`words for a room and for a thread go along through the door (${lang})`, async ({ walksIn }) => {
    const ben = await walksIn('Ben');
    const minsu = (await walksIn('민수', { lang, script: false })).forgives(/status of (401|409)/);
    await minsu.writes(WORDS);
    await minsu.page.locator('#files').setInputFiles([bytes('menu.bin', 2_000_000)]);
    await isForgotten(minsu);
    await minsu.press(minsu.words.send);
    await standsAtTheDoor(minsu, WORDS);
    await expect(minsu.page.getByText(minsu.words.filesAgain)).toBeVisible();

    await minsu.givesTheName('민수');
    await minsu.isTold(minsu.words.refused.nameTaken);
    await standsAtTheDoor(minsu, WORDS);
    await minsu.givesTheName('철수');
    await expect(minsu.page.getByRole('heading', { level: 1, name: MADANG.name })).toBeVisible();
    await expect(minsu.box).toHaveValue(WORDS);
    await expect(minsu.note).toHaveText('');
    await minsu.press(minsu.words.send);
    await ben.sees(WORDS);
    await minsu.seesExactly([WORDS]);

    await minsu.page.goto('/rooms/madang/1/thread');
    await box(minsu).fill('덧붙임');
    await panel(minsu).locator('input[name="also"]').check();
    await isForgotten(minsu);
    await minsu.press(minsu.words.send);
    await standsAtTheDoor(minsu, '덧붙임');
    await minsu.givesTheName('영희');
    await expect(box(minsu)).toHaveValue('덧붙임');
    await expect(panel(minsu).locator('input[name="also"]')).toBeChecked();
    await minsu.press(minsu.words.send);
    await expect(reply(minsu, '덧붙임')).toHaveCount(1);
    await ben.sees('덧붙임');
  });

  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`the door with words is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = (await walksIn('Ada', { ...DEVICES[device], lang })).forgives(/status of 401|WebSocket connection/);
      await sendsBeforeTheWasmIsThere(ada, WORDS);
      await standsAtTheDoor(ada, WORDS);
      await isFitToBeSeen(ada, device, 'the door with words');
    });
  }
}

test('a page that runs scripts takes the words over, too', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 401|WebSocket connection/);
  await sendsBeforeTheWasmIsThere(ada, WORDS);
  await standsAtTheDoor(ada, WORDS);
  await ada.givesTheName('Grace');
  await ada.isReady();
  await expect(ada.box).toHaveValue(WORDS);
  await ada.box.press('Enter');
  await ada.sees(WORDS);
});
