// People attach files by button, paste and drop, see how far each has come, lose the connection on the way, look at pictures,
// and take back what they sent.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { type Attachment, bytes, film, picture, sound } from '../pictures';
import { expect, MADANG, type Person, test, TO_COME_BACK } from '../vocabulary';

const field = (person: Person) => person.page.locator('#files');
const tray = (person: Person) => person.page.locator('.tray-item');
const pictures = (person: Person) => person.rows.locator('a.picture');
const viewer = (person: Person) => person.sheet.locator('.viewer');
const shown = (person: Person) => viewer(person).locator('img');
const title = (person: Person) => person.sheet.getByRole('heading', { level: 1 });

const UPLOADS = '**/uploads/*';

async function chooses(person: Person, ...files: Attachment[]): Promise<void> {
  await field(person).setInputFiles(files);
}

/** All that is chosen has come. */
async function isThere(person: Person, count: number): Promise<void> {
  await expect(tray(person)).toHaveCount(count);
  await expect(tray(person).locator('progress:visible')).toHaveCount(0);
  await expect(tray(person).locator('.tray-note')).toHaveText(Array.from({ length: count }, () => ''));
}

async function sends(person: Person, text: string, ...files: Attachment[]): Promise<void> {
  await chooses(person, ...files);
  await isThere(person, files.length);
  await person.box.fill(text);
  await person.box.press('Enter');
  await expect(tray(person)).toHaveCount(0);
}

/** The picture is on the screen, and not only its place. */
async function isLoaded(person: Person, at = 0): Promise<void> {
  const image = pictures(person).nth(at).locator('img');
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
}

/** Gives files to the page as a paste or a drop does. */
async function gives(
  person: Person,
  event: 'paste' | 'dragover' | 'dragleave' | 'drop',
  files: Attachment[],
  { text = '', html = '' } = {},
): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  await person.page.evaluate(
    ({ event, given, text, html }) => {
      const held = new DataTransfer();
      for (const { name, mimeType, base64 } of given) {
        const plain = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        held.items.add(new File([plain], name, { type: mimeType }));
      }
      if (text) held.setData('text/plain', text);
      if (html) held.setData('text/html', html);
      const how = { bubbles: true, cancelable: true };
      const at = document.querySelector('#message')!;
      if (event === 'paste') at.dispatchEvent(new ClipboardEvent(event, { ...how, clipboardData: held }));
      else at.dispatchEvent(new DragEvent(event, { ...how, dataTransfer: held }));
    },
    { event, given, text, html },
  );
}

test('somebody attaches a picture and a letter, and both are seen and survive a reload', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await chooses(ada, picture('마당.png', 800, 500), bytes('letter.bin', 12_345));
  await isThere(ada, 2);
  await expect(tray(ada).first()).toContainText('마당.png');
  await expect(tray(ada).last()).toContainText('12 KB');
  await ada.says('look at this');

  for (const person of [ada, minsu]) {
    await person.sees('look at this');
    const row = person.message('look at this');
    await expect(row.locator('a.picture')).toHaveCount(1);
    await isLoaded(person);
    await expect(row.getByRole('link', { name: person.words.download('letter.bin') })).toContainText('12 KB');
    const reserved = await row.locator('a.picture').evaluate((link) => getComputedStyle(link).aspectRatio);
    expect(reserved).toMatch(/^360 \/ 225$/);
    await person.reloads();
    await person.isLive();
    await isLoaded(person);
  }
  const downloads = minsu.page.waitForEvent('download');
  await minsu.message('look at this').getByRole('link', { name: minsu.words.download('letter.bin') }).click();
  const download = await downloads;
  expect(download.suggestedFilename()).toBe('letter.bin');
});

test('files need no words, and go out by Enter in an empty box', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await sends(ada, '', picture('alone.png', 40, 30), sound('word.wav'));
  await expect(pictures(ben)).toHaveCount(1);
  await expect(ben.rows.locator('audio')).toHaveCount(1);
  await expect.poll(() => ben.rows.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration)).toBe(1);
  await expect(ben.page.locator('article.message.deleted')).toHaveCount(0);
  await ada.rows.last().hover();
  await ada.rows.last().getByRole('button', { name: ada.words.more }).click();
  await expect(ada.page.getByRole('menuitem', { name: ada.words.copyLink }), 'the first of what can be done').toBeFocused();
  await expect(ada.page.getByRole('menuitem', { name: ada.words.copyText }), 'there is no text to copy').toBeHidden();
});

test('files alone that are deleted leave a word in their place', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await sends(ada, '', picture('alone.png', 40, 30));
  await isLoaded(ben);
  await ada.rows.last().hover();
  await ada.rows.last().getByRole('button', { name: ada.words.more }).click();
  await ada.page.getByRole('menuitem', { name: ada.words.delete, exact: true }).click();
  await ada.page.getByRole('dialog', { name: ada.words.deleteThis }).getByRole('button', { name: ada.words.delete }).click();
  for (const person of [ada, ben]) await person.seesExactly([person.words.deleted]);
});

test('Enter on the button for files asks for them and sends nothing', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  // Asked for before the page does anything: what watches over the chooser reaches the page on a road of its own, which a
  // key pressed right after it overtakes.
  const asked = ada.page.waitForEvent('filechooser');
  await ada.writes('half a');
  await ada.box.press('Tab');
  await expect(ada.page.locator('#files')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await (await asked).setFiles([bytes('a.bin', 10)]);
  await expect(tray(ada).locator('.attachment-name')).toHaveText(['a.bin']);
  await expect(ada.box).toHaveValue('half a');
  await expect(ada.rows).toHaveCount(0);
});

test('what is to be downloaded stands below what plays, and not far beside it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await sends(ada, 'all of it', film('walk.webm'), sound('word.wav'), bytes('a.zip', 10), bytes('b.zip', 10));
  const [walk, word, a, b] = await ada.message('all of it').locator('a.attachment').all();
  const place = async (of: typeof walk) => (await of.boundingBox())!;
  expect((await place(a)).x).toBe((await place(walk)).x);
  expect((await place(a)).y).toBeGreaterThan((await place(word)).y);
  expect((await place(b)).y).toBe((await place(a)).y);
});

test('a film plays where it stands, asked for by its parts', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  const answers: { status: number; range?: string }[] = [];
  minsu.page.on('response', async (answer) => {
    if (!answer.url().includes('/files/')) return;
    answers.push({ status: answer.status(), range: answer.headers()['content-range'] });
  });
  const clip = film('산책.webm');
  await sends(ada, 'a walk', clip);
  const video = minsu.message('a walk').locator('video');
  await expect(video).toHaveCount(1);
  await expect(video).toHaveAttribute('controls');
  await expect(video).toHaveJSProperty('playsInline', true);
  const width = () => video.evaluate((video: HTMLVideoElement) => video.videoWidth);
  await expect.poll(width).toBe(64);
  const ended = await video.evaluate(async (video: HTMLVideoElement) => {
    const ended = new Promise((end) => (video.onended = end));
    video.muted = true;
    await video.play();
    await ended;
    return video.currentTime;
  });
  expect(ended).toBeGreaterThan(0.5);
  await video.evaluate(async (video: HTMLVideoElement) => {
    const sought = new Promise((end) => (video.onseeked = end));
    video.currentTime = 0.1;
    await sought;
  });
  const whole = clip.buffer.length;
  expect(answers.length).toBeGreaterThan(0);
  for (const { status, range } of answers) {
    expect(status).toBe(206);
    expect(range).toMatch(new RegExp(`^bytes \\d+-${whole - 1}/${whole}$`));
  }
  await expect(minsu.message('a walk').getByRole('link', { name: minsu.words.download('산책.webm') })).toBeVisible();
});

for (const [lang, name] of [['en', 'Pasted text.txt'], ['ko', '붙여 넣은 글.txt']] as const) {
  test(`a text that no message can hold is pasted as a file, beside what is written (${lang})`, async ({ walksIn }) => {
    const [ada, ben] = [await walksIn('Ada', { lang }), await walksIn('Ben', { lang })];
    const long = '가나다 '.repeat(9_000);
    await ada.box.fill('읽어 보세요');
    await gives(ada, 'paste', [], { text: long });
    await expect(tray(ada)).toContainText(name);
    await isThere(ada, 1);
    await expect(ada.note).toHaveText(ada.words.isPasted);
    await expect(ada.box).toHaveValue('읽어 보세요');
    await expect(ada.box).toBeFocused();
    await ada.box.press('Enter');
    await expect(ada.note).toHaveText('');
    const download = ben.page.waitForEvent('download');
    await ben.message('읽어 보세요').getByRole('link', { name: ben.words.download(name) }).click();
    expect(await readFile(await (await download).path(), 'utf8')).toBe(long);
  });
}

test('what would hold up the page is pasted as a file, and what people write stays text', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const heavy = [`z${'\u0301'.repeat(7_000)}`, '👩🏽‍💻 '.repeat(3_000), 'a가 '.repeat(4_000)];
  for (const light of ['Tiếng Việt '.normalize('NFD').repeat(700), 'useState는 🙂 훅이에요. '.repeat(500)]) {
    await gives(ada, 'paste', [], { text: light });
  }
  for (const [at, text] of heavy.entries()) {
    await gives(ada, 'paste', [], { text });
    await isThere(ada, at + 1);
  }
  await expect(tray(ada)).toContainText(['14 KB', '48 KB', '20 KB']);
});

test('what is pasted is attached, and text stays text', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.box.focus();
  await gives(ada, 'paste', [picture('image.png', 20, 20)]);
  await isThere(ada, 1);
  await gives(ada, 'paste', [picture('table.png', 20, 20)], { text: 'a table', html: '<table><tr><td>of a spreadsheet</table>' });
  await isThere(ada, 1);
  await gives(ada, 'paste', [bytes('from a folder.zip', 20)], { text: 'from a folder.zip' });
  await isThere(ada, 2);
  await expect(ada.box).toHaveValue('');
});

test('the whole room takes what is dropped, and shows that it does', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const html = ada.page.locator('html');
  await gives(ada, 'dragover', [picture('a.png', 20, 20)]);
  await expect(html).toHaveAttribute('data-dragged', '');
  await gives(ada, 'dragleave', [picture('a.png', 20, 20)]);
  await expect(html).not.toHaveAttribute('data-dragged');
  await gives(ada, 'dragover', [picture('a.png', 20, 20)]);
  await gives(ada, 'drop', [picture('a.png', 20, 20), picture('b.png', 20, 20)]);
  await expect(html).not.toHaveAttribute('data-dragged');
  await isThere(ada, 2);
  await ada.says('two');
  await expect(pictures(ben)).toHaveCount(2);
});

test('a message waits for its files, visibly, and one that is taken out is gone', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  const methods: string[] = [];
  await ada.page.route(UPLOADS, async (route) => {
    methods.push(route.request().method());
    if (route.request().method() === 'PATCH') await held;
    await route.continue();
  });
  await chooses(ada, bytes('slow.bin', 1_000), bytes('unwanted.bin', 1_000));
  await expect(tray(ada).locator('progress:visible')).toHaveCount(2);
  await ada.says('with a file');
  await expect(ada.note).toHaveText(ada.words.sendsWhenThere);
  await expect(ada.box).toHaveValue('with a file');
  await ada.press(ada.words.remove('unwanted.bin'));
  await expect(tray(ada)).toHaveCount(1);
  release();
  await ben.sees('with a file');
  await expect(ben.rows.locator('a.attachment')).toHaveText([/slow\.bin/]);
  await expect(ada.box).toHaveValue('');
  await expect(ada.note).toHaveText('');

  await chooses(ada, bytes('there.bin', 1_000));
  await isThere(ada, 1);
  const deleted = ada.page.waitForRequest((request) => request.method() === 'DELETE');
  await ada.press(ada.words.remove('there.bin'));
  await deleted;
  await expect(tray(ada)).toHaveCount(0);
  await expect(ada.box).toBeFocused();
});

test('an upload goes on where it was cut, even over a death of the server', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  const offsets: number[] = [];
  let dies = house.dies.bind(house);
  await ada.page.route(UPLOADS, async (route) => {
    const offset = route.request().headers()['upload-offset'];
    if (route.request().method() === 'PATCH') offsets.push(Number(offset));
    if (offsets.length === 2) {
      const now = dies;
      dies = async () => {};
      await now();
    }
    await route.continue();
  });
  await chooses(ada, bytes('long.bin', 3_000_000));
  await ada.connectionIs('offline', TO_COME_BACK);
  await expect(tray(ada).locator('progress')).toBeVisible();
  await house.opensAgain();
  await ada.isLive(TO_COME_BACK);
  await isThere(ada, 1);
  await ada.says('after the cut');
  await ben.isLive(TO_COME_BACK);
  await ben.sees('after the cut', TO_COME_BACK);
  expect(offsets.filter((offset) => offset === 0), 'the beginning was sent once').toHaveLength(1);
  const download = ben.page.waitForEvent('download');
  await ben.rows.locator('a.attachment').click();
  const stream = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(bytes('', 3_000_000).buffer)).toBe(true);
});

/** How wide the picture in the viewer is on the screen, in CSS pixels. */
const width = async (person: Person) => (await shown(person).boundingBox())!.width;

test('pictures are looked at with the keys, larger and smaller, and the focus comes back', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await sends(ada, 'two', picture('one.png', 900, 600), picture('two.png', 300, 900, [40, 120, 200]));
  await sends(ada, 'a letter between', bytes('letter.bin', 10));
  await sends(ada, 'and one', picture('three.png', 60, 60));
  await expect(pictures(ben)).toHaveCount(3);
  await pictures(ben).first().focus();
  await ben.page.keyboard.press('Enter');
  await expect(title(ben)).toHaveText('one.png');
  await expect(viewer(ben).locator('.viewer-stage')).toBeFocused();
  await ben.page.keyboard.press('ArrowLeft');
  await ben.page.keyboard.press('ArrowRight');
  await expect(title(ben)).toHaveText('two.png');
  await expect.poll(() => shown(ben).evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(900);
  const fitted = await width(ben);
  await ben.page.keyboard.press('+');
  await expect.poll(() => width(ben)).toBeCloseTo(fitted * 1.5, 0);
  await ben.page.keyboard.press('-');
  await expect.poll(() => width(ben)).toBeCloseTo(fitted, 0);
  await viewer(ben).getByRole('button', { name: ben.words.zoomIn }).click();
  await viewer(ben).getByRole('button', { name: ben.words.zoomIn }).click();
  await expect.poll(() => width(ben)).toBeCloseTo(fitted * 2.25, 0);
  const inTheMiddle = () => viewer(ben).locator('.viewer-stage').evaluate((stage) => {
    const { scrollTop, clientHeight, scrollHeight } = stage;
    return Math.round(scrollTop + clientHeight / 2 - scrollHeight / 2);
  });
  expect(Math.abs(await inTheMiddle())).toBeLessThanOrEqual(2);
  await ben.page.keyboard.press('0');
  await expect.poll(() => width(ben)).toBeCloseTo(fitted, 0);
  await shown(ben).dblclick();
  await expect.poll(() => width(ben)).toBeCloseTo(fitted * 2.25, 0);
  await ben.page.keyboard.press('ArrowRight');
  await expect(title(ben)).toHaveText('three.png');
  await expect.poll(() => width(ben), 'no larger than it is').toBeCloseTo(60, 0);
  await expect(viewer(ben).getByRole('link', { name: ben.words.nextPicture })).toHaveAttribute('aria-disabled', 'true');
  await expect(viewer(ben).getByRole('link', { name: ben.words.download('three.png') })).toHaveAttribute('download', 'three.png');
  await viewer(ben).getByRole('link', { name: ben.words.showMessage }).click();
  await expect(viewer(ben)).toBeHidden();
  await expect(ben.message('and one')).toBeInViewport();

  await pictures(ben).first().focus();
  await ben.page.keyboard.press('Enter');
  await expect(title(ben)).toHaveText('one.png');
  await ben.page.keyboard.press('Escape');
  await expect(viewer(ben)).toBeHidden();
  await expect(pictures(ben).first()).toBeFocused();
  await pictures(ben).first().click();
  await expect(viewer(ben)).toBeVisible();
  await ben.page.goBack();
  await expect(viewer(ben)).toBeHidden();
});

test('a picture that is made larger shows all that the file has', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await sends(ada, 'the whole page', picture('page.png', 300, 2_400));
  await sends(ada, 'and a small one', picture('small.png', 300, 400));
  const [high, small] = [pictures(ben).first(), pictures(ben).last()];
  const seen = () => shown(ben).evaluate((image: HTMLImageElement) => image.naturalHeight);
  await high.click();
  await expect.poll(seen).toBe(1_920);
  await ben.page.keyboard.press('0');
  await expect(shown(ben), 'as large as it was').toHaveAttribute('src', /\/large$/);
  await ben.page.keyboard.press('+');
  await expect.poll(seen).toBe(2_400);
  await ben.page.keyboard.press('Escape');
  await expect(viewer(ben)).toBeHidden();
  await small.click();
  await expect.poll(seen).toBe(400);
  const drawn = await shown(ben).getAttribute('src');
  await ben.page.keyboard.press('+');
  await expect(viewer(ben).locator('.viewer-stage')).toHaveAttribute('data-step', '1');
  await expect(shown(ben)).toHaveAttribute('src', drawn!);
});

test('what is drawn in black on nothing can be seen in the dark, too', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { scheme: 'dark' });
  const clear = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAEklEQVR4nGNgYGD4z0AEGOaKABEwB/l/oWC0AAAAAElFTkSuQmCC', 'base64');
  await chooses(ada, { name: 'clear.png', mimeType: 'image/png', buffer: clear });
  await isThere(ada, 1);
  const isLight = async (ground: Locator) => {
    const colour = await ground.evaluate((ground) => getComputedStyle(ground).backgroundColor);
    expect(Number(/^oklch\(([\d.]+)/.exec(colour)?.[1]), colour).toBeGreaterThan(0.9);
  };
  await isLight(tray(ada).locator('img'));
  await ada.says('look');
  await isLight(pictures(ada));
  await pictures(ada).click();
  await isLight(shown(ada));
});

test('what moves says so, and stands still until it is looked at', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const moving = Buffer.from('R0lGODlhAgABAIEAAP8AAAAA/wD/AP///yH5BAQUAAAALAAAAAACAAEAAAICBAoAIfkEBBQAAAAsAAAAAAIAAQAAAgJMCgA7', 'base64');
  await sends(ada, 'look', { name: 'wave.gif', mimeType: 'image/gif', buffer: moving }, picture('still.png', 30, 30));
  await expect(pictures(ada)).toHaveCount(2);
  const says = (at: number) => pictures(ada).nth(at).evaluate((link) => getComputedStyle(link, '::after').content);
  expect([await says(0), await says(1)]).toEqual(['"GIF" / ""', 'none']);
  await expect(pictures(ada).first().locator('img')).toHaveAttribute('src', /\/small$/);
  await pictures(ada).first().click();
  await expect(shown(ada)).toHaveAttribute('src', /wave\.gif$/);
});

test('on a phone a picture opens, grows and closes by taps, and the next one comes by a swipe', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { ...DEVICES.phone });
  await sends(ada, '', picture('one.png', 900, 600), picture('two.png', 600, 900));
  await pictures(ada).first().tap();
  await expect(title(ada)).toHaveText('one.png');
  const before = await width(ada);
  await viewer(ada).getByRole('button', { name: ada.words.zoomIn }).tap();
  await expect.poll(() => width(ada)).toBeGreaterThan(before);
  await viewer(ada).getByRole('link', { name: ada.words.nextPicture }).tap();
  await expect(title(ada)).toHaveText('two.png');
  await expect.poll(() => width(ada), 'another picture begins as it fits').toBeCloseTo(before, 0);
  await ada.sheet.getByRole('link', { name: ada.words.close }).tap();
  await expect(viewer(ada)).toBeHidden();

  await pictures(ada).first().tap();
  await expect(title(ada)).toHaveText('one.png');
  const { x, y } = (await shown(ada).boundingBox())!;
  const finger = await ada.page.context().newCDPSession(ada.page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: number) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: x + at, y: y + 20 }] });
  await touch('touchStart', 300);
  for (const at of [260, 220, 180, 140, 100]) await touch('touchMove', at);
  await touch('touchEnd', 100);
  await expect(title(ada)).toHaveText('two.png');
});

test('a picture has a page of its own, which needs no scripts', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await sends(ada, 'look', picture('one.png', 900, 600), picture('two.png', 600, 900));
  const ben = await walksIn('Ben', { script: false });
  await ben.page.locator('a.picture').first().click();
  await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText('one.png');
  await expect(ben.page.getByRole('button')).toHaveCount(0);
  await ben.page.getByRole('link', { name: ben.words.nextPicture }).click();
  await expect(ben.page.locator('.viewer img')).toHaveAttribute('alt', 'two.png');
  await ben.page.getByRole('link', { name: ben.words.close }).click();
  await expect(ben.page.getByText('look', { exact: true })).toBeVisible();
});

test('a picture that is looked at while its message is deleted is not shown any more', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = (await walksIn('Ben')).forgives(/status of 404/);
  await sends(ada, 'oh no', picture('one.png', 300, 200), picture('two.png', 300, 200));
  await sends(ada, 'stays', picture('three.png', 300, 200));
  await expect(pictures(ben)).toHaveCount(3);
  await pictures(ben).last().click();
  await expect(title(ben)).toHaveText('three.png');
  await ben.page.keyboard.press('ArrowLeft');
  await expect(title(ben)).toHaveText('two.png');
  await ada.message('oh no').hover();
  await ada.message('oh no').getByRole('button', { name: ada.words.more, exact: true }).click();
  await ada.page.getByRole('menuitem', { name: ada.words.delete, exact: true }).click();
  await ada.page.getByRole('dialog', { name: ada.words.deleteThis }).getByRole('button', { name: ada.words.delete }).click();
  await expect(viewer(ben)).toBeHidden();
  await ben.isTold(ben.words.refused.messageDeleted);
  await expect(ben.box).toBeFocused();
  await pictures(ben).click();
  await expect(title(ben)).toHaveText('three.png');
});

test('what is deleted is gone for everyone, pictures and all', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await sends(ada, 'oh no', picture('secret.png', 300, 200));
  await isLoaded(ben);
  const viewed = (await pictures(ben).getAttribute('href'))!;
  await pictures(ben).click();
  const original = (await viewer(ben).getByRole('link', { name: ben.words.download('secret.png') }).getAttribute('href'))!;
  await ben.page.keyboard.press('Escape');
  const addresses = [viewed, original, `${viewed}/small`, `${viewed}/large`];
  for (const address of addresses) expect((await ben.page.request.get(address)).status()).toBe(200);
  await ada.message('oh no').hover();
  await ada.message('oh no').getByRole('button', { name: ada.words.more, exact: true }).click();
  await ada.page.getByRole('menuitem', { name: ada.words.delete, exact: true }).click();
  await ada.page.getByRole('dialog', { name: ada.words.deleteThis }).getByRole('button', { name: ada.words.delete }).click();
  for (const person of [ada, ben]) {
    await expect(pictures(person)).toHaveCount(0);
    await person.seesExactly([person.words.deleted]);
  }
  for (const address of addresses) expect((await ben.page.request.get(address)).status()).toBe(404);
});

test('files that were chosen and not sent survive a reload, and stand in every tab', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await chooses(ada, picture('kept.png', 200, 100));
  await isThere(ada, 1);
  const other = await ada.opensAnotherTab();
  await isThere(other, 1);
  await ada.reloads();
  await isThere(ada, 1);
  await expect(tray(ada)).toContainText('kept.png');
  await ada.says('after all');
  await isLoaded(ben);
  await ben.seesExactly(['after all']);
  await expect(tray(other)).toHaveCount(0);
});

test('a message with files waits offline, survives a reload, and arrives', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await chooses(ada, picture('kept.png', 200, 100));
  await isThere(ada, 1);
  await house.closes();
  await ada.connectionIs('offline');
  await ada.says('from the subway');
  await ada.seesWaiting('from the subway');
  await expect(pictures(ada)).toHaveCount(1);
  await ada.goesElsewhere();
  await house.opensAgain();
  await ada.goesTo(MADANG.path);
  await ben.isLive(TO_COME_BACK);
  await ben.sees('from the subway', TO_COME_BACK);
  await isLoaded(ben);
  await ada.sees('from the subway');
});

test('a file that is chosen without a connection comes once there is one', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await chooses(ada, bytes('patient.bin', 1_000));
  await expect(tray(ada).locator('progress')).toBeVisible();
  await ada.choosesInConnectionMenu(ada.words.connect);
  await isThere(ada, 1);
  await ada.says('with a file');
  await ben.sees('with a file');
  await expect(ben.rows.locator('a.attachment')).toHaveText([/patient\.bin/]);
});

test('pictures that could not be had are asked for again once there is a connection', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/ERR_FAILED/);
  const ben = await walksIn('Ben');
  await ada.page.route('**/pictures/**', (route) => route.abort());
  await sends(ben, 'look', picture('yard.png', 300, 200));
  await ada.sees('look');
  const image = pictures(ada).locator('img').first();
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(0);
  await ada.page.unroute('**/pictures/**');
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await ada.choosesInConnectionMenu(ada.words.connect);
  await ada.isLive();
  await isLoaded(ada);
});

test.describe('where little is taken', () => {
  test.use({ settings: ['--max-files', '2', '--max-file-mb', '1'] });

  test('what is too much is told before it is sent, with the number, and the text is kept', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    const limit = ' You can attach up to 2 files of 1 MB each.';
    await expect(field(ada)).toHaveAttribute('aria-label', limit.trim());
    await ada.writes('typed for long');
    await chooses(ada, bytes('large.bin', 1_000_001), bytes('a.bin', 1), bytes('b.bin', 1));
    await expect(tray(ada)).toHaveCount(2);
    await expect(tray(ada).first()).toContainText(ada.words.refused.fileTooLarge.replace('{}', '1 MB'));
    await expect(ada.note).toHaveText(ada.words.refused.filesTooMany.replace('{}', '2'));
    await expect(field(ada), 'no more fit').toBeDisabled();
    await ada.box.press('Enter');
    await expect(ada.note).toHaveText(ada.words.refused.fileTooLarge.replace('{}', '1 MB'));
    await expect(ada.box).toHaveValue('typed for long');
    await ada.press(ada.words.remove('large.bin'));
    await expect(field(ada)).toBeEnabled();
    await chooses(ada, bytes('b.bin', 1));
    await isThere(ada, 2);
    await expect(field(ada)).toBeDisabled();
    await gives(ada, 'paste', [], { text: 'far too long '.repeat(5_000) });
    await expect(ada.note, 'what was pasted can be pasted again').toHaveText(ada.words.refused.filesTooMany.replace('{}', '2'));
    await expect(ada.box).toHaveValue('typed for long');
    await ada.box.press('Enter');
    await ben.sees('typed for long');
    await expect(ben.rows.locator('a.attachment')).toHaveCount(2);
    await gives(ada, 'paste', [], { text: 'far too long '.repeat(5_000) });
    await isThere(ada, 1);
    await expect(ada.note).toHaveText(ada.words.isPasted);
  });
});

test.describe('where nothing is taken', () => {
  test.use({ settings: ['--max-files', '0'] });

  test('there is no button for files, and what is dropped is refused with a sentence', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    await expect(ada.page.locator('.attach')).toBeHidden();
    await gives(ada, 'drop', [picture('a.png', 20, 20)]);
    await expect(ada.note).toHaveText(ada.words.refused.noFiles);
    await expect(tray(ada)).toHaveCount(0);
  });
});

test('what was still on its way when the page was closed is named on the next one, and the text is kept', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await chooses(ada, bytes('there.bin', 1_000));
  await isThere(ada, 1);
  await ada.page.route(UPLOADS, (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()));
  await chooses(ada, bytes('slow.bin', 1_000));
  await expect(tray(ada)).toHaveCount(2);
  await ada.writes('typed for long');
  await ada.reloads();
  await expect(tray(ada)).toHaveText([/there\.bin/, new RegExp(`slow\\.bin.*${ada.words.refused.fileUnknown}`)]);
  await ada.box.press('Enter');
  await expect(ada.note).toHaveText(ada.words.refused.fileUnknown);
  await expect(ada.box).toHaveValue('typed for long');
  await ada.press(ada.words.remove('slow.bin'));
  await ada.box.press('Enter');
  await ben.sees('typed for long');
  await expect(ben.rows.locator('a.attachment')).toHaveText([/there\.bin/]);
});

test('what the server refuses is said at the file, and the text is kept', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 507/);
  const why = { code: 'disk_full' };
  await ada.page.route('**/uploads', (route) => route.fulfill({ status: 507, contentType: 'application/problem+json', json: why }));
  await ada.writes('typed for long');
  await chooses(ada, bytes('a.bin', 10));
  await expect(tray(ada)).toContainText(ada.words.refused.diskFull);
  await ada.box.press('Enter');
  await expect(ada.note).toHaveText(ada.words.refused.diskFull);
  await expect(ada.box).toHaveValue('typed for long');
  await expect(ada.rows).toHaveCount(0);
});

for (const lang of ['en', 'ko'] as const) {
  test(`a folder that is dropped, and a file that is moved away meanwhile, are refused at once and hold up nothing (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/ERR_FILE_NOT_FOUND|ERR_UPLOAD_FILE_CHANGED/);
    const ben = await walksIn('Ben');
    const folder = await mkdtemp(path.join(tmpdir(), 'madang-folder-'));
    const moved = path.join(folder, 'moved.bin');
    await writeFile(moved, Buffer.alloc(1_000));
    await ada.writes('typed for long');
    await ada.page.route('**/uploads', async (route) => {
      await rm(moved, { force: true });
      await route.continue();
    });
    await field(ada).setInputFiles(moved);
    await drops(ada, folder);
    await chooses(ada, bytes('letter.bin', 10));
    const { uploadMismatch } = ada.words.refused;
    await expect(tray(ada).locator('.tray-note')).toHaveText([uploadMismatch, uploadMismatch, '']);
    await expect(tray(ada).locator('progress:visible')).toHaveCount(0);
    await expect(tray(ada).getByRole('button', { name: ada.words.retry })).toHaveCount(0);
    await ada.box.press('Enter');
    await expect(ada.note).toHaveText(uploadMismatch);
    for (const name of ['moved.bin', path.basename(folder)]) await ada.press(ada.words.remove(name));
    await ada.box.press('Enter');
    await ben.sees('typed for long');
    await expect(ben.rows.locator('a.attachment')).toHaveText([/letter\.bin/]);
    await rm(folder, { recursive: true });
  });
}

/** Drops what lies at this path on the room, as the hand does. */
async function drops(person: Person, at: string): Promise<void> {
  const hand = await person.context.newCDPSession(person.page);
  const data = { items: [], files: [at], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await hand.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
}

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`what looks like a picture and is none is said to be a download before it is sent (${lang}, ${device})`, async ({ walksIn }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben');
      const typed = (name: string, text: string) => ({ ...bytes(name, 1), buffer: Buffer.from(text) });
      await chooses(
        ada,
        picture('a view.png', 300, 200),
        typed('lie.png', '<!DOCTYPE html><script>alert(1)</script>'),
        typed('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        typed('../../evil\u202Etxt.exe', 'MZ'),
        bytes('letter.pdf', 9),
      );
      const note = ada.words.notShown;
      await expect(tray(ada).locator('.tray-note')).toHaveText(['', note, note, '', '']);
      await expect(tray(ada).locator('.attachment-name')).toHaveText(['a view.png', 'lie.png', 'drawing.svg', 'eviltxt.exe', 'letter.pdf']);
      const small = tray(ada).locator('img:visible');
      await expect(small).toHaveCount(1);
      await expect.poll(() => small.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(300);
      await ada.writes('kept with them');
      await isFitToBeSeen(ada, device, 'files not shown');
      await ada.box.press('Enter');
      await ben.sees('kept with them');
      await expect(pictures(ben)).toHaveCount(1);
      await expect(ben.rows.locator('a.attachment')).toHaveText([/lie\.png/, /drawing\.svg/, /eviltxt\.exe/, /letter\.pdf/]);
      await expect(tray(ada)).toHaveCount(0);
    });
  }
}

test('nothing moves when a picture comes', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  for (const at of Array.from({ length: 12 }, (_, at) => at)) await ada.says(`line ${at}`);
  await sends(ada, 'a picture', picture('large.png', 900, 700));
  await ada.says('below it');
  await ben.sees('below it');
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await ben.page.route('**/pictures/**', async (route) => {
    await held;
    await route.continue();
  });
  await ben.reloads();
  await ben.isLive();
  const at = async () => [await ben.message('a picture').boundingBox(), await ben.message('below it').boundingBox()];
  await expect(ben.message('below it')).toBeInViewport();
  const before = await at();
  expect(await pictures(ben).evaluate((link) => getComputedStyle(link).backgroundImage)).toContain('linear-gradient');
  release();
  await isLoaded(ben);
  expect(await at()).toEqual(before);
});

test('without JavaScript files go with the form', async ({ walksIn }) => {
  const ben = await walksIn('Ben');
  const ada = await walksIn('Ada', { script: false });
  await expect(field(ada)).toBeVisible();
  await chooses(ada, picture('plain.png', 300, 200), bytes('plain.bin', 10));
  await ada.press(ada.words.send);
  await expect(ada.page.locator('a.picture img')).toHaveCount(1);
  await expect(pictures(ben)).toHaveCount(1);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`files are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...DEVICES[device], lang, still: true });
      const ben = await walksIn('Ben');
      await sends(ben, '어제 찍은 사진이에요. From yesterday.', picture('courtyard.png', 1_600, 1_000));
      await sends(ben, '', ...[[900, 600], [600, 900], [500, 500], [1_200, 400]].map(([wide, high], at) => picture(`${at}.png`, wide, high, [60 + 40 * at, 160 - 30 * at, 90])));
      await sends(me, lang === 'ko' ? '회의록과 녹음' : 'Minutes and a recording', bytes('아주 긴 이름의 회의록 with a very long name indeed, that does not fit.pdf', 2_345_678), sound('recording.wav'));
      await isLoaded(me, 4);
      await isFitToBeSeen(me, device, 'files talk');

      let release = () => {};
      const held = new Promise<void>((done) => (release = done));
      await me.page.route(UPLOADS, async (route) => {
        await held;
        await route.continue();
      });
      await chooses(me, picture('coming.png', 90, 90), { ...bytes('film.mp4', 10), buffer: Buffer.alloc(0) });
      await chooses(me, ...Array.from({ length: 9 }, (_, at) => bytes(`more ${at}.bin`, 10)));
      await expect(tray(me)).toHaveCount(10);
      await isFitToBeSeen(me, device, 'files tray');
      release();

      await pictures(me).nth(2).click();
      await expect(viewer(me)).toBeVisible();
      await expect.poll(() => shown(me).evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(900);
      await isFitToBeSeen(me, device, 'files viewer');
      await me.page.keyboard.press('Escape');
      await gives(me, 'dragover', [picture('a.png', 20, 20)]);
      await isFitToBeSeen(me, device, 'files drop');
    });
  }
}

for (const lang of ['en', 'ko'] as const) {
  test(`without JavaScript, too, it is said what can't be shown, and which file was refused (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang, script: false })).forgives(/status of 422|status of 413/);
    const ben = await walksIn('Ben', { lang, script: false });
    const said = (person: Person) => person.page.locator('.toast[role=status]:not([hidden])');
    await field(ada).setInputFiles([{ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('no picture') }]);
    await ada.says('look');
    await expect(said(ada)).toHaveText(`\u2068photo.png\u2069: ${ada.words.notShown}`);
    await ben.reloads();
    await ben.sees('look');
    await expect(said(ben)).toHaveCount(0);
    await ada.says('never mind');
    await expect(said(ada)).toHaveCount(0);
    await field(ada).setInputFiles(Array.from({ length: 11 }, (_, at) => bytes(`${at}.bin`, 5)));
    await ada.says('all of them');
    await expect(said(ada)).toContainText('10.bin');
    await expect(said(ada)).toContainText(ada.words.refusedFiles);
    await expect(ada.box).toHaveValue('all of them');
  });
}
