// A message's address opens the room there: marked, in the middle, with what was said before and after; and from there one
// reads on in either direction, to the very first message and to the newest, while others talk.

import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { NO_MESSAGE_LIMIT, VERSION } from '../house';
import { belowTheEnd, inSight, placeOf, readsUpTo, rests, topmost } from '../scrolling';
import { expect, MADANG, type Person, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

/** A slow way to the server: the rest of a page, from this text on, comes only when it goes on. */
async function inTwoParts(address: string, from: string) {
  const rest: (() => void)[] = [];
  const way = createServer(({ url, headers }, answer) => {
    get(address + url, { headers: { ...headers, host: new URL(address).host, 'accept-encoding': 'identity' } }, async (given) => {
      const all = Buffer.concat(await given.toArray());
      const cut = all.indexOf(from);
      answer.writeHead(given.statusCode!, given.headers);
      answer.write(all.subarray(0, cut < 0 ? undefined : cut));
      if (cut < 0) answer.end();
      else rest.push(() => answer.end(all.subarray(cut)));
    });
  });
  await new Promise<void>((opened) => way.listen(0, '127.0.0.1', opened));
  return {
    address: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
    goesOn: () => rest.forEach((each) => each()),
    closes: () => new Promise((closed) => (way.close(closed), way.closeAllConnections())),
  };
}

const line = (number: number) => `line ${number} ${'of a long talk '.repeat((number * 7) % 23)}`.trimEnd();
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => line(from + at));
const at = (number: number) => `${MADANG.path}/${number}`;

/** Ben has said so much. */
async function speaker(walksIn: (name: string) => Promise<Person>, count: number): Promise<Person> {
  const ben = await walksIn('Ben');
  await ben.goesTo('/lab');
  await ben.saysAtOnce(lines(1, count));
  return ben;
}

/** This message and no other is marked, and it is whole in sight. */
async function isAt(person: Person, number: number): Promise<void> {
  await expect(person.page.locator('.message.target')).toHaveAttribute('data-seq', String(number));
  await expect(person.message(line(number))).toBeInViewport({ ratio: 1 });
}

async function seesNoHole(person: Person): Promise<number[]> {
  const numbers = await inSight(person);
  expect(numbers.length, 'rows are in sight').toBeGreaterThan(3);
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0] + index));
  return numbers;
}

/** Reads on until this row is in sight; nothing is left out or comes twice on the way. */
async function readsDownTo(person: Person, number: number): Promise<void> {
  await expect(async () => {
    // So much less than the timeline is high that each row is whole in sight at some point.
    await person.turnsTheWheel(450);
    await rests(person);
    await seesNoHole(person);
    await expect(person.message(line(number))).toBeInViewport({ ratio: 1, timeout: 50 });
  }).toPass({ intervals: [20], timeout: 40_000 });
}

for (const [device, { viewport, touch }] of Object.entries(DEVICES)) {
  test(`a message's address opens the room at it, and nothing jumps when the wasm arrives (${device})`, async ({ walksIn }) => {
    await speaker(walksIn, 300);
    const ada = await walksIn('Ada', { viewport, touch });
    // What a person sees before the wasm is there, and after.
    const open = await ada.holdsTheWasm();
    await ada.page.goto(at(100), { waitUntil: 'commit' });
    await isAt(ada, 100);
    await expect(ada.message(line(100))).toBeFocused();
    await expect(ada.rows).toHaveCount(50);
    const before = await placeOf(ada, line(100));
    open();
    await ada.isReady();
    await ada.isLive();
    await rests(ada);
    expect(Math.abs((await placeOf(ada, line(100))) - before)).toBeLessThanOrEqual(1);
    await expect(ada.message(line(100))).toBeFocused();
    const numbers = await seesNoHole(ada);
    expect(numbers[0]).toBeLessThan(100);
    expect(numbers.at(-1)).toBeGreaterThan(100);
    await expect(ada.button(ada.words.toNewest)).toBeVisible();
  });
}

test('one who scrolls before the wasm arrives stays where they are', async ({ walksIn }) => {
  await speaker(walksIn, 300);
  const ada = await walksIn('Ada');
  const open = await ada.holdsTheWasm();
  await ada.page.goto(at(100), { waitUntil: 'commit' });
  await isAt(ada, 100);
  await ada.turnsTheWheel(-450);
  await rests(ada);
  const watched = await topmost(ada);
  const before = await placeOf(ada, watched);
  open();
  await ada.isReady();
  await ada.isLive();
  await rests(ada);
  expect(Math.abs((await placeOf(ada, watched)) - before)).toBeLessThanOrEqual(1);
});

test('however slowly the page comes, it is at the message that its address names', async ({ walksIn, house }) => {
  await speaker(walksIn, 300);
  const ada = await walksIn('Ada');
  await ada.holdsTheWasm();
  const slow = await inTwoParts(house.address, 'data-seq="103"');
  await ada.page.goto(slow.address + at(100), { waitUntil: 'commit' });
  await expect(ada.message(line(100))).toBeAttached();
  // A browser that draws what it has does so between two of these.
  for (let look = 0; look < 50; look++) await ada.page.evaluate(() => new Promise((done) => setTimeout(done)));
  await expect(ada.message(line(110))).not.toBeAttached();
  slow.goesOn();
  await isAt(ada, 100);
  await expect(ada.rows).toHaveCount(50);
  await ada.closesTheTab();
  await slow.closes();
});

test('from a message one reads down to the newest without a hole or a repeat, while others talk', async ({ walksIn }) => {
  test.setTimeout(120_000);
  const ben = await speaker(walksIn, 400);
  const ada = await walksIn('Ada');
  await ada.goesTo(at(60));
  await isAt(ada, 60);
  await ada.isLive();
  await ben.saysAtOnce(lines(401, 410));
  await expect(ada.button(ada.words.newMessages(10))).toBeVisible();
  await isAt(ada, 60);
  await readsDownTo(ada, 250);
  await ben.saysAtOnce(lines(411, 415));
  await expect(ada.button(ada.words.newMessages(15))).toBeVisible();
  await readsDownTo(ada, 415);
  expect(await belowTheEnd(ada)).toBe(0);
  await expect(ada.page.locator('.pill')).toBeHidden();
  await ben.saysAtOnce([line(416)]);
  await expect(ada.message(line(416))).toBeInViewport({ ratio: 1 });
  // And up again, over the place where the pages were joined.
  await readsUpTo(ada, ada.message(line(180)));
  await seesNoHole(ada);
  await readsUpTo(ada, ada.page.getByText(ada.words.roomStart));
  await expect(ada.message(line(1))).toBeInViewport();
});

test('"to the newest" goes there at once, and the address is that of the room again', async ({ walksIn }) => {
  const ben = await speaker(walksIn, 400);
  const ada = await walksIn('Ada');
  await ada.goesTo(at(60));
  await ada.isLive();
  await ada.press(ada.words.toNewest);
  await expect(ada.message(line(400))).toBeInViewport({ ratio: 1 });
  expect(await belowTheEnd(ada)).toBe(0);
  await expect(ada.page.locator('.pill')).toBeHidden();
  await expect(ada.page.locator('.message.target')).toHaveCount(0);
  await expect(ada.page).toHaveURL(MADANG.path);
  await ben.saysAtOnce(['hello']);
  await expect(ada.message('hello')).toBeInViewport({ ratio: 1 });
});

test('one who speaks while at an old message is taken to the newest, where their words are', async ({ walksIn }) => {
  await speaker(walksIn, 200);
  const ada = await walksIn('Ada');
  await ada.goesTo(at(20));
  await ada.isLive();
  await ada.says('what I say now');
  await ada.sees('what I say now');
  await expect(ada.message('what I say now')).toBeInViewport({ ratio: 1 });
  await expect(ada.message(line(200))).toHaveCount(1);
  expect(await belowTheEnd(ada)).toBe(0);
});

test('a link within the page leads to a message that is loaded, to one that is not, and back to the newest', async ({ walksIn }) => {
  await speaker(walksIn, 400);
  const ada = await walksIn('Ada');
  // As a link in a message would: the page stays, and its socket.
  const goes = (number: number) =>
    ada.page.evaluate((path) => {
      history.pushState(null, '', path);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, at(number));
  await ada.page.evaluate(() => Object.assign(window, { stays: true }));
  await ada.writes('half a sent');
  await goes(380);
  await isAt(ada, 380);
  await expect(ada.message(line(380))).toBeFocused();
  const asked = ada.sent.filter((frame) => frame === 'open').length;
  await goes(30);
  await isAt(ada, 30);
  await expect(ada.message(line(30))).toBeFocused();
  expect(ada.sent.filter((frame) => frame === 'open').length).toBe(asked + 1);
  await goes(41);
  await isAt(ada, 41);
  await expect(ada.box).toHaveValue('half a sent');
  await ada.page.goBack();
  await isAt(ada, 30);
  await ada.page.goBack();
  await isAt(ada, 380);
  await ada.page.goBack();
  await expect(ada.message(line(400))).toBeInViewport({ ratio: 1 });
  await expect(ada.page.locator('.message.target')).toHaveCount(0);
  expect(await ada.page.evaluate(() => 'stays' in window)).toBe(true);
});

test('a link into another room walks in there, at the message', async ({ walksIn }) => {
  await speaker(walksIn, 200);
  const ada = await walksIn('Ada', { at: '/' });
  await ada.makesARoom('Kitchen');
  await ada.isIn('Kitchen');
  await ada.reloads();
  await ada.isLive();
  await ada.page.evaluate((path) => {
    history.pushState(null, '', path);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, at(77));
  await ada.isIn(MADANG.name);
  await isAt(ada, 77);
  await seesNoHole(ada);
  await ada.roomLink('Kitchen').click();
  await ada.isIn('Kitchen');
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await expect(ada.message(line(200))).toBeInViewport({ ratio: 1 });
});

test('a lost connection leaves one at the message, also after very much was said meanwhile', async ({ walksIn }) => {
  test.setTimeout(120_000);
  const ben = await speaker(walksIn, 400);
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.goesTo(at(60));
  await ada.isLive();
  await rests(ada);
  const before = await placeOf(ada, line(60));
  const stays = async () => {
    await rests(ada);
    await isAt(ada, 60);
    await expect.poll(async () => Math.abs((await placeOf(ada, line(60))) - before)).toBeLessThanOrEqual(1);
  };
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await ben.saysAtOnce(lines(401, 450));
  await ada.choosesInConnectionMenu(ada.words.connect);
  await ada.isLive();
  await expect(ada.button(ada.words.newMessages(50))).toBeVisible();
  await stays();
  // Further back than a resume reaches.
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await ben.saysAtOnce(lines(451, 2_600));
  await ada.choosesInConnectionMenu(ada.words.connect);
  await ada.isLive();
  await expect(ada.page.locator('.pill')).not.toHaveText(ada.words.newMessages(50));
  await stays();
  await readsDownTo(ada, 130);
  await ada.page.locator('.pill').click();
  await expect(ada.message(line(2_600))).toBeInViewport({ ratio: 1 });
});

test('one who reads far up while more comes than is kept reads down to the newest by hand', async ({ walksIn }) => {
  test.setTimeout(180_000);
  const ben = await speaker(walksIn, 60);
  const ada = await walksIn('Ada');
  await readsUpTo(ada, ada.message(line(35)));
  const watched = await topmost(ada);
  const before = await placeOf(ada, watched);
  // So much is kept for one who reads above, and more than a resume reaches comes behind it.
  await ben.saysAtOnce(lines(61, 15_000));
  await expect(ada.button(ada.words.newMessages(14_940))).toBeVisible({ timeout: 60_000 });
  await rests(ada);
  expect(Math.abs((await placeOf(ada, watched)) - before)).toBeLessThanOrEqual(1);
  // To where the run ends: the row there keeps its place, and what comes after it is added below.
  const near = async () => Math.max(...(await inSight(ada)));
  await ada.scroller.evaluate((scroller) => (scroller.scrollTop = -5_000));
  await rests(ada);
  const first = await near();
  expect(first).toBeGreaterThan(11_000);
  expect(first).toBeLessThan(12_300);
  await readsDownTo(ada, 12_500);
  await ben.saysAtOnce([line(15_001)]);
  await readsDownTo(ada, 12_700);
});

test('an address of nothing leads to the nearest message with a sentence; one of a deleted message to its place', async ({ walksIn }) => {
  const ben = await speaker(walksIn, 120);
  const ada = (await walksIn('Ada')).forgives(/status of 404/);
  await ada.goesTo(at(9_999));
  await isAt(ada, 120);
  await expect(ada.page.getByText(ada.words.messageMissing)).toBeVisible();
  await ada.goesTo(at(0));
  await isAt(ada, 1);
  await ada.goesTo(`${MADANG.path}/somewhere`);
  await expect(ada.page.getByRole('heading', { name: ada.words.missing })).toBeVisible();
  await ben.page.evaluate(async ({ room, version }) => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
    const say = (frame: object) => socket.send(JSON.stringify(frame));
    await new Promise((opened) => (socket.onopen = opened));
    say({ hello: { version } });
    say({ open: { room } });
    say({ delete: { room, of: 40, cid: crypto.randomUUID().replaceAll('-', '') } });
    await new Promise<void>((done) => (socket.onmessage = ({ data }) => JSON.parse(data).events?.events.some(([, , , what]: [0, 0, 0, object]) => 'deleted' in what) && done()));
    socket.close();
  }, { room: 'madang', version: VERSION });
  await ada.goesTo(at(40));
  const target = ada.page.locator('.message.target');
  await expect(target).toHaveAttribute('data-seq', '40');
  await expect(target.locator('.message-text')).toHaveText(ada.words.deleted);
  await expect(ada.page.getByText(ada.words.messageMissing)).toBeHidden();
});

test('without JavaScript the page is at the message, and links lead to what is older, newer and newest', async ({ walksIn }) => {
  await speaker(walksIn, 300);
  const ada = await walksIn('Ada', { script: false });
  await ada.goesTo(at(100));
  await ada.seesExactly(lines(76, 125));
  await isAt(ada, 100);
  await ada.page.getByRole('link', { name: ada.words.loadNewer }).click();
  await ada.seesExactly(lines(101, 150));
  await isAt(ada, 125);
  await ada.page.getByRole('link', { name: ada.words.loadOlder }).click();
  await isAt(ada, 101);
  await expect(ada.page.locator('.pill')).toBeHidden();
  await ada.page.getByRole('link', { name: 'Refresh for new messages' }).click();
  await ada.seesExactly(lines(251, 300));
  await expect(ada.message(line(300))).toBeInViewport({ ratio: 1 });
  await ada.goesTo(at(100));
  await ada.press('한국어');
  await expect(ada.page).toHaveURL(at(100));
});

test('whoever comes by a link first gives a name, and is at the message then', async ({ walksIn }) => {
  await speaker(walksIn, 100);
  const ada = await walksIn('Ada', { at: at(30) });
  await ada.isReady();
  await isAt(ada, 30);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`a room at a message is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      await speaker(walksIn, 120);
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      await ada.goesTo(at(50));
      await ada.isLive();
      await isAt(ada, 50);
      await isFitToBeSeen(ada, device, 'at a message');
      await ada.scroller.evaluate((scroller) => (scroller.scrollTop = 0));
      await rests(ada);
      await ada.goesTo(at(777));
      await isFitToBeSeen(ada, device, 'at no message');
    });
  }
}
