// Rooms of every kind, and how they stand in the list.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

/** Writes into a field of the open sheet and presses its button. */
async function fillsIn(person: Person, label: string, text: string): Promise<void> {
  const field = person.page.locator('.sheet-page').getByLabel(label, { exact: true });
  await field.fill(text);
  await field.press('Enter');
  await isAnswered(person);
}

/** What was asked of the sheet is done. */
async function isAnswered(person: Person): Promise<void> {
  await expect(person.page.locator('dialog.sheet[aria-busy=true]')).toHaveCount(0);
}

async function closesTheSheet(person: Person): Promise<void> {
  await person.page.keyboard.press('Escape');
  await expect(person.sheet).toBeHidden();
}

/** The names in a section of the list. */
function section(person: Person, title: string) {
  return person.page.locator(`#rooms h2:has-text("${title}") + ul .room-link-name`);
}

async function isAsked(person: Person, button: string): Promise<void> {
  await person.page.locator('.sheet-page').getByRole('button', { name: button, exact: true }).click();
  await isAnswered(person);
}

test('a private room is there for who is asked in, from then on and until they are removed', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = (await walksIn('Ben')).forgives(/status of 404/);
  await ada.makesARoom('Budget', ada.words.private);
  await ada.isIn('Budget');
  const path = new URL(ada.page.url()).pathname;
  expect(path).toMatch(/^\/rooms\/~[0-9a-f]{24}$/);
  await expect(ada.roomLink('Budget')).toHaveAccessibleName(new RegExp(`^${ada.words.private}`));
  await expect(ada.roomLink(MADANG.name)).not.toHaveAccessibleName(new RegExp(ada.words.private));
  await expect(ada.page.locator('.room-head .private-sign')).toHaveText(ada.words.private);
  await ada.says('forty-two thousand');
  await ada.sees('forty-two thousand');
  await expect(ben.roomLink('Budget')).toHaveCount(0);
  await ben.goesTo(path);
  await expect(ben.page.getByRole('heading', { level: 1, name: ben.words.missing })).toBeVisible();
  expect(await ben.page.content()).not.toContain('Budget');

  await ada.opensAbout();
  await fillsIn(ada, ada.words.invite, 'ben');
  await expect(ada.sheet.getByRole('link', { name: 'Ben' })).toBeVisible();
  await closesTheSheet(ada);
  await expect(ada.page.getByText(ada.words.added('Ada', 'Ben'))).toBeVisible();
  await ben.roomLink('Budget').click();
  await ben.isIn('Budget');
  await ben.sees('forty-two thousand');
  await ben.says('too much');
  await ada.sees('too much');

  await ada.opensAbout();
  await isAsked(ada, ada.words.removeThis('Ben'));
  await expect(ben.roomLink('Budget')).toHaveCount(0);
  await expect(ben.page.getByRole('heading', { level: 1, name: ben.words.missing })).toBeVisible();
  await closesTheSheet(ada);
  await ada.says('only mine');
  await ada.sees('only mine');
  await ben.reloads();
  await expect(ben.page.getByText('forty-two')).toHaveCount(0);
});

for (const [lang, device, script] of [['en', 'laptop', true], ['ko', 'phone', true], ['ko', 'laptop', false]] as const) {
  test(`people are offered to be asked in, until they are in (${lang}, ${device}${script ? '' : ', no scripts'})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { ...DEVICES[device], lang, script });
    const minsu = await walksIn('민수', { lang });
    await walksIn('Ben');
    await ada.makesARoom('Budget', ada.words.private);
    await expect(ada.page).toHaveURL(/~/);
    await ada.opensAbout();
    const field = ada.page.locator('.sheet-page').getByRole('combobox', { name: ada.words.invite, exact: true });
    const offered = () => field.evaluate((field) => Array.from((field as HTMLInputElement).list!.options, ({ value }) => value).sort());
    expect(await offered()).toEqual(['Ben', '민수']);
    if (script) await isFitToBeSeen(ada, device, 'people offered to be asked in');
    // Showing them is the browser's own affair, and one without a window doesn't.
    await field.fill('민수');
    await field.press('Enter');
    await expect(ada.page.locator('.sheet-page').getByRole('link', { name: '민수' })).toBeVisible();
    expect(await offered(), 'who is in it is no longer offered').toEqual(['Ben']);
    await expect(minsu.roomLink('Budget')).toHaveCount(1);
  });
}

test('a topic and a name are changed on the sheet, said in the timeline and seen by all', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await minsu.roomLink('Dev').click();
  await minsu.isIn('Dev');
  await minsu.opensAbout();
  await expect(minsu.sheet.getByRole('textbox', { name: minsu.words.roomName }), 'only who made it renames it').toHaveCount(0);
  await fillsIn(minsu, minsu.words.topic, '배포 일정');
  await closesTheSheet(minsu);
  await ada.opensAbout();
  await fillsIn(ada, ada.words.roomName, '개발팀');
  await closesTheSheet(ada);
  for (const person of [ada, minsu]) {
    await expect(person.page.getByRole('heading', { level: 1, name: '개발팀' })).toBeVisible();
    await expect(person.page.locator('.room-topic')).toHaveText('배포 일정');
    await expect(person.roomLink('개발팀')).toBeVisible();
    await expect(person.page).toHaveURL('/rooms/dev');
    await expect(person.page.getByText(person.words.topicChanged('민수', '배포 일정'))).toBeVisible();
    await expect(person.page.getByText(person.words.roomNamed('Ada', '개발팀'))).toBeVisible();
    await person.reloads();
    await expect(person.page.locator('.room-topic')).toHaveText('배포 일정');
  }
});

test('a direct room starts from a person in the roster, is called by the other and is the same for both', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.page.locator('#people').getByRole('link', { name: 'Ben' }).click();
  await isAsked(ada, ada.words.openDirect);
  await ada.isIn('Ben');
  await ada.says('are you free?');
  await expect(section(ben, ben.words.direct)).toHaveText(['Ada']);
  await expect(ben.roomLink('Ada')).toContainText('1 new message');
  await ben.roomLink('Ada').click();
  await ben.isIn('Ada');
  await ben.sees('are you free?');
  expect(new URL(ben.page.url()).pathname).toBe(new URL(ada.page.url()).pathname);
  await ben.says('always');
  await ada.sees('always');
  const about = await ada.opensAbout();
  await expect(about.getByRole('textbox', { name: ada.words.topic, exact: true })).toBeVisible();
  for (const name of [ada.words.roomName, ada.words.invite]) await expect(about.getByLabel(name, { exact: true })).toHaveCount(0);
  await expect(about.getByRole('button', { name: ada.words.archive, exact: true }), 'it never becomes another room').toHaveCount(0);
  await closesTheSheet(ada);

  await ben.page.locator('#rooms').getByRole('link', { name: ben.words.newDirect }).click();
  const whom = ben.sheet.getByRole('combobox', { name: ben.words.withWhom });
  await whom.fill('ada');
  await whom.press('Enter');
  await expect(ben.sheet.getByRole('link', { name: ben.words.unchoose('Ada') })).toBeVisible();
  await whom.press('Enter');
  await ben.isIn('Ada');
  await ben.sees('always');
  await ben.roomLink(MADANG.name).click();
  await ben.isIn(MADANG.name);
  await ben.opensAnotherTab();
});

test('stars and quiet hold on every device; of what one wants nothing counts nowhere', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  await ben.roomLink('Kitchen').click();
  await ben.isIn('Kitchen');
  const other = await ben.opensAnotherTab({ at: MADANG.path });
  await ben.opensAbout();
  await isAsked(ben, ben.words.star);
  await expect(section(other, other.words.starred)).toHaveText(['Kitchen']);
  await expect(ben.sheet.getByRole('button', { name: ben.words.unstar }), 'the keys stay where they were').toBeFocused();
  await isAsked(ben, ben.words.callNothing);
  await expect(ben.sheet.getByRole('button', { name: ben.words.callNothing })).toBeFocused();
  await expect(other.roomLink('Kitchen')).toHaveClass(/\bmuted\b/);
  await closesTheSheet(ben);
  await ben.roomLink(MADANG.name).click();
  await ben.isIn(MADANG.name);
  await other.page.bringToFront();
  await ada.says('soup');
  await expect(other.roomLink('Kitchen')).toContainText('1 new message');
  await expect(other.roomLink('Kitchen')).not.toHaveClass(/\bunread\b/);
  await expect(ben.page, 'nobody looks at this tab, and it says nothing').toHaveTitle(`${MADANG.name} · Madang`);
  await other.reloads();
  await expect(section(other, other.words.starred)).toHaveText(['Kitchen']);
});

test('an archived room is read and not written, is in no list, and comes back', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await ben.roomLink('Dev').click();
  await ben.isIn('Dev');
  await ben.says('before');
  await ada.sees('before');
  await ada.opensAbout();
  await ada.sheet.getByText(ada.words.archive, { exact: true }).first().click();
  await isAsked(ada, ada.words.archive);
  await expect(ada.button(ada.words.restore)).toBeVisible();
  await closesTheSheet(ada);
  for (const person of [ada, ben]) {
    await expect(person.page.getByText(person.words.archived)).toBeVisible();
    await expect(person.box).toHaveCount(0);
    await person.sees('before');
    await expect(person.roomLink('Dev')).toHaveCount(0);
  }
  await ben.roomLink(MADANG.name).click();
  await ben.isIn(MADANG.name);
  await ben.page.locator('#rooms').getByRole('link', { name: ben.words.allRooms }).click();
  await ben.sheet.getByRole('option', { name: 'Dev' }).click();
  await ben.isIn('Dev');
  await expect(ben.box).toHaveCount(0);
  await ada.opensAbout();
  await isAsked(ada, ada.words.restore);
  await closesTheSheet(ada);
  await expect(ben.box).toBeVisible();
  await expect(ben.roomLink('Dev')).toBeVisible();
  await ben.says('again');
  await ada.sees('again');
});

test('without JavaScript rooms are made, asked into, starred and left by plain pages', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { script: false })).forgives(/status of (404|422)/);
  await walksIn('Ben');
  await ada.makesARoom('Budget', ada.words.private);
  await ada.isIn('Budget');
  await ada.opensAbout();
  await fillsIn(ada, ada.words.invite, 'Nobody');
  await ada.isTold("There's nobody here of that name.");
  await fillsIn(ada, ada.words.invite, 'Ben');
  await expect(ada.page.getByRole('link', { name: 'Ben' })).toBeVisible();
  await isAsked(ada, ada.words.star);
  await ada.page.getByRole('link', { name: ada.words.close }).click();
  await expect(section(ada, ada.words.starred)).toHaveText(['Budget']);
  await ada.opensAbout();
  await ada.page.getByText(ada.words.leaveForGood, { exact: true }).first().click();
  await isAsked(ada, ada.words.leaveForGood);
  await expect(ada.page).toHaveURL('/');
  await expect(ada.roomLink('Budget')).toHaveCount(0);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`rooms of every kind are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const [mine, theirs] = lang === 'ko' ? ['민수', 'Ada'] : ['Ada', '민수'];
      const me = await walksIn(mine, { ...DEVICES[device], lang, still: true });
      const other = await walksIn(theirs);
      await other.makesARoom('Kitchen');
      await other.isIn('Kitchen');
      await me.makesARoom(lang === 'ko' ? '예산 회의' : 'Budget', me.words.private);
      await expect(me.sheet).toBeHidden();
      await me.opensAbout();
      await fillsIn(me, me.words.topic, lang === 'ko' ? '내년 예산을 숫자로 정하는 곳' : 'What next year may cost, in numbers');
      await fillsIn(me, me.words.invite, theirs);
      await expect(me.sheet.getByRole('link', { name: theirs })).toBeVisible();
      await isFitToBeSeen(me, device, 'sheet about a private room');
      await me.sheet.getByText(me.words.leaveForGood, { exact: true }).first().click();
      await isFitToBeSeen(me, device, 'sheet about to leave');
      await me.sheet.getByRole('link', { name: theirs }).click();
      await isFitToBeSeen(me, device, 'sheet about a person');
      await isAsked(me, me.words.openDirect);
      await me.isIn(theirs);
      await me.says(lang === 'ko' ? '잠깐 시간 되세요?' : 'Do you have a minute?');
      await me.opensAbout();
      await isAsked(me, me.words.star);
      await expect(section(me, me.words.starred)).toHaveText([theirs]);
      await closesTheSheet(me);
      await isFitToBeSeen(me, device, 'direct room');
      if (device === 'phone') await me.showsTheRooms();
      await me.roomLink('Kitchen').click();
      await me.isIn('Kitchen');
      if (device === 'phone') await me.showsTheRooms();
      await isFitToBeSeen(me, device, 'list in sections');
      await me.page.locator('#rooms').getByRole('link', { name: me.words.allRooms }).click();
      await expect(me.sheet).toBeVisible();
      await isFitToBeSeen(me, device, 'sheet all rooms');
      await closesTheSheet(me);
      if (device === 'phone') await me.showsTheRooms();
      await me.roomLink(lang === 'ko' ? '예산 회의' : 'Budget').first().click();
      await expect(me.page.locator('.room-topic')).toBeVisible();
      await isFitToBeSeen(me, device, 'private room with a topic');
    });
  }
}
