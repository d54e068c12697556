// People write in a thread as they write in its room: with files, completion, tools and drafts, by key, by finger, and without
// scripts.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { type Attachment, bytes, picture } from '../pictures';
import { beginsAThread, box, line, opensTheThread, panel, replies, reply, said, thread } from '../threads';
import { expect, type Person, test, TO_COME_BACK } from '../vocabulary';

const note = (person: Person) => person.page.locator('#thread-message-note');
const also = (person: Person) => person.page.getByRole('checkbox', { name: person.words.alsoToRoom });
const tray = (person: Person) => panel(person).locator('.tray-item');
const roomsTray = (person: Person) => person.page.locator('.room .tray-item');
const choices = (person: Person) => person.page.getByRole('option');

/** Two people, and what the thread hangs on. */
async function twoAtAThread(walksIn: (name: string, how?: object) => Promise<Person>): Promise<[Person, Person]> {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', ada, minsu);
  return [ada, minsu];
}

/** Gives files to an element as a paste or a drop does. */
async function gives(person: Person, at: string, event: 'paste' | 'drop', ...files: Attachment[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  await person.page.locator(at).evaluate(
    (element, { event, given }) => {
      const held = new DataTransfer();
      for (const { name, mimeType, base64 } of given) {
        held.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
      }
      const how = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        event === 'paste' ? new ClipboardEvent(event, { ...how, clipboardData: held }) : new DragEvent(event, { ...how, dataTransfer: held }),
      );
    },
    { event, given },
  );
}

async function areThere(person: Person, count: number): Promise<void> {
  await expect(tray(person)).toHaveCount(count);
  await expect(tray(person).locator('progress:visible')).toHaveCount(0);
}

test('files are chosen, pasted and dropped into a thread, and its room keeps out of it', async ({ walksIn }) => {
  const [ada, minsu] = await twoAtAThread(walksIn);
  await ada.page.locator('#thread-files').setInputFiles([picture('지도.png', 400, 300)]);
  await gives(ada, '#thread-message', 'paste', picture('pasted.png', 30, 30));
  await gives(ada, '.thread-scroller', 'drop', bytes('menu.bin', 2_000));
  await areThere(ada, 3);
  await expect(roomsTray(ada)).toHaveCount(0);
  await gives(ada, '#message', 'drop', bytes('for-the-room.bin', 1_000));
  await expect(roomsTray(ada)).toHaveCount(1);
  await areThere(ada, 3);
  await ada.press(ada.words.remove('pasted.png'));
  await areThere(ada, 2);
  await expect(box(ada)).toBeFocused();
  await box(ada).press('Enter');
  await expect(tray(ada)).toHaveCount(0);
  await expect(roomsTray(ada)).toHaveCount(1);
  for (const person of [ada, minsu]) {
    const files = person.page.locator('.thread-reply').last();
    await expect(files.locator('a.picture')).toHaveCount(1);
    await expect(files.getByRole('link', { name: person.words.download('menu.bin') })).toBeVisible();
    await expect(person.scroller.locator('a.picture')).toHaveCount(0);
  }
  // What is opened from a thread closes to it.
  await minsu.page.locator('.thread-reply a.picture').click();
  await expect(minsu.page.getByRole('heading', { name: '지도.png' })).toBeVisible();
  await minsu.page.keyboard.press('Escape');
  await expect(thread(minsu)).toBeVisible();
  await expect(reply(minsu, '지도.png').or(minsu.page.locator('.thread-reply a.picture'))).toBeVisible();
});

test('what is written in a thread survives a reload, stands in every tab, and is nobody else\'s', async ({ walksIn }) => {
  const [ada, minsu] = await twoAtAThread(walksIn);
  await ada.writes('for the room');
  await box(ada).fill('half a reply');
  await also(ada).check();
  await ada.page.locator('#thread-files').setInputFiles([bytes('kept.bin', 500)]);
  await areThere(ada, 1);
  const second = await ada.opensAnotherTab();
  await opensTheThread(second, 'lunch?');
  await expect(box(second)).toHaveValue('half a reply');
  await ada.reloads();
  await expect(thread(ada)).toBeVisible();
  for (const tab of [ada, second]) {
    await expect(box(tab)).toHaveValue('half a reply');
    await expect(also(tab)).toBeChecked();
    await areThere(tab, 1);
    await expect(tab.box).toHaveValue('for the room');
  }
  await ada.says('another one');
  await opensTheThread(ada, 'another one');
  await expect(box(ada)).toHaveValue('');
  await expect(tray(ada)).toHaveCount(0);
  await opensTheThread(ada, 'lunch?');
  await expect(box(ada)).toHaveValue('half a reply');
  await box(ada).press('Enter');
  await expect(said(minsu, 'half a reply')).toHaveCount(1);
  await expect(reply(minsu, 'half a reply').locator('a.attachment')).toHaveCount(1);
  for (const tab of [ada, second]) {
    await expect(box(tab)).toHaveValue('');
    await expect(also(tab)).not.toBeChecked();
    await expect(tray(tab)).toHaveCount(0);
  }
});

test('a reply that waits stands in its thread and in no other, also after a reload', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const minsu = await walksIn('민수', { lang: 'ko' });
  for (const text of ['lunch?', 'dinner?']) await ada.says(text);
  await minsu.sees('dinner?');
  await ada.sees('dinner?');
  ada.road!.swallowsMessages();
  await opensTheThread(ada, 'lunch?');
  await box(ada).fill('at noon');
  await box(ada).press('Enter');
  await also(ada).check();
  await box(ada).fill('at noon, everyone');
  await box(ada).press('Enter');
  for (const text of ['at noon', 'at noon, everyone']) await expect(reply(ada, text).last()).toHaveAttribute('data-state', 'waiting');
  await opensTheThread(ada, 'dinner?');
  await expect(reply(ada, 'at noon')).toHaveCount(0);
  await ada.reloads();
  await ada.message('lunch?').hover();
  await ada.message('lunch?').getByRole('link', { name: ada.words.thread, exact: true }).click();
  const texts = panel(ada).locator('article.message .message-text');
  await expect(texts).toHaveText(['lunch?', 'at noon', 'at noon, everyone']);
  await expect(said(ada, 'at noon'), 'one of them is for the room').toHaveCount(1);
  await expect(said(ada, 'at noon, everyone').locator('.quote-text')).toHaveText('lunch?');

  ada.road!.swallowsMessages(false);
  await ada.road!.closes(4008);
  await expect(minsu.message('lunch?').locator('.thread-line')).toContainText(minsu.words.replies(2), TO_COME_BACK);
  await expect(line(minsu, 'dinner?')).toHaveCount(0);
  await expect(texts).toHaveText(['lunch?', 'at noon', 'at noon, everyone']);
});

for (const lang of ['en', 'ko'] as const) {
  test(`names, emoji and commands are completed in a thread, and tools and a preview are there (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of 409|status of 422/);
    const minsu = await walksIn('민수');
    await ada.says('lunch?');
    await minsu.sees('lunch?');
    await ada.counts(2);
    await opensTheThread(ada, 'lunch?');
    await box(ada).pressSequentially('@ㅁㅅ');
    await expect(choices(ada)).toHaveText(['@민수']);
    await box(ada).press('Enter');
    await expect(box(ada)).toHaveValue('@민수');
    await box(ada).pressSequentially(' :tada');
    await choices(ada).filter({ hasText: '🎉' }).first().click();
    await expect(box(ada)).toHaveValue(/^@민수 🎉/);
    await box(ada).fill('**now**');
    await ada.page.getByRole('button', { name: ada.words.formatting }).last().click();
    const tools = panel(ada).getByRole('toolbar', { name: ada.words.formatting });
    await tools.getByRole('button', { name: ada.words.preview }).click();
    await expect(panel(ada).locator('.composer-preview strong')).toHaveText('now');
    await box(ada).press('Control+a');
    await tools.getByRole('button', { name: ada.words.marks[1], exact: true }).click();
    await expect(box(ada)).toHaveValue('***now***');
    await expect(ada.box).toHaveValue('');
    await box(ada).fill('/help');
    await box(ada).press('Enter');
    await expect(choices(ada).first()).toContainText('/');
    await box(ada).press('Escape');
    await expect(choices(ada)).toHaveCount(0);
    await expect(thread(ada)).toBeVisible();
    await box(ada).fill('/topic 점심');
    await box(ada).press('Enter');
    await expect(minsu.page.locator('.room-topic')).toHaveText('점심');
    await expect(box(ada)).toHaveValue('');
    await box(ada).fill('/nick 민수');
    await box(ada).press('Enter');
    await expect(note(ada)).toHaveText(ada.words.refused.nameTaken);
    await expect(box(ada)).toHaveValue('/nick 민수');
    await expect(ada.box).toHaveValue('');
  });
}

test('a change of a reply that is not finished survives a reload in its own tab, until it is saved or given up', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await beginsAThread(ada, 'lunch?', ada);
  await replies(ada, 'helo');
  const field = (person: Person) => person.page.locator('.thread-shaping[open] textarea');
  await expect(ada.page.locator('.thread-reply')).toHaveCount(1);
  await box(ada).press('ArrowUp');
  await field(ada).fill('hello, w');
  await ada.reloads();
  await expect(field(ada)).toHaveValue('hello, w');
  await expect(field(ada)).toBeFocused();
  const second = await ada.opensAnotherTab();
  await second.isLive();
  await opensTheThread(second, 'lunch?');
  await expect(reply(second, 'helo')).toHaveCount(1);
  await expect(field(second), 'it goes on in its own tab').toHaveCount(0);
  await second.closesTheTab();
  await ada.page.keyboard.type('orld');
  await field(ada).press('Enter');
  await expect(reply(ada, 'hello, world')).toHaveCount(1);
  await expect(field(ada)).toHaveCount(0);
  await ada.reloads();
  await expect(reply(ada, 'hello, world')).toHaveCount(1);
  await expect(field(ada), 'it was saved').toHaveCount(0);
  await box(ada).press('ArrowUp');
  await field(ada).fill('never mind');
  await field(ada).press('Escape');
  await ada.reloads();
  await expect(reply(ada, 'hello, world')).toHaveCount(1);
  await expect(field(ada), 'it was given up').toHaveCount(0);
});

test('the last reply is changed by the arrow up, and keys lead back to where one was', async ({ walksIn }) => {
  const [ada, minsu] = await twoAtAThread(walksIn);
  await minsu.page.keyboard.press('Escape');
  await replies(ada, 'at nuun');
  await replies(ada, 'at one');
  await expect(ada.page.locator('.thread-reply')).toHaveCount(2);
  const field = ada.page.locator('.thread-shaping[open] textarea');
  await box(ada).press('ArrowUp');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('at one');
  await ada.page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expect(box(ada)).toBeFocused();
  await box(ada).fill('at thr');
  await box(ada).press('ArrowUp');
  await expect(box(ada), 'where something stands, the arrow moves in it').toBeFocused();
  await expect(field).toHaveCount(0);
  await box(ada).fill('');
  await box(ada).press('ArrowUp');
  await ada.page.keyboard.type(', or two');
  await expect(field, 'what stands there is gone on with').toHaveValue('at one, or two');
  await field.fill('at two');
  await field.press('Enter');
  await expect(reply(ada, 'at two')).toHaveCount(1);
  await expect(box(ada)).toBeFocused();
  await expect(ada.page.locator('.revision'), 'the room has nothing to do with it').toHaveCount(0);
  const more = ada.page.locator('.thread-reply').first().getByLabel(ada.words.more);
  await more.focus();
  await ada.page.keyboard.press('Enter');
  await field.focus();
  await ada.page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await field.fill('at noon');
  await field.press('Enter');
  await expect(reply(ada, 'at noon')).toHaveCount(1);
  await expect(more).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(thread(ada)).toBeHidden();
  await line(minsu, 'lunch?').focus();
  await minsu.page.keyboard.press('Enter');
  await expect(reply(minsu, 'at two')).toHaveCount(1);
  await box(minsu).focus();
  await minsu.page.keyboard.press('Escape');
  await expect(line(minsu, 'lunch?')).toBeFocused();
});

test('what is refused stays in the box, and what failed stands in the thread until it is decided on', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = (await walksIn('민수', { lang: 'ko' })).forgives(/ERR_INTERNET_DISCONNECTED/);
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await minsu.roomLink('Dev').click();
  await minsu.isIn('Dev');
  // It moves the messages when it comes.
  await expect(minsu.page.locator('.notice[data-notice=arrived]').last()).toContainText('민수');
  await beginsAThread(ada, 'lunch?', minsu);
  const long = `${'가'.repeat(8_000)}!`;
  await box(minsu).fill(long);
  await box(minsu).press('Enter');
  await expect(note(minsu)).toContainText(minsu.words.refused.messageTooLong);
  await expect(box(minsu)).toHaveValue(long);
  await minsu.context.setOffline(true);
  for (const text of ['좋아요', '열두 시에요']) {
    await box(minsu).fill(text);
    await box(minsu).press('Enter');
    await expect(reply(minsu, text)).toHaveAttribute('data-state', 'waiting');
  }
  await expect(said(minsu, '좋아요')).toHaveCount(0);
  await ada.opensAbout();
  await ada.sheet.getByText(ada.words.archive, { exact: true }).first().click();
  await ada.sheet.getByRole('button', { name: ada.words.archive, exact: true }).click();
  await expect(ada.button(ada.words.restore)).toBeVisible();
  await minsu.context.setOffline(false);
  await minsu.isLive();
  for (const text of ['좋아요', '열두 시에요']) await expect(reply(minsu, text)).toHaveAttribute('data-state', 'failed');
  await expect(panel(minsu).getByText(minsu.words.archived)).not.toHaveCount(0);
  await expect(box(minsu)).toHaveCount(0);
  await ada.press(ada.words.restore);
  await expect(box(minsu)).toBeVisible();
  await reply(minsu, '좋아요').getByRole('button', { name: minsu.words.discard }).click();
  await expect(reply(minsu, '좋아요')).toHaveCount(0);
  await reply(minsu, '열두 시에요').getByRole('button', { name: minsu.words.retry }).click();
  await expect(reply(minsu, '열두 시에요')).toHaveAttribute('data-state', 'sent');
  await ada.page.keyboard.press('Escape');
  await expect(line(ada, 'lunch?')).toContainText(ada.words.replies(1));
});

test('the first reply bears its author\'s name, whoever wrote above it', async ({ walksIn }) => {
  const [ada, minsu] = await twoAtAThread(walksIn);
  await replies(ada, 'I mean today');
  await replies(ada, 'at noon');
  for (const person of [ada, minsu]) {
    await expect(reply(person, 'I mean today').locator('.message-name')).toBeInViewport();
    await expect(reply(person, 'I mean today')).toHaveClass(/opens-group/);
    await expect(reply(person, 'at noon')).not.toHaveClass(/opens-group/);
  }
});

test('the page of a thread in a tab of its own is the room with the thread over it, and alive', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', ada);
  await minsu.page.goto('about:blank');
  await minsu.page.goto('/rooms/madang/1/thread');
  await expect(box(minsu)).toBeVisible();
  await expect(minsu.page).toHaveURL('/rooms/madang/1');
  await minsu.isLive();
  await replies(ada, 'at noon');
  await expect(reply(minsu, 'at noon')).toHaveCount(1);
  await replies(minsu, '좋아요');
  await expect(reply(ada, '좋아요')).toHaveCount(1);
  await thread(minsu).getByRole('link', { name: minsu.words.close }).click();
  await expect(thread(minsu)).toBeHidden();
  await expect(minsu.page).toHaveURL('/rooms/madang/1');
  await minsu.page.goBack();
  await expect(minsu.page).toHaveURL('about:blank');
});

test('without scripts a reply takes files and commands, and comes back when it is refused', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { script: false })).forgives(/status of 4/);
  const minsu = await walksIn('민수', { lang: 'ko' });
  await beginsAThread(ada, 'lunch?', minsu);
  await ada.page.goto('/rooms/madang/1/thread');
  await ada.page.locator('#thread-files').setInputFiles([picture('map.png', 40, 30), bytes('menu.bin', 2_000)]);
  await box(ada).fill('here');
  await also(ada).check();
  await ada.press(ada.words.send);
  await expect(reply(ada, 'here').locator('a.picture')).toHaveCount(1);
  await expect(box(ada)).toBeFocused();
  await expect(reply(minsu, 'here').getByRole('link', { name: minsu.words.download('menu.bin') })).toBeVisible();
  await expect(said(minsu, 'here')).toHaveCount(1);
  await box(ada).fill('/nick 민수');
  await also(ada).check();
  await ada.press(ada.words.send);
  await expect(note(ada)).toHaveText(ada.words.refused.nameTaken);
  await expect(box(ada)).toHaveValue('/nick 민수');
  await expect(also(ada)).toBeChecked();
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`the box of a thread is fit to be seen, over a keyboard, too (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben');
      await beginsAThread(ada, '내일 점심 어디서 먹을까요?', ben);
      await replies(ben, 'Downstairs?');
      await (device === 'phone' ? line(ada, '내일 점심').tap() : line(ada, '내일 점심').click());
      await expect(reply(ada, 'Downstairs?')).toHaveCount(1);
      await box(ada).fill('**아래층** 식당이 좋아요, 지도는 여기요');
      await ada.page.locator('#thread-files').setInputFiles([picture('지도.png', 400, 300), bytes('menu.bin', 2_000)]);
      await areThere(ada, 2);
      await panel(ada).getByRole('button', { name: ada.words.formatting }).click();
      await panel(ada).getByRole('button', { name: ada.words.preview }).click();
      await expect(panel(ada).locator('.composer-preview strong')).toHaveText('아래층');
      await isFitToBeSeen(ada, device, 'thread box');
      await box(ada).press('End');
      await box(ada).pressSequentially(' @b');
      await expect(choices(ada)).toHaveText(['@Ben']);
      await isFitToBeSeen(ada, device, 'thread completion');
      const { width, height } = DEVICES[device].viewport;
      await ada.page.setViewportSize({ width, height: height - 330 });
      await expect(box(ada)).toBeInViewport({ ratio: 1 });
      await expect(panel(ada).getByRole('button', { name: ada.words.send, exact: true })).toBeInViewport({ ratio: 1 });
      await isFitToBeSeen(ada, device, 'thread box over keyboard');
    });
  }
}
