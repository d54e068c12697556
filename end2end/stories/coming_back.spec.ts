// Back in a room or in the page at once: what was there is shown and only what is new is asked for; whatever may have
// broken the connection has it looked at; and every way in which a server ends it is understood.

import { expect, MADANG, type Person, test, TO_COME_BACK } from '../vocabulary';

const KITCHEN = { path: '/rooms/kitchen', name: 'Kitchen' };

/** From where this tab asked to go on in the room, each time that it opened it. */
const opened = (person: Person, room: string) => person.asked.flatMap(({ open }) => (open?.room === room ? [open.after?.seq] : []));
const hellos = (person: Person) => person.asked.filter(({ hello }) => hello).length;
const pings = (person: Person) => person.asked.filter(({ ping }) => ping).length;

async function makesTheKitchen(person: Person): Promise<void> {
  await person.makesARoom(KITCHEN.name);
  await person.isIn(KITCHEN.name);
}

test('a room that the tab has not loaded is shown at once, and only what is new is asked for', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  await makesTheKitchen(ada);
  for (const text of ['salt', 'pepper']) await ada.says(text);
  await ada.seesExactly(['salt', 'pepper']);
  await ada.hasKept('madang-pages', 'pepper');
  await ada.goesTo(MADANG.path);
  await ada.isIn(MADANG.name);
  await ben.goesTo(KITCHEN.path);
  await ben.isIn(KITCHEN.name);
  await ben.says('sugar');
  await ben.sees('sugar');

  ada.road!.holds();
  await ada.roomLink(KITCHEN.name).click();
  await ada.seesExactly(['salt', 'pepper']);
  await expect(ada.page.getByRole('heading', { level: 1, name: KITCHEN.name })).toBeVisible();
  await expect.poll(() => ada.road!.waiting).toBeGreaterThan(0);
  ada.road!.releases();
  await ada.seesExactly(['salt', 'pepper', 'sugar']);
  expect(opened(ada, 'kitchen').at(-1)).toBe(2);
  await ada.says('flour');
  await ben.sees('flour');
  await ada.seesExactly(['salt', 'pepper', 'sugar', 'flour']);
});

test('another person at the same browser is not shown the pages of the first', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  await makesTheKitchen(ada);
  await ada.says('a secret of the cook');
  await ada.hasKept('madang-pages', 'a secret of the cook');
  await ada.context.clearCookies({ name: 'madang' });
  await ada.goesTo(MADANG.path);
  await ada.givesTheName('Bea');
  await ada.isIn(MADANG.name);
  ada.road!.holds();
  await ada.roomLink(KITCHEN.name).click();
  await expect(ada.page.getByRole('heading', { level: 1, name: KITCHEN.name })).toBeVisible();
  await expect.poll(() => opened(ada, 'kitchen').at(-1)).toBe(undefined);
  await ada.seesExactly([]);
  ada.road!.releases();
  await ada.seesExactly(['a secret of the cook']);
});

test('a reload asks only for what came after its page', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  for (const text of ['one', 'two', 'three']) await ada.says(text);
  await ada.seesExactly(['one', 'two', 'three']);
  await ada.reloads();
  await ada.isLive();
  await ada.seesExactly(['one', 'two', 'three']);
  await expect.poll(() => opened(ada, 'madang').at(-1)).toBe(3);
});

for (const [what, where, event] of [
  ['the page comes into sight', 'document', 'visibilitychange'],
  ['the network is back', 'window', 'online'],
  ['the network is gone', 'window', 'offline'],
  ['the page comes back from where the browser had put it away', 'window', 'pageshow'],
] as const) {
  test(`the connection is looked at when ${what}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    expect(pings(ada)).toBe(0);
    await ada.isToldByTheBrowser(where, event);
    await expect.poll(() => pings(ada)).toBe(1);
    await ada.isLive();
  });
}

test('the connection is looked at when the machine wakes up', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.page.clock.install();
  await ada.reloads();
  await ada.isLive();
  const before = pings(ada);
  // Less than the time between two pings, and then no further.
  await ada.page.clock.pauseAt((await ada.page.evaluate(() => Date.now())) + 16_000);
  await expect.poll(() => pings(ada)).toBe(before + 1);
});

test('a connection that doesn’t answer when it is looked at is given up and made anew', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.goesDead();
  await ben.says('are you there?');
  await ben.sees('are you there?');
  await ada.isToldByTheBrowser('document', 'visibilitychange');
  await expect.poll(() => hellos(ada)).toBe(2);
  await ada.isLive();
  await ada.seesExactly(['are you there?']);
});

test('the page asks for a sign of life at a pace of its own, and gives up a connection that gives none', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  await ada.page.clock.install();
  await ada.reloads();
  await ada.isLive();
  await ada.hasToWaitLong();
  await ada.stopsTheClock();
  const [asked, greeted] = [pings(ada), hellos(ada)];
  await ada.isToldByTheBrowser('window', 'online');
  await expect.poll(() => pings(ada)).toBe(asked + 1);
  // The answer has come by the time that something later has, and from then on time counts.
  await ben.says('here?');
  await ada.sees('here?');
  await ada.page.clock.runFor(28_900);
  expect(pings(ada)).toBe(asked + 1);
  ada.road!.goesDead();
  await ada.page.clock.runFor(200);
  await expect.poll(() => pings(ada)).toBe(asked + 2);
  await ada.page.clock.runFor(9_800);
  await ada.connectionIs('live');
  await ada.page.clock.runFor(200);
  await ada.connectionIs('offline');
  await ada.page.clock.runFor(500);
  await expect.poll(() => hellos(ada)).toBe(greeted + 1);
  await ada.isLive();
});

for (const code of [1012, 4029]) {
  test(`closed with ${code}, one comes back when one was told to`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { road: true });
    ada.road!.says({ bye: { after_ms: 25_000 } });
    await ada.road!.closes(code);
    await expect(ada.connection).toHaveText(/next\stry in 2\d s/);
    await ada.choosesInConnectionMenu(ada.words.tryNow);
    await ada.isLive();
  });
}

test('after a calm minute the way back is short again', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada', { road: true })).forgivesRefusedConnections();
  await ada.page.clock.install();
  await ada.reloads();
  await ada.isLive();
  await ada.hasToWaitLong();
  await house.dies();
  await expect(ada.connection).toHaveText(/next\stry in [3-9] s/, TO_COME_BACK);
  await house.opensAgain();
  await ada.choosesInConnectionMenu(ada.words.tryNow);
  await ada.isLive();
  await ada.page.clock.fastForward(61_000);
  await ada.stopsTheClock();
  await ada.road!.closes(4008);
  await expect(ada.connection).toHaveText(/next\stry in 1 s/);
});

test('a page that comes into sight doesn’t wait for the next try', async ({ walksIn, house }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  await ada.page.clock.install();
  await ada.reloads();
  await ada.isLive();
  await ada.hasToWaitLong();
  await house.dies();
  await expect(ada.connection).toHaveText(/next\stry in [6-9] s/, TO_COME_BACK);
  // The next try would never come by itself.
  await ada.stopsTheClock();
  await house.opensAgain();
  await ada.isToldByTheBrowser('document', 'visibilitychange');
  await ada.isLive();
});

for (const code of [1012, 4008, 4010, 4029]) {
  test(`closed with ${code}, one comes back and goes on where one was`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { road: true });
    await ada.says('before');
    await ada.sees('before');
    ada.road!.says({ bye: { after_ms: 400 } });
    await ada.road!.closes(code);
    await expect.poll(() => opened(ada, 'madang').at(-1)).toBe(1);
    await ada.isLive();
    await ada.says('after');
    await ada.seesExactly(['before', 'after']);
  });
}

test('a place that can’t be served is given up for the newest page', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  await ada.says('before');
  await ada.sees('before');
  await ada.road!.closes(4009);
  await expect.poll(() => opened(ada, 'madang')).toHaveLength(2);
  expect(opened(ada, 'madang').at(-1)).toBe(undefined);
  await ada.isLive(TO_COME_BACK);
  await ada.seesExactly(['before']);
});

test('a message that is too big for the way fails, and is not sent again', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.swallowsMessages();
  await ada.says('too big for this proxy');
  await ada.says('small');
  await expect.poll(() => ada.asked.some(({ post }) => post)).toBe(true);
  ada.road!.swallowsMessages(false);
  await ada.road!.closes(1009);
  await ben.sees('small', TO_COME_BACK);
  await ada.seesForNow(['small', 'too big for this proxy']);
  await ada.seesFailed('too big for this proxy');
  await expect(ada.message('too big for this proxy')).toContainText(ada.words.refused.messageTooLong);
  await ben.seesExactly(['small']);
});

test('one who is not allowed in a room leaves it and keeps the rest', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  await makesTheKitchen(ada);
  await ada.road!.closes(4003);
  await ada.isTold(ada.words.youLeft(KITCHEN.name));
  await ada.isLive(TO_COME_BACK);
  await ada.roomLink(MADANG.name).click();
  await ada.isIn(MADANG.name);
  await ada.says('still here');
  await ada.sees('still here');
  expect(opened(ada, 'kitchen')).toHaveLength(1);
});

test('one who speaks another version is asked to load the page again', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  await ada.road!.closes(4400);
  await ada.connectionIs('stale');
  await expect(ada.connection).toHaveText('Please reload');
});
