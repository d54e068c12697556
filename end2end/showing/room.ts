// The pictures of a room that README shows (docs/room.png, docs/room.ko.png): rooms of every kind at the side, reactions, a quote,
// a picture, a thread beside the room, and a message on its way. Told by four people, each at a browser of their own.

import type { Locator } from '@playwright/test';
import path from 'node:path';
import { mountains } from '../pictures';
import { expect, type Person, test, whereItIs } from '../vocabulary';

const DOCS = path.join(__dirname, '../../docs');

interface Talk {
  file: string;
  me: [name: string, lang: 'en' | 'ko'];
  others: [string, string, string];
  rooms: string[];
  starred: string;
  secret: string;
  topic: string;
  /** Who says what: 0 is me. */
  said: [who: number, text: string][];
  question: string;
  answered: [text: string, by: number];
  photo: string;
  caption: string;
  replies: [who: number, text: string][];
  reactions: [emoji: string, who: number[]][];
  writing: string;
}

const ENGLISH: Talk = {
  file: 'room.png',
  me: ['Ada', 'en'],
  others: ['민수', 'Ben', 'Grace'],
  rooms: ['release', '회의', 'kitchen'],
  starred: 'release',
  secret: 'budget',
  topic: 'Monday: the new version, 새 버전',
  said: [
    [0, 'Good morning! The release is **today**.'],
    [1, '네, 준비됐어요. 변경 기록은 제가 ~~쓰는 중~~ 다 썼어요.'],
    [2, '@Ada all tests are green:\n```sh\nbin/test   # proves that all of it works\n```'],
  ],
  question: 'Where do we celebrate?',
  answered: ['On the mountain, of course ⛰️', 1],
  photo: '북한산.png',
  caption: 'Last time',
  replies: [
    [2, 'The place at the gate has a long table.'],
    [1, '열두 명이면 예약해야 해요.'],
    [0, "I'll call them. **19:00**?"],
    [2, '👍'],
  ],
  reactions: [
    ['🎉', [0, 1, 2]],
    ['❤️', [1]],
  ],
  writing: 'And one more thing',
};

const KOREAN: Talk = {
  ...ENGLISH,
  file: 'room.ko.png',
  me: ['민수', 'ko'],
  others: ['Ada', '지우', 'Ben'],
  rooms: ['배포', '회의', '점심'],
  starred: '배포',
  secret: '예산',
  topic: '월요일: 새 버전을 내는 날',
  said: [
    [0, '좋은 아침이에요! 오늘 **배포**해요.'],
    [1, 'Ready. The changelog is ~~nearly~~ done.'],
    [2, '@민수님 테스트는 모두 통과했어요:\n```sh\nbin/test   # 모두 잘 돌아가는지 확인\n```'],
  ],
  question: '끝나고 어디서 모일까요?',
  answered: ['On the mountain, of course ⛰️', 1],
  caption: '지난번 사진',
  replies: [
    [2, '입구 식당에 긴 자리가 있어요.'],
    [1, 'For twelve we need to book.'],
    [0, '제가 전화할게요. **저녁 7시** 어때요?'],
    [2, '👍'],
  ],
  writing: '그리고 하나 더',
};

async function chooses(person: Person, text: string, action: string): Promise<void> {
  const row = person.rows.filter({ hasText: text }).first();
  // Only a pointer that moves is offered anything.
  await person.page.mouse.move(0, 0);
  await row.hover();
  await row.getByRole('toolbar').getByLabel(action, { exact: true }).click();
}

async function reacts(person: Person, text: string, emoji: string): Promise<void> {
  const there = person.rows.filter({ hasText: text }).locator('.reaction').filter({ hasText: emoji });
  if (await there.count()) return there.click();
  await chooses(person, text, person.words.react);
  await person.page.locator('#emoji-picker .emoji-grid').getByRole('button', { name: emoji, exact: true }).first().click();
  await expect(there).toHaveCount(1);
}

async function goesTo(person: Person, room: string): Promise<void> {
  await person.roomLink(room).click();
  await person.isIn(room);
}

async function isAnswered(sheet: Locator): Promise<void> {
  await expect(sheet.page().locator('dialog.sheet[aria-busy=true]')).toHaveCount(0);
}

for (const talk of [ENGLISH, KOREAN]) {
  test(`docs/${talk.file}`, async ({ walksIn }) => {
    const [name, lang] = talk.me;
    const [first, second, third] = talk.others;
    const me = await walksIn(name, { lang, still: true, scheme: 'light', timezone: whereItIs(10) });
    const people = [me, await walksIn(first), await walksIn(second)];
    const guest = await walksIn(third);

    for (const room of talk.rooms) {
      await me.makesARoom(room);
      await me.isIn(room);
    }
    await me.makesARoom(talk.secret, me.words.private);
    await me.isIn(talk.secret);
    for (const person of people) await goesTo(person, talk.rooms[1]).then(() => goesTo(person, talk.rooms[0]));

    const about = await me.opensAbout();
    await about.getByRole('button', { name: me.words.star, exact: true }).click();
    await isAnswered(about);
    const topic = about.getByRole('textbox', { name: me.words.topic, exact: true });
    await topic.fill(talk.topic);
    await topic.press('Enter');
    await isAnswered(about);
    await me.page.keyboard.press('Escape');
    await expect(me.sheet).toBeHidden();

    for (const [who, text] of talk.said) {
      await people[who].says(text);
      await expect(people[who].rows.last()).toHaveAttribute('data-state', 'sent');
    }
    const last = talk.said.at(-1)![1].split('\n')[0];
    await expect(me.rows.last()).toContainText(last);
    for (const [emoji, who] of talk.reactions) for (const one of who) await reacts(people[one], last, emoji);
    await people[2].says(talk.question);
    const [answer, by] = talk.answered;
    await expect(people[by].rows.last()).toContainText(talk.question);
    await chooses(people[by], talk.question, people[by].words.reply);
    await people[by].page.locator('#files').setInputFiles([mountains(talk.photo, 1200, 520)]);
    await people[by].says(answer);
    await me.sees(answer);

    await goesTo(guest, talk.rooms[1]);
    await guest.says(`@${name} ?`);
    await guest.page.locator('#people').getByRole('link', { name }).click();
    await guest.sheet.getByRole('button', { name: guest.words.openDirect }).click();
    await guest.isIn(name);
    await guest.says('coffee?');

    await chooses(people[2], talk.question, people[2].words.thread);
    for (const [who, text] of talk.replies) {
      if (!(await people[who].sheet.isVisible())) await chooses(people[who], talk.question, people[who].words.thread);
      const box = people[who].sheet.getByRole('textbox', { name: people[who].words.replyInThread });
      await box.fill(text);
      await box.press('Enter');
      await expect(box).toHaveValue('');
    }
    await expect(me.sheet.locator('.message-text')).toHaveCount(1 + talk.replies.length);
    await me.writes(talk.writing);
    await people[1].page.keyboard.press('Escape');
    await people[1].box.pressSequentially('...');
    await expect(me.page.locator('.room > .typing-line')).toContainText(people[1].how.lang === 'ko' ? '' : talk.others[0]);
    for (const room of [talk.rooms[1], third]) await expect(me.roomLink(room)).toHaveClass(/\bunread\b/);
    await me.page.mouse.move(0, 0);
    await me.page.screenshot({ path: path.join(DOCS, talk.file), animations: 'disabled' });
  });
}
