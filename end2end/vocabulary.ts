// What stories are told with: a house that is open, and people who visit it, each with a browser of their own. A person
// says, sees and presses; whatever goes wrong in their browser unseen (console errors, broken policies, exceptions)
// fails the story at its end.

import { test as base, type Browser, type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { House, VERSION } from './house';
import { type Asked, Road } from './road';
import { type Lang, type Words, words } from './words';

export { expect, type House, VERSION };

/** The room that is there from the start, and what it is called. */
export const MADANG = { path: '/rooms/madang', name: '마당' };
/** Somebody whose connection is gone counts as there for ten seconds; after that it is announced. */
export const AFTER_THE_GRACE = { timeout: 20_000 };
/** A browser that lost its server comes back within this time, counting its waits between tries. */
export const TO_COME_BACK = { timeout: 30_000 };

/** How somebody visits. */
export interface How {
  /** The page they open first. */
  at?: string;
  /** Their browser's language. */
  lang?: Lang;
  /** Whether their browser runs scripts. */
  script?: boolean;
  /** Whether what the server says can be held back on the way to them. */
  road?: boolean;
  /** The size of their window. */
  viewport?: { width: number; height: number };
  /** Whether they have a finger rather than a mouse. */
  touch?: boolean;
  /** What their system prefers. */
  scheme?: 'light' | 'dark';
  /** Whether things may move. */
  still?: boolean;
  /** The time zone of their clock. */
  timezone?: string;
  /** What their browser doesn't have: a place to keep things, or locks between tabs. */
  without?: 'storage' | 'locks';
}

/** Takes something away from a browser before the page's own scripts run. */
const WITHOUT = {
  storage: () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('not in this window', 'SecurityError');
    };
  },
  locks: () => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }),
};

/** A time zone in which it is this hour now. */
export function whereItIs(hour: number): string {
  const ahead = (hour - new Date().getUTCHours() + 36) % 24 - 12;
  // In these names the sign is turned around.
  return `Etc/GMT${ahead > 0 ? `-${ahead}` : `+${-ahead}`}`;
}

/** The language headers that browsers send. */
const LOCALES: Record<Lang, string> = { en: 'en-US', ko: 'ko-KR' };

/** Somebody at a browser, and one tab of it. */
export class Person {
  readonly words: Words;
  readonly lang: Lang;
  /** What went wrong in the browser, seen or unseen. */
  readonly troubles: string[] = [];
  /** The frames that this tab sent, by their names. */
  readonly sent: string[] = [];
  /** The same frames whole. */
  readonly asked: Asked[];
  private readonly forgiven: RegExp[] = [];

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly how: How,
    readonly road?: Road,
  ) {
    this.lang = how.lang ?? 'en';
    this.words = words[this.lang];
    this.asked = road?.asked ?? [];
    page.on('pageerror', (error) => this.hasTrouble(`exception: ${error.message}`));
    page.on('console', (said) => {
      if (said.type() === 'error') this.hasTrouble(`console: ${said.text()} (${said.location().url})`);
    });
    page.on('websocket', (socket) => {
      if (!socket.url().endsWith('/ws')) return;
      socket.on('framesent', ({ payload }) => {
        const asked: Asked = JSON.parse(String(payload));
        this.sent.push(...Object.keys(asked));
        if (!road) this.asked.push(asked);
      });
    });
  }

  /** A browser reports this itself when a story makes it happen on purpose. */
  forgives(trouble: RegExp): this {
    this.forgiven.push(trouble);
    return this;
  }

  /** For stories in which the server is away for a while. */
  forgivesRefusedConnections(): this {
    return this.forgives(/WebSocket connection to .* failed|net::ERR_/);
  }

  private hasTrouble(trouble: string): void {
    this.troubles.push(trouble);
  }

  get unforgiven(): string[] {
    return this.troubles.filter((trouble) => !this.forgiven.some((forgiven) => forgiven.test(trouble)));
  }

  // Where they go

  /** Opens a page and waits until it answers to its reader. */
  async goesTo(path: string): Promise<this> {
    await this.page.goto(path);
    return this.isReady();
  }

  async reloads(): Promise<this> {
    await this.page.reload();
    return this.isReady();
  }

  /** The wasm has taken the page over. */
  async isReady(): Promise<this> {
    if (this.how.script !== false) await expect(this.page.locator('html')).toHaveAttribute('data-ready', '');
    return this;
  }

  /** Fills in the form at the door. */
  async givesTheName(name: string): Promise<void> {
    await this.nameField.fill(name);
    await this.nameField.press('Enter');
  }

  /** Is in a room, with a connection that stands. */
  async isIn(room: string): Promise<this> {
    await expect(this.page.getByRole('heading', { level: 1, name: room, exact: true })).toBeVisible();
    await this.isReady();
    if (this.how.script !== false) await this.isLive();
    return this;
  }

  async isLive(within?: { timeout: number }): Promise<void> {
    await this.connectionIs('live', within);
  }

  async connectionIs(state: 'live' | 'offline' | 'closed' | 'connecting' | 'stale', within?: { timeout: number }): Promise<void> {
    await expect(this.connection).toHaveAttribute('data-state', state, within);
  }

  /** Another tab of the same browser, at the same page or another one. */
  async opensAnotherTab({ at, road }: { at?: string; road?: boolean } = {}): Promise<Person> {
    const page = await this.context.newPage();
    const tab = new Person(page, this.context, this.how, road ? await Road.to(page) : undefined);
    await tab.goesTo(at ?? new URL(this.page.url()).pathname);
    return tab;
  }

  /** A tab that is at no page yet. */
  async opensAnEmptyTab(): Promise<Person> {
    return new Person(await this.context.newPage(), this.context, this.how);
  }

  /** The page is left for something else, in the same tab. */
  async goesElsewhere(): Promise<void> {
    await this.page.goto('about:blank');
  }

  /** The tab is gone without a word, as when it crashes. */
  async crashesTheTab(): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const gone = this.page.waitForEvent('crash');
    session.send('Page.crash').catch(() => {});
    await gone;
    await this.page.close();
  }

  /** This text lies in the browser's storage, in the database whose name begins so. */
  async hasKept(database: string, text: string): Promise<void> {
    const kept = () =>
      this.page.evaluate(async (database) => {
        const answer = <What>(request: IDBRequest<What>) =>
          new Promise<What>((resolve) => request.addEventListener('success', () => resolve(request.result)));
        const name = (await indexedDB.databases()).map((each) => each.name).find((name) => name?.startsWith(database));
        if (!name) return '';
        const opened = await answer(indexedDB.open(name));
        const values = await answer(opened.transaction('values').objectStore('values').getAll());
        opened.close();
        return JSON.stringify(values);
      }, database);
    await expect.poll(kept).toContain(text);
  }

  /** The browser opens its databases only when it is told that `storage-opens`, on each page from the next one on. */
  async keepsTheStorageShut(): Promise<void> {
    await this.page.addInitScript(() => {
      const opened = new Promise((open) => addEventListener('storage-opens', open));
      const ask = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (...what) {
        const request = ask.apply(this, what);
        const heard = (answer: () => void) => request.addEventListener('success', () => opened.then(answer));
        return Object.defineProperty(request, 'onsuccess', { set: heard });
      };
    });
  }

  /** Something that the browser tells the page. */
  async isToldByTheBrowser(where: 'window' | 'document', event: string): Promise<void> {
    await this.page.evaluate(([where, event]) => (where === 'window' ? window : document).dispatchEvent(new Event(event)), [where, event]);
  }

  /** Chance gives them nearly the longest wait each time, until the page is loaded again. */
  async hasToWaitLong(): Promise<void> {
    await this.page.evaluate(() => (Math.random = () => 0.9));
  }

  /** From now on time passes only when the story says so; the page's clock was installed before. */
  async stopsTheClock(): Promise<void> {
    // Some time ahead, for the clock can't be stopped at a moment that has passed.
    await this.page.clock.pauseAt((await this.page.evaluate(() => Date.now())) + 3_000);
  }

  async closesTheTab(): Promise<void> {
    await this.page.close();
  }

  // What they do

  async writes(text: string): Promise<void> {
    await this.box.fill(text);
  }

  /** Writes and sends, by Enter where scripts run and by the button where they don't. */
  async says(text: string): Promise<void> {
    await this.writes(text);
    if (this.how.script === false) await this.press(this.words.send);
    else await this.box.press('Enter');
  }

  /** Sets out to answer a message; what they say next does. */
  async startsToAnswer(text: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('toolbar').getByRole('button', { name: this.words.reply, exact: true }).click();
    await expect(this.page.locator('.reply-bar')).toBeVisible();
    await expect(this.box).toBeFocused();
  }

  /** Deletes what they have said. */
  async deletes(text: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('button', { name: this.words.more }).click();
    await this.page.getByRole('menuitem', { name: this.words.delete, exact: true }).click();
    await this.page.getByRole('dialog', { name: this.words.deleteThis }).getByRole('button', { name: this.words.delete }).click();
  }

  /** Says all this as fast as the server takes it, over a socket beside the page's own. */
  async saysAtOnce(texts: string[], room = MADANG.path): Promise<void> {
    const slug = room.split('/').pop()!;
    await this.page.evaluate(
      async ({ texts, room, version }) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
        const say = (frame: object) => socket.send(JSON.stringify(frame));
        const unconfirmed = new Set<string>();
        const waiting = texts.slice();
        const fill = () => {
          while (waiting.length > 0 && unconfirmed.size < 256) {
            const cid = crypto.randomUUID().replaceAll('-', '');
            unconfirmed.add(cid);
            say({ post: { room, cid, text: waiting.shift() } });
          }
        };
        await new Promise<void>((done, fail) => {
          socket.onopen = () => say({ hello: { version } });
          socket.onclose = ({ code }) => fail(new Error(`the socket was closed: ${code}`));
          socket.onmessage = ({ data }) => {
            const { welcome, page, events, refused } = JSON.parse(data);
            if (welcome) say({ open: { room } });
            if (refused) fail(new Error(`refused: ${refused.why}`));
            for (const [, , , , cid] of events?.events ?? []) unconfirmed.delete(cid);
            if (page || events) fill();
            if (page || events) if (unconfirmed.size === 0) done();
          };
        });
        socket.onclose = null;
        socket.close();
      },
      { texts, room: slug, version: VERSION },
    );
  }

  /** Keeps the wasm of pages that are loaded from now on back, until what this gives is called. */
  async holdsTheWasm(): Promise<() => void> {
    let letGo: () => void = () => {};
    const held = new Promise<void>((release) => (letGo = release));
    await this.page.route('**/*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    return letGo;
  }

  /** Presses the button of this name. */
  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Follows a link of the page itself, not of what is around it. */
  async follows(name: string): Promise<void> {
    await this.page.getByRole('main').getByRole('link', { name }).click();
  }

  /** Chooses something in the menu behind the connection's dot. */
  async choosesInConnectionMenu(name: string): Promise<void> {
    await this.connection.click();
    await this.page.locator('#connection-menu').getByRole('button', { name, exact: true }).click();
    await this.page.keyboard.press('Escape');
    await expect(this.page.locator('#connection-menu')).toBeHidden();
  }

  /** Makes a room, on the sheet for it. */
  async makesARoom(name: string, kind?: string): Promise<void> {
    await this.opensTheNewRoomForm();
    await this.newRoomField.fill(name);
    if (kind) await this.page.getByRole('radio', { name: kind }).check();
    await this.newRoomField.press('Enter');
  }

  /** Shows the list of rooms where it does not stand beside the room; the button says what is new, too. */
  async showsTheRooms(): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^${this.words.showRooms}`) }).click();
  }

  /** The sheet for a new room, from the list. */
  async opensTheNewRoomForm(): Promise<void> {
    const link = this.page.locator('#rooms').getByRole('link', { name: this.words.newRoom, exact: true });
    if (!(await link.isVisible())) await this.showsTheRooms();
    await link.click();
    await expect(this.newRoomField).toBeVisible();
  }

  /** The sheet about the room that is shown. */
  async opensAbout(): Promise<Locator> {
    await this.page.getByRole('link', { name: this.words.aboutRoom }).click();
    await expect(this.page.locator('dialog.sheet, main > .sheet-page').first()).toBeVisible();
    return this.page.locator('.sheet-page');
  }

  async opensTheSettings(): Promise<Locator> {
    await this.press(this.words.settings);
    const settings = this.page.getByRole('group', { name: this.words.settings });
    await expect(settings).toBeVisible();
    return settings;
  }

  /** Turns the wheel over the timeline; up is negative. */
  async turnsTheWheel(by_px: number): Promise<void> {
    await this.scroller.hover();
    await this.page.mouse.wheel(0, by_px);
  }

  // What they see

  /** One row with this text that waits. */
  async seesWaiting(text: string): Promise<void> {
    await this.seesAs('waiting', text);
  }

  /** One row with this text that was refused. */
  async seesFailed(text: string): Promise<void> {
    await this.seesAs('failed', text);
  }

  private async seesAs(state: string, text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).toHaveAttribute('data-state', state);
  }

  /** One row with this text, confirmed. */
  async sees(text: string, within?: { timeout: number }): Promise<void> {
    await expect(this.message(text)).toHaveCount(1, within);
    await expect(this.message(text)).toHaveAttribute('data-state', 'sent', within);
  }

  /** These messages and no others, in this order, all of them confirmed. */
  async seesExactly(texts: string[], within?: { timeout: number }): Promise<void> {
    await this.seesForNow(texts, within);
    await expect(this.page.locator('article.message:not([data-state=sent])')).toHaveCount(0, within);
  }

  /** These messages and no others, in this order, confirmed or not. */
  async seesForNow(texts: string[], within?: { timeout: number }): Promise<void> {
    await expect(this.texts).toHaveText(texts, within);
  }

  /** These comings and goings and no others, in this order. */
  async seesNotices(sentences: string[], within?: { timeout: number }): Promise<void> {
    await expect(this.page.locator('.notice[data-notice]')).toHaveText(sentences, within);
  }

  /** So many people are in the room, says its head. */
  async counts(people: number): Promise<void> {
    await expect(this.page.locator('.people-button')).toHaveText(this.words.people(people));
  }

  /** This is said of who is typing; empty when nobody is. */
  async seesTyping(sentence: string, within?: { timeout: number }): Promise<void> {
    await expect(this.page.locator('.room > .typing-line')).toHaveText(sentence, within);
  }

  /** The sentence beside a field, or wherever else something is refused. */
  async isTold(sentence: string): Promise<void> {
    await expect(this.page.getByText(sentence, { exact: true }).locator('visible=true')).toHaveCount(1);
  }

  // Where things are

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get nameField(): Locator {
    return this.page.getByRole('textbox', { name: this.words.yourName, exact: true });
  }

  get newRoomField(): Locator {
    return this.page.locator('.sheet-page').getByRole('textbox', { name: this.words.roomName, exact: true });
  }

  /** The page that lies over the room, if one does. */
  get sheet(): Locator {
    return this.page.locator('dialog.sheet');
  }

  /** The message box. */
  get box(): Locator {
    return this.page.locator('#message');
  }

  /** The line under the message box: why it was refused, and how many characters are left. */
  get note(): Locator {
    return this.page.locator('#message-note');
  }

  get connection(): Locator {
    return this.page.locator('button.connection');
  }

  get scroller(): Locator {
    return this.page.locator('.scroller');
  }

  get rows(): Locator {
    return this.page.getByRole('log').locator('article.message');
  }

  get texts(): Locator {
    return this.rows.locator('.message-text');
  }

  /** The row of a message. */
  message(text: string): Locator {
    return this.rows.filter({ has: this.page.locator('.message-text').getByText(text, { exact: true }) });
  }

  /** A room in the list at the side. */
  roomLink(name: string): Locator {
    return this.page.locator('#rooms').getByRole('link').filter({ has: this.page.getByText(name, { exact: true }) });
  }
}

interface Vocabulary {
  /** The server's settings, as on its command line: `test.use({ settings: [...] })`. */
  settings: string[];
  /** Which build of the server, where the settings are none of a release build. */
  build: 'debug' | undefined;
  /** The server of this story, empty when it begins. */
  house: House;
  /** Somebody opens a page. */
  visits: (how?: How) => Promise<Person>;
  /** Somebody gives a name at the door and is in the first room, or in the one that they went to. */
  walksIn: (name: string, how?: How) => Promise<Person>;
}

export const test = base.extend<Vocabulary>({
  settings: [[], { option: true }],
  build: [undefined, { option: true }],

  house: async ({ settings, build }, use) => {
    const house = await House.opens(settings, build);
    await use(house);
    await house.isTidiedAway();
    expect(house.complaints, 'the server has nothing to complain of').toEqual([]);
  },

  visits: async ({ browser, house }, use) => {
    const people: Person[] = [];
    await use(async (how = {}) => {
      const person = await opensABrowser(browser, house, how);
      people.push(person);
      return person.goesTo(how.at ?? '/');
    });
    for (const person of people) {
      expect(person.unforgiven, 'nothing went wrong in the browser').toEqual([]);
      await person.context.close();
    }
  },

  walksIn: async ({ visits }, use) => {
    await use(async (name, how = {}) => {
      const person = await visits({ at: MADANG.path, ...how });
      await person.givesTheName(name);
      await expect(person.nameField).toHaveCount(0);
      if (new URL(person.page.url()).pathname === MADANG.path) {
        await person.isIn(MADANG.name);
        // The word of somebody's coming follows a little later, for all who are there, and takes a line: rows move up.
        if (how.script !== false) await expect(person.page.locator('.notice[data-notice=arrived]').last()).toBeVisible();
      }
      return person;
    });
  },
});

async function opensABrowser(browser: Browser, house: House, how: How): Promise<Person> {
  const context = await browser.newContext({
    baseURL: house.address,
    locale: LOCALES[how.lang ?? 'en'],
    javaScriptEnabled: how.script ?? true,
    viewport: how.viewport ?? { width: 1280, height: 800 },
    hasTouch: how.touch ?? false,
    colorScheme: how.scheme ?? 'light',
    reducedMotion: how.still ? 'reduce' : 'no-preference',
    timezoneId: how.timezone ?? 'Asia/Seoul',
  });
  if (how.without) await context.addInitScript(WITHOUT[how.without]);
  const page = await context.newPage();
  const road = how.road ? await Road.to(page) : undefined;
  return new Person(page, context, how, road);
}
