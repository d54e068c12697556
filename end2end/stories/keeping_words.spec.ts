// What somebody wrote outlives the page, the tab and the day; whichever tab of theirs is there sends it, once.

import { expect, MADANG, type Person, test, TO_COME_BACK } from '../vocabulary';

/** The texts of the messages that this tab sent. */
const posts = (person: Person) => person.asked.flatMap(({ post }) => (post ? [post.text] : []));

for (const [end, ends] of [
  ['closed', (tab: Person) => tab.closesTheTab()],
  ['crashed', (tab: Person) => tab.crashesTheTab()],
] as const) {
  test(`what was written offline is kept while the tab is ${end}, and arrives once, in its order`, async ({ walksIn, house }) => {
    const ada = (await walksIn('Ada')).forgivesRefusedConnections();
    const ben = (await walksIn('Ben')).forgivesRefusedConnections();
    await ada.says('before');
    await ben.sees('before');
    await house.dies();
    await ada.connectionIs('offline');
    const written = ['one', '둘', 'three'];
    for (const text of written) await ada.says(text);
    for (const text of written) await ada.seesWaiting(text);
    const later = await ada.opensAnEmptyTab();
    await ends(ada);

    await house.opensAgain();
    await later.goesTo(MADANG.path);
    await later.seesExactly(['before', ...written], TO_COME_BACK);
    await ben.isLive(TO_COME_BACK);
    await ben.seesExactly(['before', ...written]);
    await later.reloads();
    await later.isLive();
    await later.seesExactly(['before', ...written]);
    expect(posts(later)).toEqual(written);
  });
}

test('a message is confirmed once though the server died before it could say so and the page was loaded again', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada', { road: true })).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  ada.road!.holds();
  await ada.says('did you get this?');
  await ada.says('and this?');
  await ben.sees('did you get this?');
  await house.dies();
  await ada.connectionIs('offline');
  await ada.goesElsewhere();
  ada.road!.loses();
  await house.opensAgain();
  await ada.goesTo(MADANG.path);
  await ada.seesExactly(['did you get this?', 'and this?'], TO_COME_BACK);
  await ben.isLive(TO_COME_BACK);
  await ben.seesExactly(['did you get this?', 'and this?']);
  await ada.reloads();
  await ada.isLive();
  await ada.seesExactly(['did you get this?', 'and this?']);
});

test('one tab sends for all of them, and what each wrote stands in its order', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const second = await ada.opensAnotherTab();
  await second.isLive();
  const written = (tab: string) => Array.from({ length: 8 }, (_, at) => `${tab} ${at + 1}`);
  const write = async (tab: Person, texts: string[]) => {
    for (const text of texts) await tab.says(text);
  };
  await Promise.all([write(ada, written('first')), write(second, written('second'))]);

  await expect(ben.rows).toHaveCount(16);
  const seen = await ben.texts.allTextContents();
  for (const tab of ['first', 'second']) {
    expect(seen.filter((text) => text.startsWith(tab))).toEqual(written(tab));
  }
  for (const tab of [ada, second]) await tab.seesExactly(seen);
  expect(new Set(posts(ada)).size).toBe(16);
  expect(posts(second)).toEqual([]);
});

test('a tab that is closed leaves its words to another one, also for a room that it has not opened', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const second = await ada.opensAnotherTab({ at: '/' });
  await second.isLive();
  ada.road!.swallowsMessages();
  await ada.says('somebody please take this along');
  await ada.says('and this');
  await ada.seesWaiting('and this');
  await ada.closesTheTab();
  await ben.seesExactly(['somebody please take this along', 'and this']);
  await second.roomLink(MADANG.name).click();
  await second.seesExactly(['somebody please take this along', 'and this']);
  expect(posts(second)).toEqual(['somebody please take this along', 'and this']);
});

test('what a tab could tell nobody before it was gone is found and sent by another one', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const second = await ada.opensAnotherTab();
  await second.isLive();
  ada.road!.swallowsMessages();
  await ada.page.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));
  await ada.says('nobody else knows');
  await ada.hasKept('madang-outbox', 'nobody else knows');
  await second.seesForNow([]);
  await ada.closesTheTab();
  for (const person of [second, ben]) await person.seesExactly(['nobody else knows'], TO_COME_BACK);
  expect(posts(second)).toEqual(['nobody else knows']);
});

test('every tab shows how a message stands', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const second = await ada.opensAnotherTab();
  await second.isLive();
  ada.road!.swallowsMessages();
  await second.says('from the second tab');
  await second.seesWaiting('from the second tab');
  await ada.seesWaiting('from the second tab');
  ada.road!.swallowsMessages(false);
  await ada.road!.closes(4008);
  for (const person of [ada, second, ben]) await person.sees('from the second tab', TO_COME_BACK);
  await ben.seesExactly(['from the second tab']);
});

test('a tab that is stuck doesn’t hold up what the others write', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const second = await ada.opensAnotherTab();
  await second.isLive();
  ada.road!.swallowsMessages();
  await second.says('from the second tab');
  await ada.seesWaiting('from the second tab');
  for (const person of [second, ada, ben]) await person.sees('from the second tab', TO_COME_BACK);
  expect(posts(second)).toEqual(['from the second tab']);
});

test('a message that was refused can be sent again or thrown away in any tab, also after a reload', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const second = await ada.opensAnotherTab();
  await second.isLive();
  ada.road!.refusesMessages('unavailable');
  for (const text of ['please', 'or not', 'nor this']) await ada.says(text);
  for (const tab of [ada, second]) for (const text of ['please', 'or not', 'nor this']) await tab.seesFailed(text);
  await second.reloads();
  await second.isLive();
  await second.seesFailed('please');
  await second.message('or not').getByRole('button', { name: second.words.discard }).click();
  for (const tab of [ada, second]) await expect(tab.message('or not')).toHaveCount(0);
  ada.road!.refusesMessages(undefined);
  await second.message('please').getByRole('button', { name: second.words.retry }).click();
  for (const person of [ada, second, ben]) await person.sees('please');
  await ada.message('nor this').getByRole('button', { name: ada.words.discard }).click();
  await expect(second.message('nor this')).toHaveCount(0);
  for (const tab of [ada, second]) {
    await tab.reloads();
    await tab.isLive();
    await tab.seesExactly(['please']);
  }
  await ben.seesExactly(['please']);
});

test('what was refused stands last until it is decided on, and takes its place when it is sent again', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.refusesMessages('unavailable');
  await ada.says('refused');
  await ada.seesFailed('refused');
  ada.road!.refusesMessages(undefined);
  await ada.says('went through');
  await ada.sees('went through');
  await ada.seesForNow(['went through', 'refused']);
  await ben.says('an answer');
  await ada.seesForNow(['went through', 'an answer', 'refused']);
  await ada.reloads();
  await ada.isLive();
  await ada.seesForNow(['went through', 'an answer', 'refused']);
  await ada.seesFailed('refused');
  await ada.message('refused').getByRole('button', { name: ada.words.retry }).click();
  await ada.seesExactly(['went through', 'an answer', 'refused']);
  await ben.seesExactly(['went through', 'an answer', 'refused']);
});

test('too much at once is not a failure: it goes again when the server says', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.refusesMessages('too_fast', 200);
  await ada.says('one');
  await ada.says('two');
  // It was sent a second time by now, and refused a second time.
  await expect.poll(() => posts(ada).length).toBeGreaterThan(1);
  await ada.seesWaiting('one');
  await ada.seesWaiting('two');
  ada.road!.refusesMessages(undefined);
  await ben.seesExactly(['one', 'two']);
  await ada.seesExactly(['one', 'two']);
});

for (const lang of ['en', 'ko'] as const) {
  test(`a browser that keeps nothing says so, and still sends (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang, without: 'storage', road: true })).forgivesRefusedConnections();
    const ben = await walksIn('Ben');
    await expect(ada.note).toHaveText(ada.words.notKept);
    await ada.says('one');
    await ben.sees('one');
    await ada.road!.closes(4008);
    await ada.says('two');
    await ada.sees('two', TO_COME_BACK);
    const second = await ada.opensAnotherTab();
    await second.says('three');
    await ben.seesExactly(['one', 'two', 'three'], TO_COME_BACK);
    for (const tab of [ada, second]) await tab.seesExactly(['one', 'two', 'three'], TO_COME_BACK);
  });
}

test('what a full browser won’t keep any more is said to be so, and is sent all the same', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await ada.says('before');
  await ben.sees('before');
  await expect(ada.note).toHaveText('');
  await ada.page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...what) {
      const request = put.apply(this, what);
      this.transaction.abort();
      return request;
    };
  });
  await house.dies();
  await ada.connectionIs('offline');
  await ada.says('one');
  await expect(ada.note).toHaveText(ada.words.notKept);
  await ada.says('two');
  for (const text of ['one', 'two']) await ada.seesWaiting(text);
  await house.opensAgain();
  await ben.isLive(TO_COME_BACK);
  for (const person of [ada, ben]) await person.seesExactly(['before', 'one', 'two'], TO_COME_BACK);
});

test('what an earlier page left goes out before what is written now, however late the browser finds it', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  await house.dies();
  await ada.connectionIs('offline');
  for (const text of ['one', 'two']) await ada.says(text);
  for (const text of ['one', 'two']) await ada.hasKept('madang-outbox', text);
  await ada.keepsTheStorageShut();
  await ada.goesElsewhere();
  await house.opensAgain();
  await ada.goesTo(MADANG.path);
  await ada.isLive();

  await ada.says('three');
  await ada.isToldByTheBrowser('window', 'storage-opens');

  await ben.isLive(TO_COME_BACK);
  for (const person of [ada, ben]) await person.seesExactly(['one', 'two', 'three']);
});

test('in a browser without locks every tab sends, and each message is there once', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { without: 'locks' });
  const ben = await walksIn('Ben');
  await expect(ada.note).toHaveText('');
  const second = await ada.opensAnotherTab();
  await second.isLive();
  await Promise.all([ada.says('from one'), second.says('from the other')]);
  await expect(ben.rows).toHaveCount(2);
  await ada.says('last');
  const seen = ['from one', 'from the other'];
  for (const person of [ada, second, ben]) await person.sees('last');
  expect((await ben.texts.allTextContents()).slice(0, 2).sort()).toEqual(seen);
  await expect(ada.rows).toHaveCount(3);
  await expect(second.rows).toHaveCount(3);
  expect(posts(second)).not.toEqual([]);
  expect(posts(ada)).not.toEqual([]);
});

test('another person at the same browser neither sees nor sends what was left there', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const cho = (await walksIn('Cho')).forgivesRefusedConnections();
  await house.dies();
  await ada.connectionIs('offline');
  await ada.says('for later');
  await ada.seesWaiting('for later');
  const ticket = (await ada.context.cookies()).filter(({ name }) => name === 'madang');
  const other = await ada.opensAnEmptyTab();
  await ada.closesTheTab();
  await house.opensAgain();

  await other.context.clearCookies({ name: 'madang' });
  await other.goesTo(MADANG.path);
  await other.givesTheName('Bea');
  await other.isIn(MADANG.name);
  await other.says('mine');
  await cho.isLive(TO_COME_BACK);
  await cho.seesExactly(['mine']);
  await other.seesExactly(['mine']);
  expect(posts(other)).toEqual(['mine']);

  await other.context.addCookies(ticket);
  await other.reloads();
  await other.seesExactly(['mine', 'for later']);
  await cho.seesExactly(['mine', 'for later']);
  await expect(cho.message('for later').locator('.message-name')).toHaveText('Ada');
});
