// One Enter sends, exactly once, whatever the input method does.

import { CANDIDATES, HANGUL, Keys } from '../input_methods';
import { expect, MADANG, type Person, test } from '../vocabulary';

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`Enter over Hangul sends once · ${platform}`, async ({ walksIn }) => {
    const minsu = await walksIn('민수', { lang: 'ko' });
    const ada = await walksIn('Ada');
    const keys = await Keys.of(minsu.page);
    await minsu.box.focus();
    for (const word of ['안녕', '네', '네']) {
      await enter(keys, await keys.types(word));
      await expect(minsu.box).toHaveValue('');
    }
    await minsu.box.press('x');
    await minsu.box.press('Enter');
    await ada.seesExactly(['안녕', '네', '네', 'x']);
    await minsu.seesExactly(['안녕', '네', '네', 'x']);
    expect(posts(minsu)).toBe(4);
  });

  test(`Shift+Enter over Hangul breaks the line once · ${platform}`, async ({ walksIn }) => {
    const minsu = await walksIn('민수', { lang: 'ko' });
    const keys = await Keys.of(minsu.page);
    await minsu.box.focus();
    await enter(keys, await keys.types('첫줄'), true);
    await expect(minsu.box).toHaveValue('첫줄\n');
    await enter(keys, await keys.types('둘째'));
    await expect(minsu.box).toHaveValue('');
    await expect(minsu.texts).toHaveCount(1);
    expect(await minsu.texts.first().evaluate((text) => (text as HTMLElement).innerText)).toBe('첫줄\n둘째');
    expect(posts(minsu)).toBe(1);
  });
}

for (const [platform, enter] of Object.entries(CANDIDATES)) {
  test(`Enter over kana, Han, Bopomofo and pinyin only confirms · ${platform}`, async ({ walksIn }) => {
    const yuki = await walksIn('Yuki');
    const ada = await walksIn('Ada');
    const keys = await Keys.of(yuki.page);
    const said: string[] = [];
    for (const steps of [['に', 'にほ', 'にほん'], ['nihon', '日本'], ['ㄅ', 'ㄅㄛ', 'ㄅㄛˇ'], ['n', 'ni', 'nihao'], ['한', '韓']]) {
      const candidate = steps[steps.length - 1];
      await yuki.box.focus();
      await keys.composes(...steps);
      await enter(keys, candidate);
      await expect(yuki.box).toHaveValue(candidate);
      expect(posts(yuki), `${candidate} is confirmed and not sent`).toBe(said.length);
      await keys.plainEnter();
      await keys.releasesEnter();
      said.push(candidate);
      await ada.seesExactly(said);
      await expect(yuki.box).toHaveValue('');
    }
  });
}

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`a Korean name at the door walks in once · ${platform}`, async ({ visits }) => {
    const minsu = await visits({ at: MADANG.path, lang: 'ko' });
    const forms = countsForms(minsu, '/enter');
    const keys = await Keys.of(minsu.page);
    await minsu.nameField.focus();
    await enter(keys, await keys.types('민수'));
    await minsu.isIn(MADANG.name);
    await minsu.seesNotices([minsu.words.arrived('민수', 1)]);
    expect(forms()).toBe(1);
    await expect(minsu.box, 'the rest of the key press writes nothing').toHaveValue('');
    expect(posts(minsu)).toBe(0);
  });

  test(`a Korean room name makes one room · ${platform}`, async ({ walksIn }) => {
    const minsu = await walksIn('민수', { lang: 'ko' });
    const ada = await walksIn('Ada');
    const keys = await Keys.of(minsu.page);
    const forms = countsForms(minsu, '/rooms/new');
    await minsu.opensTheNewRoomForm();
    await minsu.newRoomField.focus();
    await enter(keys, await keys.types('회의'));
    await minsu.isIn('회의');
    expect(forms()).toBe(1);
    await expect(minsu.page.getByText(minsu.words.refused.roomNameTaken)).toBeHidden();
    await expect(ada.roomLink('회의')).toHaveCount(1);
    await expect(ada.page.locator('#rooms .room-link')).toHaveCount(2);
  });
}

test('kana in the name field and in the new room are confirmed by Enter and not sent', async ({ visits }) => {
  const yuki = await visits({ at: MADANG.path });
  const forms = countsForms(yuki, '/enter');
  const enter = CANDIDATES['Enter twice, the second plain'];
  const keys = await Keys.of(yuki.page);
  await yuki.nameField.focus();
  await keys.composes('ゆ', 'ゆき');
  await enter(keys, 'ゆき');
  await expect(yuki.nameField).toHaveValue('ゆき');
  expect(forms()).toBe(0);
  await keys.plainEnter();
  await keys.releasesEnter();
  await yuki.isIn(MADANG.name);
  expect(forms()).toBe(1);

  const rooms = countsForms(yuki, '/rooms/new');
  await yuki.opensTheNewRoomForm();
  await yuki.newRoomField.focus();
  await keys.composes('か', 'かい', 'かいぎ');
  await enter(keys, 'かいぎ');
  await expect(yuki.newRoomField).toHaveValue('かいぎ');
  expect(rooms()).toBe(0);
  await keys.plainEnter();
  await keys.releasesEnter();
  await yuki.isIn('かいぎ');
});

test('a new Korean name is saved once by Enter', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const settings = await minsu.opensTheSettings();
  const keys = await Keys.of(minsu.page);
  await settings.getByRole('textbox').fill('');
  await HANGUL['macOS, Chrome: Enter twice, the second plain'](keys, await keys.types('지훈'));
  await minsu.isTold('이제 이름이 ‘지훈’이에요.');
  expect(minsu.sent.filter((frame) => frame === 'rename')).toHaveLength(1);
});

test('a name that was typed decomposed is the same name', async ({ walksIn, visits }) => {
  await walksIn('민수', { lang: 'ko' });
  const other = (await visits({ lang: 'ko' })).forgives(/status of 409/);
  await other.givesTheName('민수'.normalize('NFD'));
  await other.isTold(other.words.refused.nameTaken);
});

test('words that were typed decomposed are stored composed', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await minsu.says('한글'.normalize('NFD'));
  await expect(ada.texts).toHaveCount(1);
  expect(await ada.texts.first().evaluate((text) => text.textContent)).toBe('한글'.normalize('NFC'));
});

/** How many messages this tab has sent. */
function posts(person: Person): number {
  return person.sent.filter((frame) => frame === 'post').length;
}

/** Counts the forms that this tab sends to an address. */
function countsForms(person: Person, path: string): () => number {
  let count = 0;
  person.page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === path) count += 1;
  });
  return () => count;
}
