// Another room, or somebody, is a few keys away: sheets that answer while one types.

import { HANGUL, Keys } from '../input_methods';
import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

test.use({ settings: ['--arrivals-per-minute', '10000'] });

/** Makes these rooms, by their form. */
async function makesRooms(person: Person, names: string[]): Promise<void> {
  for (const name of names) {
    const made = await person.context.request.post('/rooms/new', { form: { name }, headers: { origin: new URL(person.page.url()).origin } });
    expect(made.ok(), name).toBe(true);
  }
}

/** What is offered: these and no others, in this order, the first one chosen. */
async function isOffered(person: Person, names: string[]): Promise<void> {
  await expect(person.sheet.locator('.found-name')).toHaveText(names);
  if (names.length > 0) await expect(chosen(person).locator('.found-name')).toHaveText(names[0]);
}

const field = (person: Person) => person.sheet.getByRole('combobox');
const chosen = (person: Person) => person.sheet.getByRole('option', { selected: true });

async function opensTheFinder(person: Person): Promise<void> {
  await person.page.keyboard.press('Control+k');
  await expect(field(person)).toBeFocused();
}

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`a room is found while its name is typed, and one Enter goes · ${platform}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    await makesRooms(ada, ['회의', '주간 회의', '한글 모임']);
    const minsu = await walksIn('민수', { lang: 'ko' });
    const keys = await Keys.of(minsu.page);
    await opensTheFinder(minsu);
    await keys.composes('ㅎ');
    await isOffered(minsu, ['한글 모임', '회의', '주간 회의']);
    for (const step of ['호', '회', '횡']) {
      await keys.composes(step);
      await isOffered(minsu, ['회의', '주간 회의']);
      await expect(field(minsu), 'what is composed stays as it is').toHaveValue(step);
    }
    await keys.composes('회');
    await keys.commits('회');
    await keys.composes('ㅇ', '의');
    await enter(keys, '의');
    await minsu.isIn('회의');
    await expect(minsu.sheet).toBeHidden();
    await expect(minsu.box, 'where one writes next').toBeFocused();
    await expect(minsu.box, 'the rest of the key press writes nothing').toHaveValue('');
    expect(minsu.sent.filter((frame) => frame === 'post')).toEqual([]);
    await minsu.says('여기예요');

    await opensTheFinder(ada);
    await field(ada).fill('ㅎㅇ');
    await isOffered(ada, ['회의', '주간 회의']);
    await field(ada).press('Enter');
    await ada.isIn('회의');
    await ada.sees('여기예요');
  });
}

for (const lang of ['en', 'ko'] as const) {
  test(`the keyboard is enough, and Escape goes back to where one was (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    await makesRooms(ada, ['회의', '주간 회의', 'Dev & Ops']);
    await ada.writes('half a sentence');
    await ada.box.focus();
    await opensTheFinder(ada);
    await field(ada).pressSequentially('ㅎㅇ');
    await isOffered(ada, ['회의', '주간 회의']);
    await expect(field(ada)).toHaveAttribute('aria-expanded', 'true');
    for (const [key, name] of [['ArrowDown', '주간 회의'], ['ArrowDown', '회의'], ['ArrowUp', '주간 회의']]) {
      await field(ada).press(key);
      await expect(chosen(ada).locator('.found-name')).toHaveText(name);
      await expect(field(ada)).toHaveAttribute('aria-activedescendant', (await chosen(ada).getAttribute('id'))!);
    }
    await expect(field(ada), 'the caret has not moved').toBeFocused();
    await field(ada).fill('고양이');
    await expect(ada.sheet.getByText(ada.words.nothingFound)).toBeVisible();
    await expect(field(ada)).toHaveAttribute('aria-expanded', 'false');
    await field(ada).press('Enter');
    await expect(field(ada), 'nothing leads nowhere').toHaveValue('고양이');
    await ada.page.keyboard.press('Escape');
    await expect(ada.sheet).toBeHidden();
    await expect(ada.box).toBeFocused();
    await expect(ada.box).toHaveValue('half a sentence');

    await opensTheFinder(ada);
    await field(ada).fill('ops');
    await field(ada).press('Enter');
    await ada.isIn('Dev & Ops');
    await expect(ada.sheet).toBeHidden();
    await ada.page.goBack();
    await ada.isIn(MADANG.name);
    await expect(ada.box).toHaveValue('half a sentence');
  });
}

test('a line to which one went with the arrows stays chosen when the list comes that answers all that was typed', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await makesRooms(ada, ['회의', '주간 회의', '한글 모임']);
  await opensTheFinder(ada);
  await field(ada).fill('ㅎ');
  await isOffered(ada, ['한글 모임', '회의', '주간 회의']);
  let comes: () => void = () => {};
  const isHeld = new Promise<void>((release) => (comes = release));
  await ada.page.route('**/find?*', async (route) => {
    await isHeld;
    await route.continue();
  });
  await field(ada).fill('ㅎㅇ');
  await field(ada).press('ArrowUp');
  await expect(chosen(ada).locator('.found-name')).toHaveText('주간 회의');
  comes();
  await expect(ada.sheet.locator('.found-name')).toHaveText(['회의', '주간 회의']);
  await expect(chosen(ada).locator('.found-name')).toHaveText('주간 회의');
  await expect(field(ada)).toHaveAttribute('aria-activedescendant', (await chosen(ada).getAttribute('id'))!);
  await field(ada).press('Enter');
  await ada.isIn('주간 회의');
});

test('it is opened over another sheet, and what is typed goes into its field', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await makesRooms(ada, ['Kitchen']);
  await ada.opensAbout();
  await ada.page.keyboard.press('Control+k');
  await expect(field(ada)).toBeFocused();
  await ada.page.keyboard.type('kit');
  await isOffered(ada, ['Kitchen']);
  await ada.page.keyboard.press('Enter');
  await ada.isIn('Kitchen');
});

test('on a Mac it is ⌘ K, and Ctrl K is left to the line', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'platform', { value: 'MacIntel' }));
  await ada.reloads();
  await ada.writes('half a sentence');
  await ada.page.keyboard.press('Control+k');
  await expect(field(ada)).toHaveCount(0);
  await ada.page.keyboard.press('Meta+k');
  await expect(field(ada)).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(ada.box).toHaveValue('half a sentence');
});

test('somebody is found among the rooms and leads to the room with them, which stands first when they have written', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('김민수', { lang: 'ko' });
  await makesRooms(ada, ['민사 소송']);
  await opensTheFinder(ada);
  await field(ada).fill('민ㅅ');
  await isOffered(ada, ['민사 소송', '김민수']);
  await field(ada).press('ArrowDown');
  await field(ada).press('Enter');
  await ada.isIn('김민수');
  await ada.says('are you free?');
  await expect(minsu.roomLink('Ada')).toContainText('1');
  await opensTheFinder(minsu);
  await expect(chosen(minsu)).toContainText('Ada');
  await expect(chosen(minsu)).toContainText(minsu.words.newMessagesHere(1));
  await field(minsu).press('Enter');
  await minsu.isIn('Ada');
  await minsu.sees('are you free?');
  await minsu.says('네');
  await ada.sees('네');
});

test('the newest answer wins, one question is asked at a time, and Enter waits for it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await makesRooms(ada, ['Kitchen', 'Kiosk', 'Attic']);
  await opensTheFinder(ada);
  const asked: string[] = [];
  let answers = () => {};
  const held = new Promise<void>((answer) => (answers = answer));
  await ada.page.route('**/find?*', async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('q')!);
    if (asked.length === 1) await held;
    await route.continue();
  });
  await field(ada).pressSequentially('kitc');
  await field(ada).press('Enter');
  await expect.poll(() => asked).toEqual(['k']);
  answers();
  await ada.isIn('Kitchen');
  expect(asked, 'what was typed meanwhile is asked for once').toEqual(['k', 'kitc']);
});

test('Enter is not lost when what is being asked fails', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/net::ERR_/);
  await makesRooms(ada, ['Kitchen']);
  await opensTheFinder(ada);
  let fails = () => {};
  const held = new Promise<void>((fail) => (fails = fail));
  const asked: string[] = [];
  await ada.page.route('**/find?*', async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('q')!);
    if (asked.length > 1) return route.continue();
    await held;
    return route.abort();
  });
  await field(ada).fill('kit');
  await expect.poll(() => asked).toEqual(['kit']);
  await field(ada).press('Enter');
  fails();
  await ada.isIn('Kitchen');
  expect(asked).toEqual(['kit', 'kit']);

  // Where it fails again it is said, and nothing goes on by itself.
  await ada.page.unrouteAll();
  await opensTheFinder(ada);
  asked.length = 0;
  await ada.page.route('**/find?*', (route) => {
    asked.push('');
    return route.abort();
  });
  await field(ada).fill('마당');
  await field(ada).press('Enter');
  await expect(ada.sheet.locator('.sheet-note')).toHaveText(ada.words.noConnection);
  await expect(field(ada)).toHaveValue('마당');
  await field(ada).fill('');
  await expect(ada.sheet.locator('.sheet-note'), 'the list answers what stands there').toHaveText('');

  // What is typed while something fails is asked for all the same.
  await ada.page.unrouteAll();
  let failsLate = () => {};
  const isHeld = new Promise<void>((fail) => (failsLate = fail));
  await ada.page.route('**/find?*', async (route) => {
    if (new URL(route.request().url()).searchParams.get('q') !== 'k') return route.continue();
    await isHeld;
    return route.abort();
  });
  const isAsked = ada.page.waitForRequest('**/find?*');
  await field(ada).fill('k');
  await isAsked;
  await field(ada).fill('kit');
  failsLate();
  await isOffered(ada, ['Kitchen']);
  await expect(ada.sheet.locator('.sheet-note')).toHaveText('');
});

test('a finder survives a reload with what was typed, and a lost connection', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await makesRooms(ada, ['Kitchen', 'Attic']);
  await opensTheFinder(ada);
  await field(ada).fill('kit');
  await isOffered(ada, ['Kitchen']);
  await ada.reloads();
  await isOffered(ada, ['Kitchen']);
  await expect(field(ada)).toHaveValue('kit');
  await ada.context.setOffline(true);
  await field(ada).fill('att');
  await expect(ada.sheet.getByText(ada.words.noConnection)).toBeVisible();
  const failed = ada.page.waitForEvent('requestfailed');
  await field(ada).press('Enter');
  await failed;
  await expect(field(ada), 'it goes nowhere').toHaveValue('att');
  await ada.context.setOffline(false);
  await field(ada).press('Enter');
  await ada.isIn('Attic');
});

test('people are chosen for a direct room while their names are typed, and all rooms are narrowed down', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await walksIn('민수', { lang: 'ko' });
  await ada.page.locator('#rooms').getByRole('link', { name: ada.words.newDirect }).click();
  await field(ada).fill('be');
  await isOffered(ada, ['Ben']);
  await field(ada).press('Enter');
  await expect(ada.sheet.getByRole('link', { name: ada.words.unchoose('Ben') })).toBeVisible();
  await field(ada).fill('ㅁㅅ');
  await isOffered(ada, ['민수']);
  await field(ada).press('Enter');
  await expect(ada.sheet.getByRole('link', { name: ada.words.unchoose('민수') })).toBeVisible();
  await expect(field(ada)).toBeFocused();
  await expect(chosen(ada)).toContainText(ada.words.openDirect);
  await field(ada).press('Enter');
  await ada.isIn('Ben, 민수');
  await ada.says('the three of us');
  await ben.roomLink('Ada, 민수').click();
  await ben.sees('the three of us');

  await ada.page.locator('#rooms').getByRole('link', { name: ada.words.allRooms }).click();
  await field(ada).fill('ㅁㄷ');
  await isOffered(ada, [MADANG.name]);
  await field(ada).press('Enter');
  await ada.isIn(MADANG.name);
});

test('seven are chosen, all of their names can be read, and then there is nothing but the way to them', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const names = ['민수', 'Cho', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal', 'Ivy'];
  for (const name of names) await walksIn(name, { script: false });
  await ada.page.locator('#rooms').getByRole('link', { name: ada.words.newDirect }).click();
  for (const name of names.slice(0, 7)) {
    await field(ada).fill(name);
    await isOffered(ada, [name]);
    await field(ada).press('Enter');
    const chip = ada.sheet.getByRole('link', { name: ada.words.unchoose(name) });
    await expect(chip).toBeInViewport({ ratio: 1 });
    expect(await chip.locator('bdi').evaluate((name) => name.getClientRects().length), 'in one line').toBe(1);
  }
  await field(ada).fill('Ivy');
  await isOffered(ada, [ada.words.openDirect]);
  await field(ada).press('Enter');
  await ada.isIn(names.slice(0, 7).join(', '));
});

test('without JavaScript it is a form with a button', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  const ben = await walksIn('Ben');
  await makesRooms(ada, ['회의']);
  await ada.page.locator('#rooms').getByRole('link', { name: ada.words.find }).click();
  await ada.page.getByRole('textbox').fill('ㅎㅇ');
  await ada.press(ada.words.findNow);
  await ada.page.getByRole('link', { name: '회의' }).click();
  await ada.isIn('회의');
  await ada.page.locator('#rooms').getByRole('link', { name: ada.words.find }).click();
  await ada.page.getByRole('textbox').fill('ben');
  await ada.press(ada.words.findNow);
  await ada.page.getByRole('button', { name: 'Ben' }).click();
  await ada.isIn('Ben');
  await ada.says('by form');
  await expect(ben.roomLink('Ada')).toBeVisible();
});

test('at the door there is nothing to find', async ({ visits }) => {
  const stranger = await visits({ at: MADANG.path });
  await stranger.page.keyboard.press('Control+k');
  await expect(stranger.page.getByRole('dialog')).toHaveCount(0);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`finding is fit to be seen and to be touched (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...DEVICES[device], lang, still: true });
      const other = await walksIn('Ben');
      await makesRooms(other, ['회의', '주간 회의', 'Dev & Ops', 'Abcdefghijklmnopqrstuvwxyz0123456789Abcd']);
      if (device === 'phone') await me.showsTheRooms();
      await isFitToBeSeen(me, device, 'list with the way to find');
      const link = me.page.locator('#rooms').getByRole('link', { name: me.words.find });
      if (device === 'phone') await link.tap();
      else await link.click();
      await expect(field(me)).toBeFocused();
      await isFitToBeSeen(me, device, 'finder');
      await field(me).fill('ㅎㅇ');
      await isOffered(me, ['회의', '주간 회의']);
      await isFitToBeSeen(me, device, 'finder finds');
      await field(me).fill('고양이');
      await expect(me.sheet.getByText(me.words.nothingFound)).toBeVisible();
      await isFitToBeSeen(me, device, 'finder finds nothing');
      await field(me).fill('b');
      await expect(me.sheet.getByRole('option', { name: 'Ben' })).toBeVisible();
      const option = me.sheet.getByRole('option', { name: 'Ben' });
      if (device === 'phone') await option.tap();
      else await option.click();
      await me.isIn('Ben');
      await expect(me.sheet).toBeHidden();
      if (device === 'phone') await expect(me.box, 'no keyboard comes up by itself').not.toBeFocused();
      else await expect(me.box).toBeFocused();
      await me.page.goto('/direct/new');
      await isFitToBeSeen(me, device, 'finder alone');
    });
  }
}
