// Every place of Madang, one after the other, as somebody comes to it: pages, menus, dialogs, sheets, and a room in which a
// message of every kind was said. Who walks through them looks at each.

import type { Locator } from '@playwright/test';
import { bytes, film, picture, sound } from './pictures';
import { box, line, opensTheThread, replies } from './threads';
import { UNRULY_WORDS } from './unruly_words';
import { expect, type House, MADANG, type Person, TO_COME_BACK } from './vocabulary';

/** Looks at where somebody is now. */
export type Look = (person: Person, place: string) => Promise<void>;

const LONG_NAME = '아주 긴 이름의 회의록 with a very long name indeed, that does not fit.pdf';
const EVERYTHING = `회의에서 정한 것 **today**, see https://example.org/notes/2026-11-14 and @here:
- changelog
- 화면 사진

| 누가 | what | 언제 |
|---|---|--:|
| Ada | notes from the meeting | 9:30 |

> quoted
||a secret||
\`\`\`rust
fn main() { println!("hello, a line that is longer than a phone is wide"); }
\`\`\``;

const ROOT = 'Where do we celebrate?';
const MINE = 'On the mountain, of course';

/** The pages that anybody sees. */
export async function pagesOfAStranger(stranger: Person, look: Look): Promise<void> {
  stranger.forgives(/status of 404/);
  await look(stranger, 'walk in');
  await stranger.givesTheName('A\u200bda');
  await stranger.isTold(stranger.words.refused.nameHidden);
  await look(stranger, 'walk in refused');
  await stranger.press(stranger.words.settings);
  await look(stranger, 'settings of a stranger');
  await stranger.goesTo('/hello/%EB%AF%BC%EC%88%98');
  await look(stranger, 'hello');
  await stranger.goesTo('/nowhere');
  await look(stranger, 'missing');
  await stranger.goesTo('/lab');
  await look(stranger, 'lab');
}

/** The pages and menus of somebody who has walked in. */
export async function pagesOfAMember(me: Person, look: Look): Promise<void> {
  me.forgives(/status of (400|404)/).forgivesRefusedConnections();
  await me.goesTo('/');
  await me.isLive();
  await look(me, 'home');
  await me.goesTo(`/rooms/${encodeURIComponent('독서-모임')}`);
  await look(me, 'unknown room');
  await me.goesTo(MADANG.path);
  await me.isIn(MADANG.name);
  await look(me, 'empty room');
  const settings = await me.opensTheSettings();
  await look(me, 'settings');
  await settings.getByRole('button', { name: me.words.untilISay }).click();
  await expect(settings.getByRole('button', { name: me.words.endQuiet })).toBeVisible();
  await look(me, 'settings while quiet');
  await closes(me);
  await me.connection.click();
  await look(me, 'connection menu');
  await closes(me);
  await me.context.setOffline(true);
  await me.connectionIs('offline');
  await me.connection.click();
  await look(me, 'connection menu offline');
  await closes(me);
  await me.context.setOffline(false);
  await me.isLive({ timeout: 30_000 });
  if (me.how.touch) {
    await me.showsTheRooms();
    await look(me, 'rooms');
    await closes(me);
    await me.page.locator('.people-button').click();
    await look(me, 'people');
    await closes(me);
  }
  await me.press(me.words.leave);
  await me.isTold(me.words.youLeft(MADANG.name));
  await look(me, 'left');
  await me.page.goto('/people/999999');
  await expect(me.page.locator('.lonely')).toBeVisible();
  await look(me, 'error');
}

/** A room in which everything was said: its rows, and what opens from them. */
export async function talk(me: Person, ben: Person, look: Look): Promise<void> {
  await ben.says(EVERYTHING);
  await ben.page.locator('#files').setInputFiles([picture('courtyard.png', 1_600, 1_000), picture('tall.png', 300, 900, [60, 160, 90])]);
  await areThere(ben, 2);
  await ben.says('어제 찍은 사진이에요.');
  await ben.page.locator('#files').setInputFiles([bytes(LONG_NAME, 2_345_678), sound('recording.wav'), film('gate.webm')]);
  await areThere(ben, 3);
  await ben.says('');
  await ben.says('helo');
  await ben.sees('helo');
  await chooses(ben, 'helo', ben.words.edit);
  await ben.page.locator('#revision').fill('hello');
  await ben.page.locator('#revision').press('Enter');
  await ben.says('oh no');
  await ben.sees('oh no');
  await chooses(ben, 'oh no', ben.words.delete);
  await ben.page.getByRole('dialog').getByRole('button', { name: ben.words.delete }).click();
  await ben.sees(ben.words.deleted);
  await me.says(ROOT);
  await ben.sees(ROOT);
  for (const emoji of ['👍', '🎉']) await reacts(ben, ROOT, emoji);
  await opensTheThread(ben, ROOT);
  for (const text of ['The place at the gate?', '열두 명이면 예약해야 해요.']) await replies(ben, text);
  await closes(ben);
  await chooses(ben, ROOT, ben.words.pin);
  await expect(me.page.locator('.message-pinned')).toBeVisible();
  await chooses(ben, ROOT, ben.words.reply);
  await ben.says(MINE);
  await me.sees(MINE);
  await expect(line(me, ROOT)).toBeVisible();
  await chooses(ben, MINE, ben.words.forward);
  await ben.sheet.getByRole('combobox').fill('마당');
  await ben.sheet.getByRole('option', { name: MADANG.name }).click();
  await expect(ben.message(MINE)).toHaveCount(2);
  await expect(me.message(MINE)).toHaveCount(2);
  await look(me, 'talk');
  await me.message(ROOT).locator('.message-text').scrollIntoViewIfNeeded();

  await rests(me, ROOT);
  await look(me, 'actions');
  await presses(me, ROOT, me.words.react);
  await expect(me.page.locator('.emoji-grid button').first()).toBeVisible();
  await look(me, 'emoji');
  await me.page.locator('#emoji-search').fill(me.lang === 'ko' ? '하트' : 'heart');
  await expect(me.page.locator('.emoji-grid h3')).toHaveCount(0);
  await look(me, 'emoji found');
  // Escape empties a field for searching first.
  await me.page.locator('#emoji-search').fill('');
  await closes(me);
  await chooses(me, ROOT, me.words.edit);
  await look(me, 'edit');
  await closes(me);
  await rests(me, ROOT);
  await presses(me, ROOT, me.words.more);
  await look(me, 'menu of a message');
  await me.page.getByRole('menuitem', { name: me.words.delete, exact: true }).click();
  await look(me, 'question before deleting');
  await closes(me);
  await chooses(me, 'hello', me.words.reply);
  await me.writes(me.lang === 'ko' ? '**좋아요** 저도 갈게요' : '**Fine** with me');
  if (!(await me.button(me.words.preview).isVisible())) await me.press(me.words.formatting);
  await me.press(me.words.preview);
  await expect(me.page.locator('.composer-preview')).toBeVisible();
  await look(me, 'message box with all');
  await me.press(me.words.dropReply);
  for (const [typed, shows] of [['@b', 'Ben'], ['/t', '/topic'], [':hea', ':']] as const) {
    await me.writes('');
    await me.box.pressSequentially(typed);
    await expect(me.page.locator('.choices').getByRole('option', { name: shows }).first()).toBeVisible();
    await look(me, `completion of ${typed}`);
  }
  await me.writes('');
  await me.page.route('**/uploads/*', (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()));
  await me.page.locator('#files').setInputFiles([bytes(LONG_NAME, 2_345_678), bytes('b.bin', 10)]);
  await expect(me.page.locator('.tray-item')).toHaveCount(2);
  await look(me, 'files on their way');
  for (const name of [LONG_NAME, 'b.bin']) await me.press(me.words.remove(name));
  await me.page.unroute('**/uploads/*');
  me.road!.refusesMessages('unavailable');
  await me.says('not through');
  await me.seesFailed('not through');
  await look(me, 'failed message');
  me.road!.refusesMessages(undefined);
  await me.press(me.words.discard);
}

/** The sheets that open from what was said; after [`talk`]. */
export async function sheetsOfTheTalk(me: Person, look: Look): Promise<void> {
  const opens = async (link: Locator, name: string | RegExp) => {
    await link.click();
    await isShown(me, name);
  };
  await opens(line(me, ROOT), me.words.thread);
  await expect(box(me)).toBeVisible();
  await replies(me, 'I call them');
  await look(me, 'thread');
  await me.page.locator('.thread-reply').last().getByLabel(me.words.more).click();
  await look(me, 'thread reply opened');
  // The first puts away what may be done to the reply.
  await me.page.keyboard.press('Escape');
  await closes(me);
  await opens(me.message('hello').getByRole('link', { name: me.words.edited }), /./);
  await look(me, 'versions');
  await closes(me);
  await opens(me.page.locator('.day-line a').last(), me.words.jumpToDate);
  await look(me, 'calendar');
  await closes(me);
  await opens(me.message(ROOT).locator('.message-pinned'), me.words.pins);
  await look(me, 'pins');
  await closes(me);
  await opens(me.rows.locator('a.picture').first(), 'courtyard.png');
  await look(me, 'picture');
  await closes(me);
  await opens(me.page.getByRole('link', { name: me.words.aboutRoom }), MADANG.name);
  await look(me, 'about a public room');
  await closes(me);
  await chooses(me, ROOT, me.words.forward);
  await isShown(me, me.words.forward);
  await look(me, 'forward');
  await closes(me);
  await fromTheList(me, me.words.find);
  await look(me, 'find');
  await closes(me);
  await fromTheList(me, me.words.threads);
  await look(me, 'threads');
  await closes(me);
}

/** The sheets that make rooms and change them; `Ben` is there, too. */
export async function sheetsOfRooms(me: Person, look: Look): Promise<void> {
  me.forgives(/status of 409/);
  await fromTheList(me, me.words.newDirect);
  await me.sheet.getByRole('combobox').fill('b');
  await me.sheet.getByRole('option', { name: 'Ben' }).click();
  await expect(me.sheet.getByRole('link', { name: me.words.unchoose('Ben') })).toBeVisible();
  await look(me, 'new direct');
  await closes(me);
  await fromTheList(me, me.words.allRooms);
  await look(me, 'all rooms');
  await closes(me);
  const ben = me.page.locator('#people').getByRole('link', { name: 'Ben' });
  if (!(await ben.isVisible())) await me.page.locator('.people-button').click();
  await ben.click();
  await isShown(me, 'Ben');
  await look(me, 'person');
  await me.sheet.getByRole('button', { name: me.words.openDirect }).click();
  await me.isIn('Ben');
  await me.page.getByRole('link', { name: me.words.aboutRoom }).click();
  await isShown(me, 'Ben');
  await look(me, 'about a direct room');
  await closes(me);
  await me.says('hello');
  await me.sees('hello');
  await chooses(me, 'hello', me.words.copyLink);
  await me.isTold(me.words.linkCopied);
  await look(me, 'short notice');
  await me.writes('회의는 세 시예요.');
  await me.page.locator('#files').setInputFiles([bytes('list.bin', 10)]);
  await areThere(me, 1);
  if (!(await me.button(me.words.sendLater).isVisible())) await me.press(me.words.formatting);
  await me.press(me.words.sendLater);
  await isShown(me, me.words.sendLater);
  await look(me, 'send later');
  await me.sheet.getByRole('button', { name: me.words.inAnHour }).click();
  await isShown(me, me.words.scheduledMessages);
  await look(me, 'scheduled');
  await me.sheet.getByRole('link', { name: me.words.change }).click();
  await expect(me.sheet.getByRole('textbox', { name: me.words.message, exact: true })).toBeVisible();
  await look(me, 'change a scheduled message');
  await closes(me);
  await me.opensTheNewRoomForm();
  await me.newRoomField.fill('마 당');
  await me.newRoomField.press('Enter');
  await me.isTold(me.words.refused.roomNameTaken);
  await look(me, 'new room refused');
  await me.newRoomField.fill('예산');
  await me.page.getByRole('radio', { name: me.words.private }).check();
  await me.newRoomField.press('Enter');
  await me.isIn('예산');
  const about = await me.opensAbout();
  const invite = about.getByLabel(me.words.invite, { exact: true });
  await invite.fill('Ben');
  await invite.press('Enter');
  await expect(about.getByRole('button', { name: me.words.removeThis('Ben') })).toBeVisible();
  await look(me, 'about a private room');
  await about.getByText(me.words.leaveForGood, { exact: true }).first().click();
  await look(me, 'before leaving');
  await archives(me);
  await look(me, 'about an archived room');
  await closes(me);
  await look(me, 'archived room');
}

/** What is drawn where no scripts run, or have not come yet, and what is given back where the room was archived meanwhile. */
export async function withoutScripts(me: Person, ben: Person, look: Look): Promise<void> {
  me.forgives(/status of 4\d\d/);
  const room = MADANG.path;
  await me.page.goto(room);
  await look(me, 'room without scripts');
  const sheets = ['/rooms/new', '/rooms/all', '/find', '/direct/new', '/scheduled', `${room}/days`, `${room}/pins`, `${room}/about`];
  for (const path of sheets) {
    await me.page.goto(path);
    await look(me, `${path} without scripts`);
  }
  await ben.makesARoom('old');
  await ben.isIn('old');
  await me.page.goto('/rooms/old');
  await ben.opensAbout();
  await archives(ben);
  await me.writes('too late');
  await me.press(me.words.send);
  await expect(me.page.getByRole('heading', { name: me.words.notSentAtAll })).toBeVisible();
  await look(me, 'words given back');
}

/** On the sheet about a room. */
async function archives(person: Person): Promise<void> {
  const { archive, restore } = person.words;
  await person.sheet.getByText(archive, { exact: true }).first().click();
  await person.sheet.getByRole('button', { name: archive, exact: true }).click();
  await expect(person.sheet.getByRole('button', { name: restore })).toBeVisible();
}

async function isShown(person: Person, sheet: string | RegExp): Promise<void> {
  await expect(person.sheet.getByRole('heading', { level: 1, name: sheet })).toBeVisible();
}

/** Opens a sheet from the list of rooms. */
async function fromTheList(person: Person, sheet: string): Promise<void> {
  const link = person.page.locator('#rooms').getByRole('link', { name: sheet, exact: true });
  if (!(await link.isVisible())) await person.showsTheRooms();
  await link.click();
  await isShown(person, sheet);
}

/** Closes what lies over the page. */
async function closes(person: Person): Promise<void> {
  await person.page.keyboard.press('Escape');
  await expect(person.page.locator('dialog[open], [popover]:popover-open')).toHaveCount(0);
}

/** A finger rests on a message, or the pointer does. */
async function rests(person: Person, text: string): Promise<void> {
  const row = person.message(text).first();
  await person.page.mouse.move(0, 0);
  if (person.how.touch) await row.locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
  else await row.hover();
  await expect(row.getByRole('toolbar')).toBeVisible();
}

/** Presses what stands at a message on which a finger rests. */
async function presses(person: Person, text: string, action: string): Promise<void> {
  if (!person.how.touch) await rests(person, text);
  const button = person.message(text).first().getByRole('toolbar').getByLabel(action, { exact: true });
  await (person.how.touch ? button.tap() : button.click());
}

/** Does something to a message, from its row or from its menu. */
async function chooses(person: Person, text: string, action: string): Promise<void> {
  await rests(person, text);
  const { edit, reply, more } = person.words;
  if ([edit, reply].includes(action)) return presses(person, text, action);
  await presses(person, text, more);
  await person.page.getByRole('menuitem', { name: action, exact: true }).click();
}

async function reacts(person: Person, text: string, emoji: string): Promise<void> {
  await rests(person, text);
  await presses(person, text, person.words.react);
  await person.page.locator('#emoji-search').fill(emoji);
  await person.page.locator('.emoji-grid').getByRole('button', { name: emoji, exact: true }).first().click();
  await expect(person.message(text).locator('.reaction').filter({ hasText: emoji })).toHaveCount(1);
}

async function areThere(person: Person, count: number): Promise<void> {
  await expect(person.page.locator('.tray-item')).toHaveCount(count);
  await expect(person.page.locator('.tray-item progress:visible')).toHaveCount(0);
}

const CODE: [string, string][] = [
  ['rust', '/// Adds.\nfn add<T: Add>(a: T, b: T) -> T { a + b } // 1'],
  ['python', '@cache\ndef greet(name: str = "마당") -> None:\n    print(f"안녕, {name}!")  # 인사'],
  ['typescript', 'export const greet = async (name: string): Promise<void> => { await say(`hi ${name}`, 42); };'],
  ['java', 'public final class Main { public static void main(String[] args) { System.out.println("hi"); } }'],
  ['c', '#include <stdio.h>\nint main(void) { return printf("%d\\n", 0x2A); }'],
  ['go', 'func main() { ch := make(chan int, 1); go func() { ch <- 1 }(); <-ch }'],
  ['sql', "SELECT name, count(*) FROM rooms WHERE kind = 'public' GROUP BY name; -- 방"],
  ['html', '<a class="link" href="/rooms/madang">마당</a> <!-- home -->'],
  ['css', '.message { color: oklch(60% 0.1 40); padding: 1rem; } /* row */'],
  ['json', '{ "name": "마당", "here": 12, "open": true, "topic": null }'],
  ['sh', 'for f in *.md; do grep -n "마당" "$f" | wc -l; done # 세기'],
];
const WIDE_TABLE = `| 이름 | 맡은 일 | 시작 | 끝 | where | how many | 비고 |
|---|---|---|---|---|--:|---|
| 남궁하늘보라 | 변경 기록을 정리하고 번역하기 | 월요일 | 수요일 | the meeting room on the third floor | 1,204 | 천천히 해도 돼요 |
| Ada | tests | Monday | 화요일 | home | 7 | |`;
const DEEP_QUOTE = '> Ada: 언제 만나요?\n>> Ben: 세 시요\n>>> 민수: 네 시는 어때요? 저는 그때가 더 좋아요, 회의가 길어질 것 같아서요.\n\n그럼 네 시에 봬요.';
const LONG_PERSON = '제갈공명남궁하늘보라김수한무거북이와두루미';
const LONG_ROOM = '이름이 아주 길어서 목록에 다 보이지 않는 방, long';

/** Texts of every shape, names that are long, and what stands around them: marks of what is new, hints, help. */
export async function wordsOfEverySort(me: Person, ben: Person, third: Person, look: Look): Promise<void> {
  me.forgives(/status of 4\d\d/).forgivesRefusedConnections();
  for (const [language, code] of CODE.slice(0, 6)) await ben.says(`\`\`\`${language}\n${code}\n\`\`\``);
  await expect(me.rows).toHaveCount(6);
  await look(me, 'code 1');
  for (const [language, code] of CODE.slice(6)) await third.says(`\`\`\`${language}\n${code}\n\`\`\``);
  await third.says(WIDE_TABLE);
  await expect(me.page.locator('.message-text table')).toHaveCount(1);
  await look(me, 'code 2 and a wide table');
  await ben.says(DEEP_QUOTE);
  await ben.says('결말은 ||범인은 **집사**예요|| 그리고 ||그 열쇠는 처음부터 정원 돌 밑에 있었다는 이야기가 아주 길게 이어져요||');
  await me.says('🎉');
  await me.says('👩🏽‍🚀 🏳️‍🌈 ❤️');
  await third.says('😀😃😄😁😆😅😂🤣🥲🥹☺️😊😇🙂🙃😉');
  await third.says('שלום hello مرحبا 123 (abc) עולם — 그리고 한국어도 함께');
  await ben.says('# 제목은 이렇게\n1. 하나\n2. 둘\n   - 둘의 하나\n   - 둘의 둘\n3. `셋`\n\n**굵게** _기울여_ ~~지우고~~ `code` [고리](https://example.org)');
  await expect(me.rows).toHaveCount(19);
  await look(me, 'shapes');
  for (const text of UNRULY_WORDS.slice(2)) await ben.says(text);
  await look(me, 'unruly words');
  await third.says('반응이 많은 글');
  await me.sees('반응이 많은 글');
  for (const emoji of ['👍', '🎉', '❤️', '😂', '👀', '🙏', '🔥', '👏', '✅', '🚀', '😮', '😢']) await reacts(third, '반응이 많은 글', emoji);
  await me.message('반응이 많은 글').locator('.reaction').first().click();
  await look(me, 'many reactions');
  await me.says('/me 커피를 내려요');
  await third.page.locator('#files').setInputFiles([
    ...[1, 2, 3, 4, 5].map((n) => picture(`사진 ${n}.png`, 300 + 200 * n, 900 - 100 * n, [40 * n, 120, 200 - 30 * n])),
    bytes('2026년 하반기 예산안 최종 진짜최종 수정본 (3).xlsx', 1_234_567),
    bytes('a.zip', 99_000_000 / 100),
    sound('녹음.wav'),
    film('대문.webm'),
    bytes('LICENSE', 1_024),
  ]);
  await areThere(third, 10);
  await look(third, 'ten files in the tray');
  await third.says('열 개 다 올렸어요');
  await expect(me.rows.last().locator('.attachment, .picture').first()).toBeVisible();
  await look(me, 'ten files');
  // What is new while one reads above.
  await me.scroller.evaluate((scroller) => scroller.scrollBy(0, -700));
  for (const text of ['하나', '둘', '셋']) await ben.says(text);
  await expect(me.button(me.words.newMessages(3))).toBeVisible();
  await look(me, 'pill');
  await me.press(me.words.newMessages(3));
  // Long names: a person's, a room's, a topic.
  await third.opensTheSettings();
  await third.page.getByRole('textbox', { name: third.words.changeName }).fill(LONG_PERSON);
  await third.page.getByRole('textbox', { name: third.words.changeName }).press('Enter');
  await third.page.keyboard.press('Escape');
  await third.says('제 이름이 좀 길어요.');
  await me.sees('제 이름이 좀 길어요.');
  await third.box.pressSequentially('...');
  await look(me, 'a long name, typing');
  await third.writes('');
  await me.makesARoom(LONG_ROOM);
  await me.isIn(LONG_ROOM);
  await look(me, 'a long room, empty');
  const about = await me.opensAbout();
  const topic = about.getByRole('textbox', { name: me.words.topic, exact: true });
  await topic.fill('주제도 길어요: 다음 주 월요일에 새 버전을 내기 전에 확인할 것과 그 다음에 할 것, and what comes after that, too, in detail');
  await topic.press('Enter');
  await expect(me.page.locator('dialog.sheet[aria-busy=true]')).toHaveCount(0);
  await look(me, 'about a long room');
  await closes(me);
  await ben.goesTo(new URL(me.page.url()).pathname);
  await ben.says('여기 있어요');
  await me.sees('여기 있어요');
  await fromRoomTo(me, MADANG.name);
  for (const text of [`@${me.lang === 'ko' ? '민수' : 'Ada'} 이것 좀 봐 주세요`, ...Array.from({ length: 30 }, (_, at) => `${at + 1}번째 이야기예요.`)]) await ben.says(text);
  await look(me, 'rooms with news');
  await fromRoomTo(me, LONG_ROOM);
  await expect(me.page.locator('.new-line')).toBeVisible();
  await look(me, 'unread line');
  await me.writes('/');
  await expect(me.page.locator('.choices').getByRole('option').first()).toBeVisible();
  await look(me, 'slash help');
  await me.writes('/help');
  await me.box.press('Enter');
  await look(me, 'help');
  await me.writes('/topik');
  await me.box.press('Enter');
  await look(me, 'unknown command');
  await me.writes('가'.repeat(7_990));
  await look(me, 'nearly too long');
  await me.writes('가'.repeat(8_005));
  await me.press(me.words.send);
  await look(me, 'too long');
  await me.writes('여러 줄\n로 쓰면\n칸이\n함께\n자라요');
  await look(me, 'five lines');
  await me.writes('');
  me.road!.swallowsMessages();
  await me.says('가는 중이에요');
  await me.seesWaiting('가는 중이에요');
  await expect(me.message('가는 중이에요').locator('.message-progress')).toHaveCSS('opacity', '1');
  await look(me, 'on its way');
  await me.context.setOffline(true);
  await me.connectionIs('offline');
  await me.says('지하철이라서 끊겼어요');
  await look(me, 'offline');
  await me.context.setOffline(false);
}

/** What lies behind a link, under the message that has it. */
export async function aLink(me: Person, link: string, look: Look): Promise<void> {
  await me.says(link);
  await expect(me.rows.locator('a.preview')).toBeVisible();
  await look(me, 'link preview');
  await rests(me, link);
  await presses(me, link, me.words.more);
  await expect(me.page.getByRole('menuitem', { name: me.words.hidePreview })).toBeVisible();
  await look(me, 'menu of a message with a link preview');
}

/** The door of a house that holds nobody else. */
export async function aFullHouse(stranger: Person, look: Look): Promise<void> {
  stranger.forgives(/status of 503/);
  await stranger.goesTo('/');
  await look(stranger, 'full house');
  await stranger.goesTo(MADANG.path);
  await stranger.givesTheName('Ben');
  await stranger.isTold(stranger.words.refused.peopleFull);
  await look(stranger, 'full house, refused');
}

/** A connection that is slow to come, is lost, is closed, and stands to a server that has become another one. */
export async function connections(me: Person, house: House, look: Look): Promise<void> {
  me.forgivesRefusedConnections();
  me.road!.holds();
  await me.reloads();
  await me.connectionIs('connecting');
  await look(me, 'slow connection');
  me.road!.releases();
  await me.isLive();
  await me.connection.click();
  await me.press(me.words.disconnect);
  await me.connectionIs('closed');
  await look(me, 'closed connection');
  await me.press(me.words.connect);
  await me.isLive();
  await closes(me);
  await me.hasToWaitLong();
  await house.dies();
  await me.connectionIs('offline');
  await look(me, 'lost connection');
  await house.opensAgain();
  await me.isLive(TO_COME_BACK);
  await me.road!.closes(4400);
  await me.connectionIs('stale');
  await look(me, 'page that is out of date');
}

/** Goes to another room by the list. */
async function fromRoomTo(person: Person, room: string): Promise<void> {
  if (!(await person.roomLink(room).isVisible())) await person.showsTheRooms();
  await person.roomLink(room).click();
  await person.isIn(room);
}
