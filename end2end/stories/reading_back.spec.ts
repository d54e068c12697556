// A long talk: the newest is there at once, older messages come when one reads up to them, and nothing moves under the eyes.

import { randomBytes } from 'node:crypto';
import { NO_MESSAGE_LIMIT } from '../house';
import { belowTheEnd, placeOf, readsUpTo, rests } from '../scrolling';
import { expect, MADANG, type Person, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

const ALL = 120;
const PAGE = 50;
const line = (number: number) => `line ${number} of a long talk, long enough that some rows are higher than others ${'· '.repeat(number % 40)}`.trimEnd();
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => line(from + at));

/** Says so much that it doesn't fit a page, by the plain form. */
async function saysMuch(person: Person, from = 1, to = ALL): Promise<void> {
  for (const text of lines(from, to)) {
    const cid = randomBytes(16).toString('hex');
    const posted = await person.context.request.post(`${MADANG.path}/messages`, { form: { cid, text }, maxRedirects: 0 });
    expect(posted.status()).toBe(303);
  }
}


for (const script of [true, false]) {
  test(`a long room opens at its end with the newest fifty ${script ? '' : 'without JavaScript'}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { script });
    await saysMuch(ada);
    await ada.reloads();
    await ada.seesExactly(lines(ALL - PAGE + 1, ALL));
    await expect(ada.message(line(ALL))).toBeInViewport({ ratio: 1 });
    await expect(ada.message(line(ALL - PAGE + 1))).not.toBeInViewport();
    expect(await belowTheEnd(ada)).toBe(0);
    await expect(ada.box).toBeInViewport();
  });
}

// Where one may stop while reading up: at the very top with the offer to load more in sight, with the oldest row just under
// the edge, and a little further down.
for (const [stop, back_px] of [['at the very top', 0], ['at the oldest row', undefined], ['below the oldest row', 200]] as const) {
  test(`reading up brings older messages to the very first, and what one reads stays where it is · ${stop}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { road: true });
    await saysMuch(ada);
    await ada.reloads();
    await ada.isLive();
    await expect(ada.rows).toHaveCount(PAGE);

    const oldest = ALL - PAGE + 1;
    ada.road!.holds();
    await readsUpTo(ada, ada.message(line(oldest)));
    await expect.poll(() => ada.road!.waiting).toBeGreaterThan(0);
    const to_the_edge_px = (await placeOf(ada, line(oldest))) - (await ada.scroller.boundingBox())!.y - 2;
    await ada.turnsTheWheel(back_px ?? to_the_edge_px);
    await rests(ada);
    const watched = line(oldest + 4);
    await expect(ada.message(watched)).toBeInViewport();
    const before = await placeOf(ada, watched);
    ada.road!.releases();
    await expect(ada.message(line(oldest - 1))).toHaveCount(1);
    await rests(ada);
    expect(await placeOf(ada, watched), `the row of ${watched} stays`).toBeCloseTo(before, 0);
    await readsUpTo(ada, ada.page.getByText(ada.words.roomStart));
    await expect(ada.message(line(1))).toBeInViewport();
    await expect(ada.page.getByRole('link', { name: ada.words.loadOlder })).toBeHidden();
  });
}

test('older messages come by the link, too', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await saysMuch(ada, 1, PAGE + 20);
  await ada.reloads();
  await ada.isLive();
  await ada.page.getByRole('link', { name: ada.words.loadOlder }).press('Enter');
  await ada.seesExactly(lines(1, PAGE + 20));
});

test('while one reads above, what is new is counted by a pill and moves nothing', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await saysMuch(ada, 1, 60);
  await expect(ada.message(line(60))).toBeInViewport();
  await readsUpTo(ada, ada.message(line(40)));
  const before = await placeOf(ada, line(40));
  await ben.says('news!');
  await expect(ada.button(ada.words.newMessages(1))).toBeVisible();
  await ben.says('more news!');
  await expect(ada.button(ada.words.newMessages(2))).toBeVisible();
  await rests(ada);
  expect(await placeOf(ada, line(40))).toBeCloseTo(before, 0);
  await expect(ada.message('news!')).not.toBeInViewport();

  await ada.press(ada.words.newMessages(2));
  await expect(ada.message('more news!')).toBeInViewport({ ratio: 1 });
  await expect(ada.page.locator('.pill')).toBeHidden();
  expect(await belowTheEnd(ada)).toBe(0);
  await ben.says('now I see you');
  await expect(ada.message('now I see you')).toBeInViewport({ ratio: 1 });
});

test('one who speaks while reading above is taken to the end', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await saysMuch(ada, 1, 60);
  await readsUpTo(ada, ada.message(line(40)));
  await ada.says('back to the talk');
  await expect(ada.message('back to the talk')).toBeInViewport({ ratio: 1 });
  expect(await belowTheEnd(ada)).toBe(0);
});

test('one at the end sees every new message there, also on a phone', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { viewport: { width: 390, height: 844 }, touch: true });
  const ben = await walksIn('Ben');
  await saysMuch(ben, 1, 30);
  for (const text of ['hello', '안녕', 'a longer message that takes more than one line on a telephone, surely']) {
    await ben.says(text);
    await expect(ada.message(text)).toBeInViewport({ ratio: 1 });
    expect(await belowTheEnd(ada)).toBe(0);
  }
});
