// Thousands of messages: only a window of rows is on the page, memory holds a bounded run of them, and nothing moves under
// the eyes, whatever comes, goes or changes its size.

import { NO_MESSAGE_LIMIT } from '../house';
import { belowTheEnd, inSight, placeOf, readsUpTo, rests, topmost } from '../scrolling';
import { expect, MADANG, type Person, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

/** More rows are never on the page. */
const MOST_ROWS = 250;
/** What a reader at the end keeps, and a page more. */
const KEPT_AT_END = 2_200 + 50;

const line = (number: number) => `line ${number} ${'of a long talk '.repeat((number * 7) % 23)}`.trimEnd();
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => line(from + at));

/** Somebody who says much, from a page without a timeline. */
async function speaker(walksIn: (name: string) => Promise<Person>): Promise<Person> {
  const ben = await walksIn('Ben');
  return ben.goesTo('/lab');
}

async function keeps(person: Person, text: string, before: number): Promise<void> {
  await rests(person);
  expect(Math.abs((await placeOf(person, text)) - before), `the row of ${text} stays`).toBeLessThanOrEqual(1);
}

async function rowsAreFew(person: Person): Promise<void> {
  expect(await person.rows.count()).toBeLessThanOrEqual(MOST_ROWS);
}

/** Rows without a hole, from the upper edge of the timeline to the lower. */
async function seesNoHole(person: Person): Promise<number[]> {
  const numbers = await inSight(person);
  expect(numbers.length, 'rows are in sight').toBeGreaterThan(3);
  expect(numbers).toEqual(numbers.map((_, at) => numbers[0] + at));
  return numbers;
}

test('ten thousand messages arrive: few rows are on the page, and what one reads stays where it is', async ({ walksIn }) => {
  test.setTimeout(120_000);
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 60));
  const ada = await walksIn('Ada');
  await readsUpTo(ada, ada.message(line(35)));
  const watched = await topmost(ada);
  const before = await placeOf(ada, watched);

  await ben.saysAtOnce(lines(61, 10_060));
  await expect(ada.button(ada.words.newMessages(10_000))).toBeVisible({ timeout: 30_000 });
  await keeps(ada, watched, before);
  await rowsAreFew(ada);

  // Down through them by hand, as far as it takes to pass some windows of rows.
  for (let screens = 0; screens < 12; screens++) {
    await ada.turnsTheWheel(500);
    await rests(ada);
    await seesNoHole(ada);
    await rowsAreFew(ada);
  }
  await ada.press(ada.words.newMessages(10_000));
  await expect(ada.message(line(10_060))).toBeInViewport({ ratio: 1 });
  expect(await belowTheEnd(ada)).toBe(0);
  await expect(ada.page.locator('.pill')).toBeHidden();
  await rowsAreFew(ada);

  // And up again, a long way at once.
  await ada.scroller.evaluate((scroller) => (scroller.scrollTop = -20_000));
  await rests(ada);
  const far = await seesNoHole(ada);
  expect(far[0]).toBeLessThan(9_900);
  await rowsAreFew(ada);
});

test('at the end only the newest are kept, and those before them come again when one reads up', async ({ walksIn }) => {
  test.setTimeout(120_000);
  const ben = await speaker(walksIn);
  const ada = await walksIn('Ada');
  await ben.saysAtOnce(lines(1, 1_000));
  await expect(ada.message(line(1_000))).toBeInViewport({ ratio: 1 });
  const nodes = () => ada.page.evaluate(() => document.querySelectorAll('*').length);
  const before = await nodes();
  await ben.saysAtOnce(lines(1_001, 6_000));
  await expect(ada.message(line(6_000))).toBeInViewport({ ratio: 1, timeout: 30_000 });
  expect(await belowTheEnd(ada)).toBe(0);
  expect(await nodes()).toBeLessThan(before * 1.5);
  await rowsAreFew(ada);

  await ada.scroller.evaluate((scroller) => (scroller.scrollTop = -scroller.scrollHeight));
  await rests(ada);
  const oldest = (await seesNoHole(ada))[0];
  expect(oldest, 'what lies further back was let go').toBeGreaterThanOrEqual(6_000 - KEPT_AT_END);
  await readsUpTo(ada, ada.message(line(oldest - 40)));
  await seesNoHole(ada);
  await ada.scroller.press('End');
  await expect(ada.message(line(6_000))).toBeInViewport({ ratio: 1 });
  expect(await belowTheEnd(ada)).toBe(0);
});

test('one who reads far up while very much comes finds all of it, in order, when they go to the end', async ({ walksIn }) => {
  test.setTimeout(180_000);
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 60));
  const ada = await walksIn('Ada');
  await readsUpTo(ada, ada.message(line(35)));
  const watched = await topmost(ada);
  const before = await placeOf(ada, watched);
  // More than is kept for somebody who reads above, and fewer behind it than a fresh page would be sent for.
  await ben.saysAtOnce(lines(61, 13_060));
  await expect(ada.button(ada.words.newMessages(13_000))).toBeVisible({ timeout: 60_000 });
  await keeps(ada, watched, before);
  await rowsAreFew(ada);
  await ada.scroller.focus();
  await ada.scroller.press('End');
  await expect(ada.message(line(13_060))).toBeInViewport({ ratio: 1, timeout: 30_000 });
  await expect(ada.page.locator('.pill')).toBeHidden();
  await ada.scroller.evaluate((scroller) => (scroller.scrollTop = -30_000));
  await rests(ada);
  await seesNoHole(ada);
  await ben.saysAtOnce([line(13_061)]);
  await expect(ada.button(ada.words.newMessages(1))).toBeVisible();
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`what one reads stays where it is when the window or the keyboard changes its size (${viewport.width} px)`, async ({ walksIn }) => {
    const ben = await speaker(walksIn);
    await ben.saysAtOnce(lines(1, 400));
    const ada = await walksIn('Ada', { viewport });
    await readsUpTo(ada, ada.message(line(330)));
    const watched = await topmost(ada);
    const before = await placeOf(ada, watched);
    for (const size of [
      { width: viewport.width, height: viewport.height - 300 },
      viewport,
      { width: viewport.width - 70, height: viewport.height },
      viewport,
    ]) {
      await ada.page.setViewportSize(size);
      await keeps(ada, watched, before);
    }
    await ada.scroller.focus();
    await ada.scroller.press('End');
    await expect(ada.message(line(400))).toBeInViewport({ ratio: 1 });
    for (const height of [viewport.height - 300, viewport.height]) {
      await ada.page.setViewportSize({ width: viewport.width, height });
      await rests(ada);
      expect(await belowTheEnd(ada)).toBe(0);
      await expect(ada.message(line(400))).toBeInViewport({ ratio: 1 });
    }
  });
}

const UPRIGHT = { width: 390, height: 844 };

/** Where what is read stands when a phone is turned and turned back. */
async function staysWhenTurned(person: Person): Promise<void> {
  const watched = await topmost(person);
  // What is above the timeline is not always as high.
  const place = async () => (await placeOf(person, watched)) - (await person.scroller.boundingBox())!.y;
  const before = await place();
  for (const size of [{ width: 300, height: 544 }, UPRIGHT, { width: 844, height: 390 }, UPRIGHT]) {
    await person.page.setViewportSize(size);
    await rests(person);
    expect(Math.abs((await place()) - before), `${size.width} px wide`).toBeLessThanOrEqual(1);
  }
}

test('near the beginning, too, what one reads stays where it is when a phone is turned and turned back', async ({ walksIn }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 60));
  const ada = await walksIn('Ada', { viewport: UPRIGHT });
  await readsUpTo(ada, ada.message(line(8)));
  await staysWhenTurned(ada);
});

for (const [place, number, px] of [
  ['whose topmost message is whole', 1, 30],
  ['where more comes into sight above', 7, -3],
] as const) {
  test(`a place ${place} is kept when a phone is turned and turned back`, async ({ walksIn }) => {
    const ben = await speaker(walksIn);
    await ben.saysAtOnce(lines(1, 60));
    const ada = await walksIn('Ada', { viewport: UPRIGHT });
    await readsUpTo(ada, ada.message(line(8)));
    await ada.message(line(number)).evaluate((row, px) => {
      const scroller = row.closest('.scroller')!;
      scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - px;
    }, px);
    await rests(ada);
    await staysWhenTurned(ada);
  });
}

test('another language and another theme leave the reader where they are', async ({ walksIn }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 300));
  const ada = await walksIn('Ada');
  await readsUpTo(ada, ada.message(line(200)));
  const watched = await topmost(ada);
  const settings = await ada.opensTheSettings();
  const before = await placeOf(ada, watched);
  await settings.getByText(ada.words.theme.dark, { exact: true }).click();
  await keeps(ada, watched, before);
  await ada.page.keyboard.press('Escape');
  await ada.press(ada.words.otherLanguage);
  await expect(ada.page.locator('html')).toHaveAttribute('lang', 'ko');
  await keeps(ada, watched, before);
});

test('Home goes to the beginning of the room, however much lies between, and End to the newest', async ({ walksIn }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 260));
  const ada = await walksIn('Ada');
  await ada.scroller.focus();
  await ada.page.keyboard.press('ArrowUp');
  await expect(ada.rows.last()).toBeFocused();
  // The row that has the focus goes, and the keys still lead on.
  await ada.page.keyboard.press('Home');
  await expect(ada.message(line(1))).toBeInViewport();
  await expect(ada.page.getByText(ada.words.roomStart)).toBeInViewport();
  await rests(ada);
  expect((await seesNoHole(ada))[0]).toBe(1);
  await ada.page.keyboard.press('End');
  await expect(ada.message(line(260))).toBeInViewport({ ratio: 1 });
  expect(await belowTheEnd(ada)).toBe(0);
  await ada.page.keyboard.press('PageUp');
  await rests(ada);
  expect((await seesNoHole(ada)).at(-1)).toBeLessThan(260);
  await ada.page.keyboard.press('Home');
  await expect(ada.message(line(1))).toBeInViewport();
});

test('Page Up and Page Down turn the pages also from the empty box and where nothing has the focus, and leave words and sheets alone', async ({ walksIn }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 100));
  const ada = await walksIn('Ada');
  await expect(ada.message(line(100))).toBeInViewport({ ratio: 1 });
  const pages = async () => {
    await ada.page.keyboard.press('PageUp');
    await rests(ada);
    expect(await belowTheEnd(ada)).toBeGreaterThan(100);
    await ada.page.keyboard.press('PageDown');
    await rests(ada);
    expect(await belowTheEnd(ada)).toBe(0);
  };
  await expect(ada.page.locator('body')).toBeFocused();
  await pages();
  await ada.box.focus();
  await pages();
  await expect(ada.box).toBeFocused();
  await ada.writes('one\ntwo');
  await ada.page.keyboard.press('PageUp');
  await rests(ada);
  expect(await belowTheEnd(ada)).toBe(0);
  await ada.opensAbout();
  // Nothing on it has the focus.
  await ada.sheet.evaluate(() => (document.activeElement as HTMLElement).blur());
  await ada.page.keyboard.press('PageUp');
  await rests(ada);
  expect(await belowTheEnd(ada)).toBe(0);
});

test('new messages at the end are read out, rows that come by scrolling are not', async ({ walksIn }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 300));
  const ada = await walksIn('Ada');
  const log = ada.page.getByRole('log');
  await expect(log).toHaveAttribute('aria-live', 'polite');
  // What a screen reader would say: what is added while the log is live.
  await log.evaluate((log) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver((changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node instanceof HTMLElement);
      if (log.getAttribute('aria-live') === 'polite') said.push(...added.map((node) => node.querySelector('.message-text')?.textContent ?? ''));
    }).observe(log, { childList: true });
  });
  const said = () => ada.page.evaluate(() => (window as unknown as { said: string[] }).said.splice(0));
  await ben.saysAtOnce(['hello']);
  await ada.sees('hello');
  expect(await said()).toEqual(['hello']);
  await readsUpTo(ada, ada.message(line(200)));
  await expect(log).toHaveAttribute('aria-live', 'off');
  await ada.scroller.press('End');
  await expect(ada.message('hello')).toBeInViewport();
  await expect(log).toHaveAttribute('aria-live', 'polite');
  expect(await said()).toEqual([]);
  await ben.saysAtOnce(['and again']);
  await ada.sees('and again');
  expect(await said()).toEqual(['and again']);
});

test('what is selected stays selected while new messages arrive', async ({ walksIn }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 120));
  const ada = await walksIn('Ada');
  await ada.page.evaluate(() => {
    const texts = [...document.querySelectorAll('.message-text')].slice(-4);
    getSelection()!.setBaseAndExtent(texts[0].firstChild!, 2, texts[3].firstChild!, 3);
  });
  const selected = () => ada.page.evaluate(() => getSelection()!.toString());
  const before = await selected();
  expect(before).toContain(line(118));
  await ben.saysAtOnce(lines(121, 160));
  await ada.sees(line(160));
  expect(await selected()).toBe(before);
});

test('a long room can be read without JavaScript, and the wasm takes it over as it is', async ({ walksIn, visits }) => {
  const ben = await speaker(walksIn);
  await ben.saysAtOnce(lines(1, 300));
  const ada = await walksIn('Ada');
  await ada.reloads();
  await ada.seesExactly(lines(251, 300));
  expect(await belowTheEnd(ada)).toBe(0);
  const reader = await visits({ at: MADANG.path, script: false });
  await reader.givesTheName('Cho');
  await expect(reader.message(line(300))).toBeInViewport({ ratio: 1 });
});
