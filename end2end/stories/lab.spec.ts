// The lab: trying WebSockets by hand, and finding out why one doesn't get through.

import type { Locator } from '@playwright/test';
import { expect, MADANG, type Person, test, TO_COME_BACK, VERSION } from '../vocabulary';

/** The lab's bench, as somebody sees it. */
class Bench {
  constructor(private readonly person: Person) {}

  static async of(person: Person): Promise<Bench> {
    await person.goesTo('/lab');
    return new Bench(person);
  }

  async chooses(endpoint: string): Promise<void> {
    await this.person.page.getByRole('radio', { name: new RegExp(`^${endpoint}`) }).check();
  }

  get address(): Locator {
    return this.person.page.locator('#lab-address');
  }

  get text(): Locator {
    return this.person.page.locator('#lab-text');
  }

  async connects(): Promise<void> {
    await this.person.press(this.person.words.connect);
  }

  async disconnects(): Promise<void> {
    await this.person.press(this.person.words.disconnect);
  }

  async sends(text: string): Promise<void> {
    await this.text.fill(text);
    await this.person.press(this.person.words.send);
  }

  /** The log's lines, each as what happened, and the text. */
  async shows(lines: [string, string | RegExp][], within?: { timeout: number }): Promise<void> {
    const whats = lines.map(([what]) => what);
    await expect(this.lines.locator('td:nth-child(2)')).toHaveText(whats, within);
    await expect(this.lines.locator('td:nth-child(3)')).toHaveText(lines.map(([, text]) => text));
  }

  get lines(): Locator {
    return this.person.page.getByRole('log').locator('tbody tr');
  }

  /** What stands beside the text: its size, and how long an echo took. */
  size(text: string): Locator {
    return this.lines.filter({ has: this.person.page.getByText(text, { exact: true }) }).locator('td:nth-child(4)');
  }
}

test('an echo comes back with its size and how long it took, until one disconnects', async ({ visits }) => {
  const ada = await visits();
  const bench = await Bench.of(ada);
  await expect(bench.lines).toHaveCount(0);
  await bench.connects();
  await bench.shows([['Connected', /\/ws\/echo/]]);
  await bench.sends('hello');
  await expect(bench.size('[RE]: hello')).toBeVisible();
  await bench.sends('안녕');
  await expect(bench.text).toHaveValue('');
  await expect(bench.size('[RE]: 안녕')).toBeVisible();
  await bench.disconnects();
  await bench.shows([
    ['Connected', /\/ws\/echo/],
    ['Sent', 'hello'],
    ['Received', '[RE]: hello'],
    ['Sent', '안녕'],
    ['Received', '[RE]: 안녕'],
    ['Disconnected', 'code 1000'],
  ]);
  await expect(bench.size('hello')).toHaveText('5 bytes');
  await expect(bench.size('안녕')).toHaveText('6 bytes');
  await expect(bench.size('[RE]: 안녕')).toHaveText(/^12 bytes · round trip \d+(\.\d)? ms$/);
  for (const time of await bench.lines.locator('td:nth-child(1)').allTextContents()) {
    expect(time).toMatch(/^\d{2}:\d{2}:\d{2}\.\d{3}$/);
  }
  await ada.press('Clear log');
  await expect(bench.lines).toHaveCount(0);
});

test('the lab speaks Korean', async ({ visits }) => {
  const minsu = await visits({ lang: 'ko' });
  const bench = await Bench.of(minsu);
  await bench.connects();
  await bench.sends('메아리');
  await bench.disconnects();
  await bench.shows([
    ['연결됨', /\/ws\/echo/],
    ['보냄', '메아리'],
    ['받음', '[RE]: 메아리'],
    ['연결 끊김', '코드 1000'],
  ]);
  await expect(bench.size('[RE]: 메아리')).toHaveText(/^15바이트 · 왕복 \d+(\.\d)?ms$/);
});

test('the ticker pushes its lines, says goodbye and closes', async ({ visits }) => {
  const bench = await Bench.of(await visits());
  await bench.chooses('Ticker');
  await expect(bench.address).toHaveValue('/ws/ticker?count=10&interval_ms=1000');
  await bench.address.fill('/ws/ticker?count=10&interval_ms=20');
  await bench.address.press('Enter');
  await bench.shows([
    ['Connected', /\/ws\/ticker/],
    ...Array.from({ length: 10 }, (_, at) => ['Received', `client got ${at}`] as [string, string]),
    ['Received', 'The client should refresh'],
    ['Disconnected', /^code 1000/],
  ]);
});

test('a plain client and people on the page talk with each other', async ({ visits, walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  await minsu.seesNotices([minsu.words.arrived('민수', 1)]);
  const bench = await Bench.of(await visits());
  await bench.chooses('Plain');
  await bench.address.fill('/ws/plain?room=madang&name=Telnet&lang=ko');
  await bench.connects();
  await bench.shows([['Connected', /\/ws\/plain/], ['Received', '새로운 유저 접속 [현재: 2명]']]);
  await minsu.seesNotices([minsu.words.arrived('민수', 1), minsu.words.arrived('Telnet', 2)]);
  await bench.sends('hello from a plain line');
  await minsu.sees('hello from a plain line');
  await expect(minsu.message('hello from a plain line').locator('.message-name')).toHaveText('Telnet');
  await minsu.says('반가워요');
  await expect(bench.lines.last()).toContainText('민수: 반가워요');
  await bench.sends('/exit');
  await bench.shows([
    ['Connected', /\/ws\/plain/],
    ['Received', '새로운 유저 접속 [현재: 2명]'],
    ['Sent', 'hello from a plain line'],
    ['Received', '민수: 반가워요'],
    ['Sent', '/exit'],
    ['Disconnected', /^code 1000/],
  ]);
  await expect(minsu.page.locator('.notice[data-notice=left]')).toHaveText([minsu.words.left('Telnet', 1)]);
  await minsu.seesExactly(['hello from a plain line', '반가워요']);
});

test("the chat's own socket can be spoken to by hand", async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const bench = await Bench.of(ada);
  await bench.chooses('Chat');
  await expect(bench.text).toHaveValue(`{"hello":{"version":${VERSION}}}`);
  await bench.connects();
  await bench.shows([['Connected', '/ws']]);
  await ada.press(ada.words.send);
  // The server says other things, too, in its own time.
  const hears = (words: string) => expect(bench.lines.filter({ hasText: words })).toHaveCount(1);
  await hears('{"welcome":{');
  await bench.sends('not json');
  await hears('"why":"not_json"');
  await bench.sends('{"dance":{}}');
  await hears('"why":"unknown_frame"');
  await bench.disconnects();
  await expect(bench.lines.last()).toContainText('code 1000');
});

test('a text over the cap is answered with a code that says so', async ({ visits }) => {
  const bench = await Bench.of(await visits());
  await bench.connects();
  await bench.shows([['Connected', /\/ws\/echo/]]);
  await bench.sends('x'.repeat(70_000));
  await expect(bench.lines.last()).toContainText('code 1009');
});

for (const [address, why] of [
  ['/ws/ticker?count=0', /^The server saw the request and refused it: /],
  ['/ws/plain?room=nowhere', "The server saw the request and refused it: There's no such room."],
  ['/ws/plain?name=%E2%80%8B', /^The server saw the request and refused it: The name has characters that can't be seen/],
] as const) {
  test(`a socket that the server refuses is explained: ${address}`, async ({ visits }) => {
    const bench = await Bench.of((await visits()).forgives(/WebSocket connection to .* failed/));
    await bench.address.fill(address);
    await bench.connects();
    await bench.shows([['Disconnected', 'code 1006'], ['Error', why]]);
    await bench.address.fill('/ws/echo');
    await bench.connects();
    await bench.shows([['Disconnected', 'code 1006'], ['Error', why], ['Connected', /\/ws\/echo/]]);
  });
}

test('a server that is down, and one that goes away without a goodbye, are told apart', async ({ visits, house }) => {
  const ada = (await visits()).forgivesRefusedConnections();
  const bench = await Bench.of(ada);
  await bench.connects();
  await bench.shows([['Connected', /\/ws\/echo/]]);
  await house.dies();
  await expect(bench.lines.last()).toContainText('The connection was cut without a goodbye', TO_COME_BACK);
  await ada.press('Clear log');
  await bench.connects();
  await bench.shows(
    [['Disconnected', 'code 1006'], ['Error', "The server can't be reached at all, not even by ordinary HTTP. It's down, or the network is."]],
    TO_COME_BACK,
  );
  await house.opensAgain();
  await bench.connects();
  await expect(bench.lines.last()).toContainText('/ws/echo');
});

test('another language and a look at a room do not end what is being tried', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.opensTheSettings();
  await ada.page.getByRole('link', { name: 'WebSocket lab' }).click();
  const bench = new Bench(ada);
  await bench.connects();
  await bench.shows([['Connected', /\/ws\/echo/]]);
  await ada.press('한국어');
  await bench.shows([['연결됨', /\/ws\/echo/]]);
  await ada.press('English');
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await ada.page.goBack();
  await bench.sends('still open');
  await bench.shows([['Connected', /\/ws\/echo/], ['Sent', 'still open'], ['Received', '[RE]: still open']]);
});

test('the small pages answer', async ({ visits }) => {
  const { context } = await visits();
  expect(await (await context.request.get('/lab/hello')).text()).toBe('Hello world!');
  const random = await (await context.request.get('/lab/random')).text();
  expect(random).toMatch(/^([1-9]\d?|100)$/);
  const user = await context.request.get('/lab/user/42');
  expect(user.headers()['content-type']).toBe('text/plain; charset=utf-8');
  expect(await user.text()).toBe('42');
});

test('without JavaScript the lab says what it needs', async ({ visits }) => {
  const ada = await visits({ at: '/lab', script: false });
  const note = ada.page.locator('noscript');
  await expect(note).toBeVisible();
  // Playwright takes a noscript's text for unseen.
  expect(await note.evaluate((element) => element.textContent)).toBe('The lab opens its sockets from this page, and needs JavaScript for that.');
  await expect(ada.page.getByRole('link', { name: '/lab/hello' })).toBeVisible();
});
