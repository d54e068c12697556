// What calls somebody who looks elsewhere. The browser's own part is played here, so that it can be seen what would be shown.

import { NO_MESSAGE_LIMIT } from '../house';
import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { picture } from '../pictures';
import { opensTheThread, replies, reply } from '../threads';
import { expect, MADANG, type Person, test } from '../vocabulary';

/** What a browser was asked to show, or to take away, and how often it was asked whether it may. */
interface Shown {
  title: string;
  body: string;
  tag: string;
  closed: boolean;
}

/** From the next page on, the browser answers so when it is asked whether it may show anything. */
async function hasABrowserThat(person: Person, says: 'granted' | 'denied'): Promise<void> {
  await person.context.addInitScript((says) => {
    const all: object[] = [];
    let notes = 0;
    class Played {
      static permission = localStorage.getItem('played-permission') ?? 'default';
      static asked = 0;
      static requestPermission(): Promise<string> {
        Played.asked += 1;
        Played.permission = says;
        localStorage.setItem('played-permission', says);
        return Promise.resolve(says);
      }
      onclick: (() => void) | null = null;
      shown: { title: string; body: string; tag: string; closed: boolean };
      constructor(title: string, { body, tag }: { body: string; tag: string }) {
        this.shown = { title, body, tag, closed: false };
        all.push(this);
      }
      close(): void {
        this.shown.closed = true;
      }
    }
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when?: number) {
      notes += 1;
      return start.call(this, when);
    };
    Object.assign(window, { Notification: Played, played: { all, asked: () => Played.asked, notes: () => notes } });
  }, says);
  await person.reloads();
  await person.isLive();
}

const shown = (person: Person): Promise<Shown[]> => person.page.evaluate(() => (window as any).played.all.map((one: any) => one.shown));
const asked = (person: Person): Promise<number> => person.page.evaluate(() => (window as any).played.asked());
const notes = (person: Person): Promise<number> => person.page.evaluate(() => (window as any).played.notes());

/** One of the calls that were shown is clicked. */
const isClicked = (person: Person, at: number) => person.page.evaluate((at) => (window as any).played.all[at].onclick(), at);

async function chooses(person: Person, ...names: string[]): Promise<void> {
  const settings = await person.opensTheSettings();
  for (const name of names) await settings.getByRole('checkbox', { name }).click();
  await person.page.keyboard.press('Escape');
}

async function wants(person: Person, level: string): Promise<void> {
  const about = await person.opensAbout();
  const from = about.getByRole('group', { name: person.words.callsFrom });
  await from.getByRole('button', { name: level, exact: true }).click();
  await expect(from.getByRole('button', { name: level, exact: true })).toHaveAttribute('aria-pressed', 'true');
  await person.page.keyboard.press('Escape');
  await expect(person.sheet).toBeHidden();
}

test('nothing is asked of the browser before somebody presses, and then a message of a hidden room is shown without its text', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await hasABrowserThat(ben, 'granted');
  expect(await asked(ben)).toBe(0);
  await chooses(ben, ben.words.showCalls);
  expect(await asked(ben)).toBe(1);
  await wants(ben, ben.words.callAll);

  await ada.says('you see this');
  await ben.sees('you see this');
  await ben.isToldByTheBrowser('window', 'blur');
  await ada.says('a secret');
  await expect.poll(() => shown(ben)).toEqual([{ title: 'Ada · 마당', body: '1 new message', tag: 'madang', closed: false }]);
  await ben.isToldByTheBrowser('window', 'focus');
  await expect.poll(async () => (await shown(ben))[0].closed).toBe(true);
  expect(await shown(ben), 'what was before the eyes was not shown').toHaveLength(1);
  expect(await notes(ben), 'sounds are off').toBe(0);
});

test('a mention is shown with its text if one wants that, other messages are not, and a click leads to the room', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await hasABrowserThat(minsu, 'granted');
  await chooses(minsu, minsu.words.showCalls, minsu.words.showText, minsu.words.playSound);
  const before = await notes(minsu);
  await minsu.makesARoom('Kitchen');
  await minsu.isIn('Kitchen');
  await ada.says('hello');
  await ada.says('@민수 보세요');
  await expect.poll(() => shown(minsu)).toEqual([{ title: 'Ada · 마당', body: '@민수 보세요', tag: 'madang', closed: false }]);
  expect(await notes(minsu)).toBe(before + 2);

  await isClicked(minsu, 0);
  await minsu.isIn(MADANG.name);
  await expect(minsu.message('@민수 보세요')).toBeFocused();
  expect((await shown(minsu))[0].closed).toBe(true);
});

test('an answer is shown as a mention is, and so is what is said in a thread that one follows', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await hasABrowserThat(minsu, 'granted');
  await chooses(minsu, minsu.words.showCalls, minsu.words.showText);
  await minsu.says('점심?');
  await minsu.says('저녁?');
  // Rows move up for it.
  await ada.sees('저녁?');
  await ada.startsToAnswer('점심?');
  await minsu.makesARoom('Kitchen');
  await minsu.isIn('Kitchen');
  await ada.says('noodles');
  await expect.poll(() => shown(minsu)).toMatchObject([{ title: 'Ada · 마당', body: 'noodles' }]);
  await ada.says('who else?');
  await opensTheThread(ada, '저녁?');
  await replies(ada, 'or rice');
  await expect.poll(async () => (await shown(minsu)).map(({ body }) => body)).toEqual(['noodles', 'or rice']);
  await isClicked(minsu, 1);
  await expect(reply(minsu, 'or rice')).toBeVisible();
});

test.describe('much', () => {
  test.use({ settings: NO_MESSAGE_LIMIT });

  test('a click leads to the message however much was said since, and to the thread in which it was said', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const minsu = await walksIn('민수', { lang: 'ko' });
    await hasABrowserThat(minsu, 'granted');
    await chooses(minsu, minsu.words.showCalls, minsu.words.showText);
    await minsu.says('점심?');
    await ada.sees('점심?');
    await minsu.makesARoom('Kitchen');
    await minsu.isIn('Kitchen');
    await ada.says('@민수 저기요');
    await expect.poll(() => shown(minsu)).toMatchObject([{ body: '@민수 저기요' }]);
    await ada.saysAtOnce(Array.from({ length: 120 }, (_, at) => `line ${at + 1}`));
    await expect(minsu.roomLink(MADANG.name).locator('.room-link-unread > [aria-hidden]')).toHaveText('@1');
    await isClicked(minsu, 0);
    await expect(minsu.message('@민수 저기요')).toBeFocused();
    await expect(minsu.message('@민수 저기요')).toBeInViewport();

    await minsu.roomLink('Kitchen').click();
    await minsu.isIn('Kitchen');
    await ada.goesTo(`${MADANG.path}/1/thread`);
    await replies(ada, '@민수 라면');
    await expect.poll(async () => (await shown(minsu)).map(({ body }) => body)).toEqual(['@민수 저기요', '@민수 라면']);
    await isClicked(minsu, 1);
    await expect(reply(minsu, '라면')).toBeVisible();
    await minsu.page.keyboard.press('Escape');
    await minsu.isIn(MADANG.name);
  });
});

test('not to be disturbed, and of a room of which one wants nothing, nothing is shown', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await hasABrowserThat(ben, 'granted');
  await chooses(ben, ben.words.showCalls, ben.words.showText);
  await wants(ben, ben.words.callNothing);
  await ben.isToldByTheBrowser('window', 'blur');
  await ada.says('@Ben not now');
  await ben.sees('@Ben not now');
  await ben.isToldByTheBrowser('window', 'focus');
  await wants(ben, ben.words.callAll);
  const settings = await ben.opensTheSettings();
  await settings.getByRole('button', { name: ben.words.halfAnHour }).click();
  await expect(settings.getByRole('button', { name: ben.words.endQuiet })).toBeVisible();
  await ben.isToldByTheBrowser('window', 'blur');
  await ada.says('nor now');
  await ben.sees('nor now');
  await settings.getByRole('button', { name: ben.words.endQuiet }).click();
  await expect(settings.getByRole('button', { name: ben.words.halfAnHour })).toBeVisible();
  await ada.says('but now');
  await expect.poll(() => shown(ben)).toMatchObject([{ body: 'but now' }]);
});

/** Wants to be called, with the text. */
async function isCalledWithTheText(person: Person): Promise<void> {
  await hasABrowserThat(person, 'granted');
  await chooses(person, person.words.showCalls, person.words.showText);
}

/** Goes from the people in the room to the direct room with one of them. */
async function opensTheDirectRoom(person: Person, name: string): Promise<void> {
  await person.page.locator('#people').getByRole('link', { name }).click();
  await person.sheet.getByRole('button', { name: person.words.openDirect }).click();
  await person.isIn(name);
  await expect(person.box).toHaveAttribute('placeholder', person.words.writeToPeople(name));
}

test('what is said in a direct room calls by itself, until one wants less of it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await isCalledWithTheText(minsu);
  await opensTheDirectRoom(ada, '민수');
  await ada.says('시간 있어요?');
  await expect.poll(() => shown(minsu)).toMatchObject([{ title: 'Ada', body: '시간 있어요?' }]);
  await minsu.roomLink('Ada').click();
  await minsu.isIn('Ada');
  await expect(minsu.box).toHaveAttribute('placeholder', minsu.words.writeToPeople('Ada'));
  await wants(minsu, minsu.words.callNothing);
  await minsu.isToldByTheBrowser('window', 'blur');
  await ada.says('not now');
  await minsu.sees('not now');
  await wants(minsu, minsu.words.callAll);
  await minsu.isToldByTheBrowser('window', 'blur');
  await ada.says('but now');
  await expect.poll(async () => (await shown(minsu)).map(({ body }) => body)).toEqual(['시간 있어요?', 'but now']);
});

test('a picture without words calls as words do, by its name where one wants the text', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await isCalledWithTheText(minsu);
  await opensTheDirectRoom(ada, '민수');
  await ada.page.locator('#files').setInputFiles([picture('마당.png', 40, 30)]);
  await expect(ada.page.locator('.tray-item img:visible')).toHaveCount(1);
  await ada.box.press('Enter');
  await expect.poll(() => shown(minsu)).toMatchObject([{ title: 'Ada', body: '마당.png' }]);
});

test('calls that could not be heard are not heard all at once later', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  // As in a tab that the browser has opened by itself.
  await minsu.context.addInitScript(() => Object.defineProperty(BaseAudioContext.prototype, 'currentTime', { value: 0 }));
  await hasABrowserThat(minsu, 'granted');
  await chooses(minsu, minsu.words.playSound);
  expect(await notes(minsu)).toBe(2);
  await chooses(minsu, minsu.words.showCalls, minsu.words.showText);
  await minsu.isToldByTheBrowser('window', 'blur');
  await ada.says('@민수 보세요');
  await expect.poll(() => shown(minsu)).toHaveLength(1);
  expect(await notes(minsu)).toBe(2);
});

test('the sound is heard when it is chosen, and not again when another box is ticked', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  // As where sound may be heard.
  await ada.context.addInitScript(() => Object.defineProperty(BaseAudioContext.prototype, 'currentTime', { value: 1 }));
  await hasABrowserThat(ada, 'granted');
  await chooses(ada, ada.words.playSound);
  expect(await notes(ada)).toBe(2);
  await chooses(ada, ada.words.showCalls, ada.words.showText);
  expect(await notes(ada)).toBe(2);
});

test('of several tabs one calls, from rooms that it has not open too, and none while the room is looked at in another', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await hasABrowserThat(ben, 'granted');
  await chooses(ben, ben.words.showCalls, ben.words.showText);
  await wants(ben, ben.words.callAll);
  await ben.makesARoom('Kitchen');
  await ben.isIn('Kitchen');
  await ben.reloads();
  await ben.isLive();
  const other = await ben.opensAnotherTab({ at: MADANG.path });
  await other.isLive();

  await ben.isToldByTheBrowser('window', 'blur');
  await ada.says('looked at');
  await other.sees('looked at');
  await other.isToldByTheBrowser('window', 'blur');
  await ada.says('looked away');
  const both = async () => [...(await shown(ben)), ...(await shown(other))].map(({ body }) => body);
  await expect.poll(both).toEqual(['looked away']);
});

test('a browser that says no is believed, and says so in the settings', async ({ walksIn }) => {
  const ben = await walksIn('Ben');
  await hasABrowserThat(ben, 'denied');
  const settings = await ben.opensTheSettings();
  const box = settings.getByRole('checkbox', { name: ben.words.showCalls });
  await box.click();
  await ben.isTold(ben.words.callsDenied);
  await expect(box).not.toBeChecked();
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`the choice is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const settings = await ada.opensTheSettings();
      await settings.getByRole('checkbox', { name: ada.words.playSound }).click();
      await isFitToBeSeen(ada, device, 'notifications');
    });
  }
}
