// Sheets: pages that lie over the room, and stand alone without JavaScript.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

const ABOUT = `${MADANG.path}/about`;

test('a sheet opens over the room, closes by its button, by Escape and by going back, and gives the focus back', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const link = ada.page.getByRole('link', { name: ada.words.aboutRoom });
  await ada.writes('half a sentence');
  const closings = {
    button: () => ada.sheet.getByRole('link', { name: ada.words.close }).click(),
    Escape: () => ada.page.keyboard.press('Escape'),
    back: () => ada.page.goBack(),
  };
  for (const [way, closes] of Object.entries(closings)) {
    await link.focus();
    await ada.page.keyboard.press('Enter');
    await expect(ada.page.getByRole('dialog', { name: MADANG.name }), way).toBeVisible();
    await expect(ada.sheet.getByRole('heading', { level: 1 }), way).toBeFocused();
    await expect(ada.sheet.getByText('Ada')).toBeVisible();
    await closes();
    await expect(ada.sheet, way).toBeHidden();
    await expect(link, way).toBeFocused();
    await expect(ada.page, way).toHaveURL(MADANG.path);
    await expect(ada.box, 'the room is as it was').toHaveValue('half a sentence');
  }
  await ada.page.goForward();
  await expect(ada.sheet, 'forward opens it again').toBeVisible();
  await ada.reloads();
  await expect(ada.sheet, 'and a reload keeps it').toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  await ada.isIn(MADANG.name);
});

test('a form on a sheet says what is wrong and keeps what was typed, and leads to what it made', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of (409|422)/);
  await ada.opensTheNewRoomForm();
  const name = ada.sheet.getByRole('textbox', { name: ada.words.roomName });
  await expect(name).toBeFocused();
  await name.fill('마 당');
  await name.press('Enter');
  await expect(ada.sheet.getByText(ada.words.refused.roomNameTaken)).toBeVisible();
  await expect(name).toHaveValue('마 당');
  await expect(name).toBeFocused();
  await name.fill('Kitchen');
  await ada.sheet.getByRole('button', { name: ada.words.create }).click();
  await ada.isIn('Kitchen');
  await expect(ada.sheet).toBeHidden();
  await expect(ada.page).toHaveURL('/rooms/kitchen');
  await ada.page.goBack();
  await ada.isIn(MADANG.name);
  await expect(ada.sheet).toBeHidden();
});

test('of two sheets that are asked for one right after the other the second is shown', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  let comes: () => void = () => {};
  const isHeld = new Promise<void>((release) => (comes = release));
  await ada.page.route(`**${ABOUT}`, async (route) => {
    await isHeld;
    await route.continue();
  });
  const asked = ada.page.waitForRequest(`**${ABOUT}`);
  await ada.page.getByRole('link', { name: ada.words.aboutRoom }).click();
  await asked;
  await ada.page.getByRole('link', { name: ada.words.pins }).click();
  comes();
  await expect(ada.page.getByRole('dialog', { name: ada.words.pins })).toBeVisible();
});

test('what is wanted while something else is on its way comes next; a second press of the same is none', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.opensAbout();
  const asked: string[] = [];
  let letGo: () => void = () => {};
  const held = new Promise<void>((release) => (letGo = release));
  await ada.page.route(`**${ABOUT}`, async (route) => {
    if (route.request().method() === 'POST') asked.push(new URLSearchParams(route.request().postData() ?? '').get('do') ?? '');
    await held;
    await route.continue();
  });
  const presses = (name: string) => ada.sheet.getByRole('button', { name, exact: true }).click();
  await presses(ada.words.star);
  await presses(ada.words.star);
  await presses(ada.words.callAll);
  letGo();
  await expect(ada.sheet.getByRole('button', { name: ada.words.unstar })).toBeVisible();
  await expect(ada.sheet.getByRole('button', { name: ada.words.callAll })).toHaveAttribute('aria-pressed', 'true');
  expect(asked).toEqual(['star', 'call_all']);
  await presses(ada.words.callMentions);
  await expect(ada.sheet.getByRole('button', { name: ada.words.callMentions })).toHaveAttribute('aria-pressed', 'true');
});

test('what is answered after a sheet was closed does not open it again', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.opensAbout();
  let answers = () => {};
  const held = new Promise<void>((answer) => (answers = answer));
  await ada.page.route(`**${ABOUT}`, async (route) => {
    await held;
    await route.continue();
  });
  const asked = ada.page.waitForRequest((request) => request.method() === 'POST');
  await ada.sheet.getByRole('button', { name: ada.words.star, exact: true }).click();
  await asked;
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  const answered = ada.page.waitForResponse((answer) => answer.request().method() === 'GET');
  answers();
  await answered;
  await ada.says('on we go');
  await ada.sees('on we go');
  await expect(ada.sheet).toBeHidden();
});

/** Steps back in the browser's history wait until what this gives is called. */
async function holdsStepsBack(person: Person): Promise<() => Promise<void>> {
  await person.page.evaluate(() => {
    const [back, held] = [history.back.bind(history), [] as (() => void)[]];
    history.back = () => void held.push(back);
    Object.assign(window, { letsGo: () => held.splice(0).forEach((step) => step()) });
  });
  // The page knows that it has moved before whoever asks next.
  return () =>
    person.page.evaluate(async () => {
      const moved = new Promise((arrived) => addEventListener('popstate', arrived, { once: true }));
      (window as unknown as { letsGo: () => void }).letsGo();
      await moved;
    });
}

test('a way back that never comes holds nothing up for long', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  await ada.page.clock.install();
  await holdsStepsBack(ada);
  await ada.opensAbout();
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await ada.page.clock.pauseAt((await ada.page.evaluate(() => Date.now())) + 3_000);
  await expect(ada.page).toHaveURL(MADANG.path);
});

test('what is pressed while the way back from a sheet takes its time is not lost to it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  const title = ada.sheet.getByRole('heading', { level: 1 });
  const letsGo = await holdsStepsBack(ada);
  await ada.opensAbout();
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  await ada.opensAbout();
  await letsGo();
  await expect(title, 'a sheet that was opened meanwhile stays').toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await letsGo();
  await expect(ada.page, 'and a room that was gone to').toHaveURL(MADANG.path);
  await ada.isIn(MADANG.name);
  await ada.opensAbout();
  await ada.page.keyboard.press('Escape');
  await ada.opensAbout();
  await ada.page.keyboard.press('Escape');
  await expect(ada.sheet).toBeHidden();
  await letsGo();
  await expect(ada.sheet, 'and one that was closed again is closed').toBeHidden();
  await expect(ada.page).toHaveURL(MADANG.path);
  await ada.page.goBack();
  await ada.isIn('Kitchen');
  await expect(ada.sheet).toBeHidden();
});

test('without a connection a sheet says so, keeps what was typed and goes on when it is back', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.opensTheNewRoomForm();
  const name = ada.sheet.getByRole('textbox', { name: ada.words.roomName });
  await name.fill('Kitchen');
  await ada.context.setOffline(true);
  await name.press('Enter');
  await expect(ada.sheet.getByRole('alert').getByText(ada.words.noConnection)).toBeVisible();
  await expect(name).toHaveValue('Kitchen');
  await ada.context.setOffline(false);
  await name.press('Enter');
  await ada.isIn('Kitchen');

  await ada.context.setOffline(true);
  await ada.page.getByRole('link', { name: ada.words.aboutRoom }).click();
  await expect(ada.page.getByRole('status').getByText(ada.words.noConnection), 'one that does not open says so, too').toBeVisible();
  await expect(ada.sheet).toBeHidden();
  await ada.context.setOffline(false);
});

test('without JavaScript a sheet is a page with a way back', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { script: false })).forgives(/status of (409|422)/);
  await ada.page.getByRole('link', { name: ada.words.aboutRoom }).click();
  await expect(ada.page).toHaveURL(ABOUT);
  await expect(ada.page.getByRole('heading', { level: 1, name: MADANG.name })).toBeVisible();
  await ada.page.getByRole('link', { name: ada.words.close }).click();
  await ada.opensTheNewRoomForm();
  const name = ada.page.getByRole('textbox', { name: ada.words.roomName });
  await name.fill('마 당');
  await ada.press(ada.words.create);
  await ada.isTold(ada.words.refused.roomNameTaken);
  await expect(name).toHaveValue('마 당');
  await name.fill('Kitchen');
  await ada.press(ada.words.create);
  await ada.isIn('Kitchen');
  await ada.page.getByRole('link', { name: ada.words.aboutRoom }).click();
  await ada.page.getByRole('link', { name: ada.words.close }).click();
  await ada.isIn('Kitchen');
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`sheets are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = (await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...DEVICES[device], lang, still: true })).forgives(/status of 422/);
      await me.opensAbout();
      if (device === 'phone') {
        const { width } = (await me.sheet.boundingBox())!;
        expect(width, 'it fills a phone').toBe(390);
      }
      await isFitToBeSeen(me, device, 'sheet about a room');
      await me.page.keyboard.press('Escape');
      await me.opensTheNewRoomForm();
      await me.newRoomField.fill('new');
      await me.newRoomField.press('Enter');
      await expect(me.sheet.getByText(me.words.refused.roomNameReserved)).toBeVisible();
      await isFitToBeSeen(me, device, 'sheet new room refused');
      await me.page.goto(ABOUT);
      await isFitToBeSeen(me, device, 'sheet alone');
    });
  }
}
