// Who comes and goes is said to the room with the number of people now there; a person counts once.

import { AFTER_THE_GRACE, expect, MADANG, test } from '../vocabulary';

test('people who come and go are announced with their number, in each reader’s language', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.seesNotices(['Ada joined · 1 person here now']);
  const minsu = await walksIn('민수', { lang: 'ko' });
  await minsu.seesNotices(['새로운 유저 접속 [현재: 2명] · 민수']);
  await ada.seesNotices(['Ada joined · 1 person here now', '민수 joined · 2 people here now']);
  await ada.counts(2);
  await minsu.counts(2);
  await expect(ada.page.locator('#people .person')).toHaveText([/Ada/, /민수/]);

  const ben = await walksIn('Ben');
  await minsu.counts(3);
  await ben.press(ben.words.leave);
  await minsu.seesNotices([
    '새로운 유저 접속 [현재: 2명] · 민수',
    '새로운 유저 접속 [현재: 3명] · Ben',
    '유저 연결 해제 [현재: 2명] · Ben',
  ]);
  await expect(ada.page.locator('.notice[data-notice=left]')).toHaveText(['Ben left · 2 people here now']);
  await minsu.counts(2);
});

test('one who leaves by the button is told so and can walk back in', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.counts(2);
  await ada.says('stay!');
  await ben.press(ben.words.leave);
  await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText(ben.words.youLeft(MADANG.name));
  await expect(ada.page.locator('.notice[data-notice=left]')).toHaveText([ada.words.left('Ben', 1)]);
  await ada.counts(1);
  await expect(ada.roomLink(MADANG.name)).toContainText('1 person here now');

  await ben.follows(ben.words.walkBackIn);
  await ben.isIn(MADANG.name);
  await ben.seesExactly(['stay!']);
  await ada.counts(2);
  await expect(ada.page.locator('.notice').last()).toHaveText(ada.words.arrived('Ben', 2));
});

test('/exit leaves, with all tabs, and is not said aloud', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  const otherTab = await minsu.opensAnotherTab();
  await otherTab.isIn(MADANG.name);
  await ada.counts(2);
  await minsu.says('/exit');
  for (const tab of [minsu, otherTab]) {
    await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText('‘마당’ 방에서 나왔어요.');
  }
  await expect(ada.page.locator('.notice[data-notice=left]')).toHaveText([ada.words.left('민수', 1)]);
  await ada.seesExactly([]);
  await minsu.follows(minsu.words.walkBackIn);
  await minsu.isIn(MADANG.name);
  await minsu.seesExactly([]);
});

test('several tabs of one person count once, and say the same', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  // Who comes within 400 ms of somebody else is announced with them.
  await ada.seesNotices([ada.words.arrived('Ada', 1)]);
  const ben = await walksIn('Ben');
  await ada.seesNotices([ada.words.arrived('Ada', 1), ada.words.arrived('Ben', 2)]);
  const other = await ben.opensAnotherTab();
  await other.isIn(MADANG.name);
  await other.says('from my other tab');
  await ben.sees('from my other tab');
  await expect(ben.message('from my other tab')).toHaveClass(/\bmine\b/);
  await expect(ben.page.locator('#people .person')).toHaveCount(2);
  await ben.closesTheTab();
  await other.says('still here');
  await ada.sees('still here');

  // Somebody else's coming tells how many the server counts, and that nothing else was announced before it.
  const cho = await walksIn('Cho');
  const sentences = [ada.words.arrived('Ada', 1), ada.words.arrived('Ben', 2), ada.words.arrived('Cho', 3)];
  await ada.seesNotices(sentences);
  await cho.counts(3);
});

test('closing the last tab is leaving, after a while; closing one of two and reloading are not', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const dan = await walksIn('Dan');
  const other = await ben.opensAnotherTab();
  await other.isIn(MADANG.name);
  await ada.counts(3);
  await ben.closesTheTab();
  await ada.reloads();
  await other.reloads();
  await ada.isIn(MADANG.name);
  await dan.closesTheTab();
  // Ada's page is new: what she sees from here on is all that was said since.
  await ada.seesNotices([ada.words.left('Dan', 2)], AFTER_THE_GRACE);
  await ada.counts(2);
  await expect(ada.page.locator('#people .person')).toHaveText([/Ada/, /Ben/]);
});

test('people who come at about the same time are each named once', async ({ walksIn, visits }) => {
  const ada = await walksIn('Ada');
  const [ben, cho] = await Promise.all([visits({ at: MADANG.path }), visits({ at: MADANG.path, lang: 'ko' })]);
  await Promise.all([ben.givesTheName('Ben'), cho.givesTheName('Cho')]);
  await Promise.all([ben.isIn(MADANG.name), cho.isIn(MADANG.name)]);
  await ada.counts(3);
  const arrivals = ada.page.locator('.notice[data-notice=arrived]');
  await expect(arrivals.last()).toContainText('3 people here now');
  // In one line if they came within 400 ms of each other (server/tests holds the clock for that), else in two.
  const said = (await arrivals.allTextContents()).slice(1).join(' ');
  expect(said.match(/Ben/g)).toHaveLength(1);
  expect(said.match(/Cho/g)).toHaveLength(1);
});
