// Who is away and who is not to be disturbed: seen by the others as a shape and a word, chosen in the settings, remembered.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, type Person, test, TO_COME_BACK } from '../vocabulary';

/** How it stands with somebody, says the panel of who is here: by a shape, and by a word. */
async function seesAs(person: Person, name: string, shape: 'here' | 'away' | 'quiet'): Promise<void> {
  const row = person.page.locator('#people .person').filter({ has: person.page.getByText(name, { exact: true }) });
  await expect(row.locator('.availability')).toHaveAttribute('data-is', shape);
  await expect(row.locator('.person-availability')).toHaveText(person.words[shape]);
}

/** For the page, so much time has gone by. */
async function lets(person: Person, minutes: number): Promise<void> {
  await person.page.evaluate((ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
  }, minutes * 60_000);
}

test('somebody who touches nothing for five minutes is away, until they move', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await seesAs(minsu, 'Ada', 'here');
  await lets(ada, 4);
  await lets(minsu, 5);
  await seesAs(ada, '민수', 'away');
  await seesAs(ada, 'Ada', 'here');
  await minsu.page.mouse.move(200, 200);
  await seesAs(ada, '민수', 'here');
});

for (const [touch, touches] of [
  ['a key', (person: Person) => person.page.keyboard.press('Shift')],
  ['the wheel', (person: Person) => person.page.mouse.wheel(0, 10)],
  ['a finger', (person: Person) => person.page.locator('body').dispatchEvent('pointerdown', { pointerType: 'touch' })],
  ['the way back to the page', (person: Person) => person.isToldByTheBrowser('window', 'focus')],
] as const) {
  test(`whoever is away is here again by ${touch}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    await lets(ben, 5);
    await seesAs(ada, 'Ben', 'away');
    await touches(ben);
    await seesAs(ada, 'Ben', 'here');
  });
}

test('whoever is away stays away over a lost connection', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await lets(ada, 6);
  await seesAs(ben, 'Ada', 'away');
  await house.dies();
  await ben.connectionIs('offline');
  await house.opensAgain();
  await ben.isLive({ timeout: 30_000 });
  await ada.isLive({ timeout: 30_000 });
  await seesAs(ben, 'Ada', 'away');
});

test('whom a full room does not name any more is a number, and nobody is shown as here of whom it is not known', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const cho = await walksIn('Cho');
  for (const name of ['Ada', 'Ben', 'Cho']) await seesAs(ada, name, 'here');
  const people = ada.page.locator('#people .person');
  const id = async (name: string) => Number((await people.filter({ hasText: name }).getAttribute('href'))!.split('/').pop());
  ada.road!.says({ present: { room: 'madang', here: [await id('Ada')], away: [await id('Cho')] } });
  await expect(people.filter({ hasText: 'Ben' })).toHaveCount(0);
  await expect(ada.page.locator('#people')).toContainText('and 1 more');
  await seesAs(ada, 'Cho', 'away');
  await ben.says('I am here');
  await ada.sees('I am here');
  await cho.sees('I am here');
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`not to be disturbed: chosen, seen by others, kept over a restart, and ended (${lang}, ${device})`, async ({ walksIn, house }) => {
      const ada = (await walksIn('Ada', { ...DEVICES[device], lang, still: true, timezone: 'Asia/Seoul' })).forgivesRefusedConnections();
      const ben = (await walksIn('Ben')).forgivesRefusedConnections();
      const settings = await ada.opensTheSettings();
      await isFitToBeSeen(ada, device, 'quiet choices');
      await settings.getByRole('button', { name: ada.words.untilMorning }).click();
      const morning = lang === 'ko' ? '오전 8:00' : '8:00 AM';
      await expect(settings.getByRole('group', { name: ada.words.quietUntil(morning) })).toBeVisible();
      await expect(settings.getByRole('button', { name: ada.words.untilMorning })).toBeHidden();
      await seesAs(ben, 'Ada', 'quiet');
      await isFitToBeSeen(ada, device, 'quiet');
      await ada.page.keyboard.press('Escape');
      if (device === 'phone') await ada.page.locator('.people-button').click();
      await seesAs(ada, 'Ada', 'quiet');
      await isFitToBeSeen(ada, device, 'quiet in the panel');

      await house.closes();
      await house.opensAgain();
      await ada.reloads();
      await ada.isLive();
      await expect(ada.page.locator('.settings-button')).toHaveAccessibleName(`${ada.words.settings} · ${ada.words.quiet}`);
      await ben.isLive({ timeout: 30_000 });
      await seesAs(ben, 'Ada', 'quiet');

      await ada.page.locator('.settings-button').click();
      await settings.getByRole('button', { name: ada.words.endQuiet }).press('Enter');
      await expect(settings.getByRole('button', { name: ada.words.halfAnHour })).toBeVisible();
      await seesAs(ben, 'Ada', 'here');
    });
  }
}

test('without a connection the choice is not made, and says so', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  const settings = await ada.opensTheSettings();
  await settings.getByRole('button', { name: ada.words.halfAnHour }).click();
  await ada.isTold(ada.words.noConnection);
  await expect(settings.getByRole('button', { name: ada.words.halfAnHour })).toBeVisible();
});

test('what was chosen when the connection was dead already says so once that is known, and what became of it is seen then', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada', { road: true })).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  const settings = await ada.opensTheSettings();
  ada.road!.goesDead();
  await settings.getByRole('button', { name: ada.words.halfAnHour }).click();
  await seesAs(ben, 'Ada', 'quiet');
  await house.dies();
  await ada.isTold(ada.words.noConnection);
  await house.opensAgain();
  await expect(settings.getByRole('button', { name: ada.words.endQuiet })).toBeVisible(TO_COME_BACK);
  await expect(ada.page.getByText(ada.words.noConnection)).toBeHidden();
});

test('without scripts it is a form', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  const settings = ada.page.locator('#settings');
  await ada.page.locator('.settings-button').click();
  await settings.getByRole('button', { name: ada.words.untilISay }).click();
  await ada.page.locator('.settings-button').click();
  await expect(settings.getByRole('group', { name: ada.words.quiet })).toBeVisible();
  await settings.getByRole('button', { name: ada.words.endQuiet }).click();
  await ada.page.locator('.settings-button').click();
  await expect(settings.getByRole('button', { name: ada.words.halfAnHour })).toBeVisible();
});
