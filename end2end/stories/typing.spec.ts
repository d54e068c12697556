// Who is typing is seen by the others, while it is true, and moves nothing.

import { belowTheEnd, placeOf } from '../scrolling';
import { box, opensTheThread, panel, replies } from '../threads';
import { expect, type Person, test, TO_COME_BACK } from '../vocabulary';

/** This is said in the open thread of who is typing there; empty when nobody is. */
const seesTypingInThread = (person: Person, sentence: string) => expect(panel(person).locator('.typing-line')).toHaveText(sentence);

test('somebody who types is named under the timeline in each reader’s language, until the message is there', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('hello');
  await ben.sees('hello');
  // The word of his own coming takes a line, too.
  await expect(ben.page.locator('.notice[data-notice]').last()).toContainText('Ben');
  const before = await placeOf(ben, 'hello');

  await minsu.box.pressSequentially('안녕');
  await ada.seesTyping('민수 is typing');
  await ada.box.pressSequentially('hi');
  await minsu.seesTyping('Ada 님이 입력 중');
  await ben.seesTyping('민수 and Ada are typing');
  expect(await placeOf(ben, 'hello'), 'nothing has moved').toBe(before);
  expect(await belowTheEnd(ben)).toBe(0);
  await minsu.seesTyping('Ada 님이 입력 중');

  await ada.box.press('Enter');
  await ben.sees('hi');
  await ben.seesTyping('민수 is typing');
  await minsu.seesTyping('');
  await minsu.box.press('Enter');
  await ben.sees('안녕');
  await ben.seesTyping('');
});

test('three who type are one name and a number, and it is read out when the first begins', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  const others = [await walksIn('Ben'), await walksIn('Cho')];
  await ada.box.pressSequentially('hm');
  await minsu.seesTyping('Ada 님이 입력 중');
  for (const typist of others) await typist.box.pressSequentially('hm');
  await minsu.seesTyping('Ada 님 외 2명이 입력 중');
  await expect(minsu.page.getByRole('status').filter({ hasText: '입력 중' })).toHaveText('Ada 님이 입력 중');
});

test('one who stops is not typing any more after a while, and one who leaves at once', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const cho = await walksIn('Cho');
  await ben.box.pressSequentially('wait');
  await cho.box.pressSequentially('I go');
  await ada.seesTyping('Ben and Cho are typing');
  await cho.press(cho.words.leave);
  await ada.seesTyping('Ben is typing');
  await ada.seesTyping('');
});

test('one who empties the box is not typing any more, says so once, and may begin again at once', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben', { lang: 'ko' });
  const said = () => ben.asked.flatMap((frame) => ('typing' in frame ? [frame.typing] : []));
  await ben.box.pressSequentially('음');
  await ada.seesTyping('Ben is typing');
  await ben.box.press('Backspace');
  await expect.poll(said).toEqual([{ room: 'madang' }, { room: 'madang', done: true }]);
  await ada.seesTyping('');
  await ben.box.fill('아니');
  await ada.seesTyping('Ben is typing');
  await ben.box.fill('/me waves');
  await ada.seesTyping('');
  expect(said()).toHaveLength(4);

  // What is sent later is not typed any more, either.
  await ben.box.fill('내일 봐요');
  await ada.seesTyping('Ben is typing');
  await ben.press(ben.words.sendLater);
  await ben.sheet.getByRole('button', { name: ben.words.tomorrow }).click();
  await expect.poll(said).toHaveLength(6);
  await ada.seesTyping('');
});

test('an own tab, a command and an empty box say nothing, and keys say it now and then', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const other = await ada.opensAnotherTab();
  await other.isLive();
  const typing = () => ada.sent.filter((frame) => frame === 'typing').length;
  await ada.box.pressSequentially('/shrug');
  await ada.box.fill('');
  await ada.box.fill('   ');
  expect(typing()).toBe(0);
  await ada.box.fill('');
  await ada.box.pressSequentially('many keys, one after the other');
  await expect.poll(typing).toBe(1);
  await ada.box.press('Enter');
  await other.sees('many keys, one after the other');
  await other.seesTyping('');
  await ada.box.pressSequentially('and');
  await expect.poll(typing, 'after a message it is news').toBe(2);
});

test('who types in a thread is named in that thread where it is open, and nowhere else, also after a cut', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = await walksIn('Ben');
  await minsu.says('점심');
  await minsu.says('저녁');
  for (const person of [minsu, ada]) await opensTheThread(person, '점심');
  await opensTheThread(ben, '저녁');
  await box(minsu).pressSequentially('안녕');
  await seesTypingInThread(ada, '민수 is typing');
  await box(ada).pressSequentially('hi');
  await seesTypingInThread(minsu, 'Ada 님이 입력 중');
  for (const person of [minsu, ada, ben]) await person.seesTyping('');
  await seesTypingInThread(ben, '');
  await box(minsu).press('Enter');
  await seesTypingInThread(ada, '');

  await ada.context.setOffline(true);
  await ada.connectionIs('offline');
  await ada.context.setOffline(false);
  await ada.isLive(TO_COME_BACK);
  await box(minsu).pressSequentially('다시');
  await seesTypingInThread(ada, '민수 is typing');
  await replies(ben, 'ramen');
  await ben.page.keyboard.press('Escape');
  await ben.box.pressSequentially('to all');
  await ada.seesTyping('Ben is typing');
  await seesTypingInThread(ada, '민수 is typing');
});
