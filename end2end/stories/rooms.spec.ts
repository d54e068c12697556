// Anyone makes a room, and anyone finds it.

import { expect, MADANG, test } from '../vocabulary';

test('somebody makes a room, somebody else finds it with the number of people in it', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await expect(ada.roomLink(MADANG.name)).toContainText('2 people here now');
  await minsu.makesARoom('주간 회의');
  await minsu.isIn('주간 회의');
  await expect(minsu.page).toHaveURL(`/rooms/${encodeURIComponent('주간-회의')}`);
  await expect(minsu.page.getByText(minsu.words.roomEmpty)).toBeVisible();
  await expect(minsu.roomLink('주간 회의')).toHaveAttribute('aria-current', 'page');

  await minsu.seesNotices([minsu.words.arrived('민수', 1)]);
  await expect(ada.roomLink('주간 회의')).toContainText('1 person here now');
  await ada.roomLink('주간 회의').click();
  await ada.isIn('주간 회의');
  await expect(ada.roomLink('주간 회의')).toContainText('2 people here now');
  await ada.says('early for once');
  await minsu.sees('early for once');
  await minsu.seesNotices([minsu.words.arrived('민수', 1), minsu.words.arrived('Ada', 2)]);

  const cho = await walksIn('Cho', { at: '/' });
  await expect(cho.page.getByRole('main').getByRole('link', { name: '주간 회의' })).toContainText('2 people here now');
});

test('rooms stand in the order of their names, those that are made meanwhile too, whoever is in them', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  for (const room of ['회의', 'dev', 'Café']) {
    await ben.makesARoom(room);
    await ben.isIn(room);
  }
  const names = ada.page.locator('#rooms').getByRole('link').locator('.room-link-name');
  const inOrder = ['Café', 'dev', MADANG.name, '회의'];
  await expect(names).toHaveText(inOrder);
  await ada.roomLink('회의').click();
  await ada.isIn('회의');
  const about = await ben.opensAbout();
  await about.getByRole('textbox', { name: ben.words.roomName, exact: true }).fill('Echo');
  await about.getByRole('textbox', { name: ben.words.roomName, exact: true }).press('Enter');
  await expect(names).toHaveText(['dev', 'Echo', MADANG.name, '회의']);
  await ada.reloads();
  await expect(names).toHaveText(['dev', 'Echo', MADANG.name, '회의']);
});

test('rooms keep their talks apart', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('in the yard');
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  await ada.writes('half a sentence');
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await expect(ada.box, 'what is being written belongs to its room').toHaveValue('');
  await ada.seesExactly(['in the yard']);
  await ada.page.goBack();
  await ada.isIn('Kitchen');
  await expect(ada.box).toHaveValue('half a sentence');
  await ada.box.press('Enter');
  await ada.seesExactly(['half a sentence']);
  await ben.seesExactly(['in the yard']);
});

test('whoever goes to a room writes there at once: by its link, from a sheet and by going back', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await walksIn('Ben');
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  // However long the browser takes to paint.
  await ada.page.evaluate(() => (window.requestAnimationFrame = () => 0));
  const typesIn = async (room: string, text: string) => {
    await expect(ada.page.locator('#room-name')).toHaveText(room);
    await ada.page.keyboard.type(text);
  };
  await ada.roomLink(MADANG.name).click();
  await typesIn(MADANG.name, 'by its link');
  await expect(ada.box).toHaveValue('by its link');
  await ada.page.locator('#people').getByRole('link', { name: 'Ben' }).click();
  await ada.sheet.getByRole('button', { name: ada.words.openDirect }).click();
  await typesIn('Ben', 'from a sheet');
  await expect(ada.box).toHaveValue('from a sheet');
  await ada.page.goBack();
  await typesIn(MADANG.name, ', and back');
  await expect(ada.box).toHaveValue('by its link, and back');
});

test('a room that is not there is offered to be made', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 404/);
  await ada.goesTo(`/rooms/${encodeURIComponent('독서-모임')}`);
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText("There's no room called “독서-모임” yet");
  await ada.press('Create “독서-모임”');
  await ada.isIn('독서-모임');
  await ada.says('first!');
  await ada.sees('first!');
  await expect(ada.page).toHaveURL(`/rooms/${encodeURIComponent('독서-모임')}`);
});

test('what is asked for while the page connects is done once it has', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { road: true })).forgives(/status of 404/);
  ada.road!.holds();
  await ada.goesTo('/rooms/attic');
  await ada.connectionIs('connecting');
  await ada.press('Create “attic”');
  await expect(ada.page.locator('.lonely [role=alert]')).toHaveText('');
  ada.road!.releases();
  await ada.isIn('attic');
});

test('a room that is not there is offered to be made, also at the door and without JavaScript', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { at: '/rooms/attic', script: false })).forgives(/status of 404/);
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText("There's no room called “attic” yet");
  await ada.press('Create “attic”');
  await ada.isIn('attic');
});

for (const lang of ['en', 'ko'] as const) {
  test(`a room name that can't be is refused with the reason (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of (409|422)/);
    const { refused } = ada.words;
    await ada.opensTheNewRoomForm();
    for (const [typed, sentence] of [
      ['!?', refused.roomNameEmpty],
      ['new', refused.roomNameReserved],
      ['마당', refused.roomNameTaken],
      ['가'.repeat(41), refused.roomNameTooLong],
      ['마 당', refused.roomNameTaken],
      ['ki\u200bchen', refused.roomNameHidden],
    ]) {
      await ada.newRoomField.fill(typed);
      await ada.press(ada.words.create);
      await ada.isTold(sentence);
      await expect(ada.newRoomField).toHaveValue(typed);
    }
    await ada.newRoomField.fill('Kitchen');
    await ada.press(ada.words.create);
    await ada.isIn('Kitchen');
    await ada.opensTheNewRoomForm();
    await expect(ada.newRoomField, 'the field is free for the next').toHaveValue('');
  });
}

test('an address that means nothing says so, to people and to programs', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 404/);
  await ada.goesTo('/nowhere');
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText(ada.words.missing);
  await ada.page.getByRole('main').getByRole('link').click();
  await expect(ada.page).toHaveURL('/');
  const problem = await ada.context.request.get('/nowhere', { headers: { accept: 'application/json' } });
  expect(problem.status()).toBe(404);
  expect(problem.headers()['content-type']).toBe('application/problem+json');
  expect(await problem.json()).toMatchObject({ status: 404, instance: '/nowhere' });
});

test('whoever goes to a room with a finger is shown the room, and no keyboard', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { viewport: { width: 390, height: 844 }, touch: true });
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await ada.showsTheRooms();
  await ada.roomLink(MADANG.name).tap();
  await ada.isIn(MADANG.name);
  await expect(ada.box).not.toBeFocused();
});

test('on a phone the rooms and the people lie over the page and go away', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { viewport: { width: 390, height: 844 }, touch: true });
  await expect(ada.roomLink(MADANG.name)).toBeHidden();
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  await expect(ada.newRoomField, 'the sheet has closed').toBeHidden();
  await ada.showsTheRooms();
  await ada.roomLink(MADANG.name).tap();
  await ada.isIn(MADANG.name);
  await expect(ada.roomLink(MADANG.name)).toBeHidden();

  await ada.page.locator('.people-button').tap();
  await expect(ada.page.locator('#people .person')).toHaveText([/Ada/]);
  await expect(ada.page.locator('#people')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.locator('#people')).toBeHidden();
});
