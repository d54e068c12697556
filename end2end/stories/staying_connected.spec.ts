// Connections break and come back; nothing that was said is lost or doubled.

import { expect, MADANG, test, TO_COME_BACK } from '../vocabulary';

test('a reload keeps the name and the history', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('one');
  await ben.sees('one');
  await ben.says('two');
  await ada.sees('two');
  await ada.reloads();
  await ada.isIn(MADANG.name);
  await ada.seesExactly(['one', 'two']);
  await expect(ada.message('one')).toHaveClass(/\bmine\b/);
  await ada.says('three');
  await ben.sees('three');
  await expect(ben.message('three').locator('.message-name')).toHaveText('Ada');
});

for (const lang of ['en', 'ko'] as const) {
  test(`one who is offline sees it, goes on writing, and what they wrote arrives once (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgivesRefusedConnections();
    const ben = await walksIn('Ben');
    await ada.says('before');
    await ben.sees('before');

    await ada.context.setOffline(true);
    await ada.connectionIs('offline');
    await expect(ada.connection).toHaveText(ada.words.offline);
    await expect(ada.page.getByText(ada.words.offlineHint)).toBeVisible();
    await ada.says('written offline');
    await ada.says('and one more');
    for (const text of ['written offline', 'and one more']) {
      await expect(ada.message(text)).toHaveAttribute('data-state', 'waiting');
      await expect(ada.message(text).getByText(ada.words.waiting)).toBeVisible();
    }
    await expect(ada.box).toHaveValue('');
    await ben.says('said meanwhile');
    await ben.sees('said meanwhile');

    await ada.context.setOffline(false);
    await ada.isLive(TO_COME_BACK);
    await expect(ada.page.getByText(ada.words.offlineHint)).toBeHidden();
    await ben.seesExactly(['before', 'said meanwhile', 'written offline', 'and one more']);
    await ada.seesExactly(['before', 'said meanwhile', 'written offline', 'and one more']);
    await expect(ben.page.locator('.notice[data-notice=left]')).toHaveCount(0);
    await ada.reloads();
    await ada.seesExactly(['before', 'said meanwhile', 'written offline', 'and one more']);
  });
}

test('the time to the next try counts down and can be cut short', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.hasToWaitLong();
  await house.dies();
  await ada.connectionIs('offline');
  // The waits get longer; one of them is long enough to be read.
  await expect(ada.connection).toHaveText(/next\stry in [3-9] s/, TO_COME_BACK);
  await house.opensAgain();
  await ada.choosesInConnectionMenu(ada.words.tryNow);
  await ada.isLive();
});

test('a clock that is set back puts off nothing', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.hasToWaitLong();
  await house.dies();
  await expect(ada.connection).toHaveText(/next\stry in [3-9] s/, TO_COME_BACK);
  await ada.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() - 3_600_000;
  });
  await house.opensAgain();
  await ada.isLive(TO_COME_BACK);
});

test('one closes the connection by choice and opens it again', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await ada.connectionIs('closed');
  await expect(ada.connection).toHaveText(ada.words.closed);
  await ben.says('can you hear me?');
  await ben.sees('can you hear me?');
  await ada.says('not yet');
  await expect(ada.message('not yet')).toHaveAttribute('data-state', 'waiting');
  await ada.seesForNow(['not yet']);
  await ada.choosesInConnectionMenu(ada.words.connect);
  await ada.isLive();
  await ada.seesExactly(['can you hear me?', 'not yet']);
  await ben.seesExactly(['can you hear me?', 'not yet']);
});

test('a connection closed by choice stays closed when the network comes back', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await ada.connectionIs('closed');
  const opened: string[] = [];
  ada.page.on('websocket', (socket) => opened.push(socket.url()));
  await ada.context.setOffline(true);
  await ada.context.setOffline(false);
  await expect.poll(() => ada.page.evaluate(() => navigator.onLine)).toBe(true);
  // The page has handled the news by the time that it answers a later event.
  await ada.writes('still writing');
  await expect(ada.box).toHaveValue('still writing');
  await ada.connectionIs('closed');
  expect(opened).toEqual([]);
});

test('everybody comes back after the server restarts, and nothing is lost or doubled', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const minsu = (await walksIn('민수', { lang: 'ko' })).forgivesRefusedConnections();
  await ada.says('before');
  await minsu.sees('before');
  await house.closes();
  await ada.connectionIs('offline');
  await minsu.connectionIs('offline');
  await ada.says('while it was closed');
  await minsu.says('저도요');
  await house.opensAgain();
  await ada.isLive(TO_COME_BACK);
  await minsu.isLive(TO_COME_BACK);
  await ada.sees('저도요');
  await minsu.sees('while it was closed');
  await ada.says('after');
  await minsu.sees('after');
  for (const person of [ada, minsu]) {
    await expect(person.rows).toHaveCount(4);
    await person.reloads();
    await expect(person.rows).toHaveCount(4);
    await expect(person.texts.first()).toHaveText('before');
    await expect(person.texts.last()).toHaveText('after');
  }
});

test('a restart of the server is no coming, in a room where nothing was said yet, either', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.seesNotices(['Ada joined · 1 person here now']);
  await house.closes();
  await ada.connectionIs('offline');
  await house.opensAgain();
  await ada.isLive(TO_COME_BACK);
  await walksIn('Ben');
  await ada.seesNotices(['Ada joined · 1 person here now', 'Ben joined · 2 people here now']);
});

test('a message whose confirmation was lost with the server is there once', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada', { road: true })).forgivesRefusedConnections();
  const ben = (await walksIn('Ben')).forgivesRefusedConnections();
  ada.road!.holds();
  await ada.says('did you get this?');
  await ben.sees('did you get this?');
  await expect(ada.message('did you get this?')).toHaveAttribute('data-state', 'waiting');
  await house.dies();
  await ada.connectionIs('offline');
  ada.road!.loses();
  await house.opensAgain();
  await ada.isLive(TO_COME_BACK);
  await ada.sees('did you get this?');
  await ada.says('and this?');
  await ben.isLive(TO_COME_BACK);
  await ben.seesExactly(['did you get this?', 'and this?']);
  await ada.seesExactly(['did you get this?', 'and this?']);
  await ben.reloads();
  await ben.seesExactly(['did you get this?', 'and this?']);
});

test('a message that the server refuses can be sent again or thrown away', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.refusesMessages('unavailable');
  await ada.says('please');
  await ada.says('or not');
  for (const text of ['please', 'or not']) await expect(ada.message(text)).toHaveAttribute('data-state', 'failed');
  await expect(ada.message('please')).toContainText("Not sent. The server couldn't do that just now. Please try again.");
  await ada.message('or not').getByRole('button', { name: ada.words.discard }).click();
  await expect(ada.message('or not')).toHaveCount(0);
  ada.road!.refusesMessages(undefined);
  await ada.message('please').getByRole('button', { name: ada.words.retry }).click();
  await ada.sees('please');
  await ben.seesExactly(['please']);
  await ada.seesExactly(['please']);
});

test('one whom the server no longer knows is led to the door, and on to where they were', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.context.clearCookies({ name: 'madang' });
  await ada.choosesInConnectionMenu(ada.words.disconnect);
  await ada.choosesInConnectionMenu(ada.words.connect);
  await expect(ada.nameField).toBeVisible();
  await ada.isReady();
  await ada.givesTheName('Ada the second');
  await ada.isIn(MADANG.name);
});

test('what is not in the vocabulary is passed over, however often it comes', async ({ walksIn }) => {
  const ada = (await walksIn('Ada', { road: true })).forgives(/doesn't know/);
  const ben = await walksIn('Ben');
  const room = 'madang';
  const event = (...what: unknown[]) => ({ events: { room, events: [[99, 1, [7, 'Eve'], ...what]] } });
  const strange = [
    {}, [], { dance: {} }, { pong: 7 }, { pong: { heads: [[room]] } }, { left: { room } }, { lost: { room: 7 } },
    { events: { room, events: [[99, 1]] } }, { events: { room, events: { 0: 1 } } }, event(), event(7), event({ posted: {} }), event('no', 'no digits'),
    event('no', null, 'no'), event({ posted: { text: 'no' }, renamed: { was: 'no' } }), event({ renamed: { was: null } }),
    { refused: { why: 'nobody_knows' } }, { welcome: { epoch: [], me: [7], rooms: [] } },
  ].map((frame) => JSON.stringify(frame));
  const broken = ['', '{', 'null', '7', '"pong"', '\ud800', '[['.repeat(9_000), '{"pong":{"heads":[]}', '{"bye":{"after_ms":"soon"}}'];
  for (let round = 0; round < 100; round++) [...strange, ...broken].forEach((text) => ada.road!.saysText(text));
  await ben.says('still there?');
  await ada.sees('still there?');
  await ada.says('yes');
  await ben.seesExactly(['still there?', 'yes']);
});

for (const lang of ['en', 'ko'] as const) {
  test.describe(`where one tab may be connected (${lang})`, () => {
    test.use({ settings: ['--sockets-per-person', '1'] });

    test('a second one is told why it is not, and is once the first is gone', async ({ walksIn }) => {
      const ada = await walksIn('Ada', { lang });
      const tab = await ada.opensAnotherTab();
      await tab.isTold(tab.words.tooManyTabs);
      await tab.connectionIs('offline');
      await ada.closesTheTab();
      await tab.isLive(TO_COME_BACK);
    });
  });

  test(`a room that can't be read says so, and nothing of that is left once it can be (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang, road: true });
    ada.road!.says({ refused: { why: 'unavailable', room: 'madang' } });
    await expect(ada.note).toHaveText(ada.words.refused.unavailable);
    await ada.says('in the others all is well');
    await ada.sees('in the others all is well');
    ada.road!.says({ refused: { why: 'unavailable', room: 'madang' } });
    await expect(ada.note).toHaveText(ada.words.refused.unavailable);
    ada.road!.says({ resumed: { room: { slug: 'madang', name: MADANG.name, here: 1 }, head: 1, people: [] } });
    await expect(ada.note).toHaveText('');
  });
}
