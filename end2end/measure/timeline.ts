// What a message costs the main thread of a browser that has many, how smoothly one scrolls through them, and whether
// memory stays flat. The figures come from the browser's own counters (DevTools protocol, Performance.getMetrics).

import type { CDPSession } from '@playwright/test';
import { NO_MESSAGE_LIMIT } from '../house';
import { readsUpTo, rests } from '../scrolling';
import { expect, type Person, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

const LOADED = 10_000;
const RECEIVED = 50_000;
const ONE_BY_ONE = 100;
const COUNTERS = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration', 'TaskDuration'] as const;

const line = (number: number) => `line ${number} ${'of a long talk '.repeat((number * 7) % 23)}`.trimEnd();
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => line(from + at));

async function metrics(session: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function counters(person: Person): Promise<CDPSession> {
  const session = await person.context.newCDPSession(person.page);
  await session.send('Performance.enable');
  return session;
}

/** Prints what each of these messages cost, in milliseconds. */
async function costsOf(what: string, session: CDPSession, says: () => Promise<void>): Promise<void> {
  const before = await metrics(session);
  await says();
  const after = await metrics(session);
  const costs = COUNTERS.map((name) => `${name} ${(((after[name] - before[name]) * 1_000) / ONE_BY_ONE).toFixed(2)}`);
  console.log(`${what}, ms a message: ${costs.join(', ')}`);
}

test('a message in a long room, and scrolling through it', async ({ walksIn }) => {
  const ben = await walksIn('Ben');
  await ben.goesTo('/lab');
  await ben.saysAtOnce(lines(1, 60));
  const ada = await walksIn('Ada');
  const session = await counters(ada);
  await readsUpTo(ada, ada.message(line(35)));
  await ben.saysAtOnce(lines(61, LOADED));
  await expect(ada.button(ada.words.newMessages(LOADED - 60))).toBeVisible({ timeout: 60_000 });
  await rests(ada);
  await costsOf(`reading above, ${LOADED} loaded`, session, async () => {
    for (let number = 1; number <= ONE_BY_ONE; number++) {
      await ben.saysAtOnce([line(LOADED + number)]);
      await expect(ada.button(ada.words.newMessages(LOADED - 60 + number))).toBeVisible();
    }
  });

  await ada.scroller.focus();
  await ada.scroller.press('End');
  await expect(ada.message(line(LOADED + ONE_BY_ONE))).toBeInViewport({ ratio: 1 });
  await costsOf('reading at the end', session, async () => {
    for (let number = ONE_BY_ONE + 1; number <= 2 * ONE_BY_ONE; number++) {
      await ben.saysAtOnce([line(LOADED + number)]);
      await expect(ada.message(line(LOADED + number))).toBeInViewport({ ratio: 1 });
    }
  });

  // From the newest towards the oldest, a step a frame; what is not here any more is fetched on the way.
  for (const step_px of [-100, -400, -800]) {
    await ada.scroller.press('End');
    await rests(ada);
    console.log(`scrolling ${-step_px} px a frame: ${await scrolls(ada, step_px)}`);
  }
});

/** Moves the timeline for 300 frames and says how long they took, how many tasks were long, and in how many rows were missing. */
function scrolls(person: Person, step_px: number): Promise<string> {
  return person.scroller.evaluate(async (scroller, step_px) => {
    let long = 0;
    const observer = new PerformanceObserver((list) => (long += list.getEntries().length));
    observer.observe({ entryTypes: ['longtask'] });
    const frames: number[] = [];
    let blank = 0;
    let before = performance.now();
    for (let frame = 0; frame < 300; frame++) {
      scroller.scrollTop += step_px;
      // The browser tells of the scrolling, the timeline answers, and what is drawn then is what is seen.
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      frames.push((now - before) / 2);
      before = now;
      const { left, width, top, bottom } = scroller.getBoundingClientRect();
      const spots = [top + 20, (top + bottom) / 2, bottom - 20];
      // Beside the pill, which lies over the middle.
      const isRow = (y: number) => document.elementFromPoint(left + width / 2 - 200, y)?.closest('.message, .day-line, .notice, .room-start');
      if (!spots.every((y) => isRow(y) || isRow(y + 12))) blank += 1;
    }
    observer.disconnect();
    frames.sort((one, other) => one - other);
    const at = (share: number) => frames[Math.floor((frames.length - 1) * share)].toFixed(1);
    return `ms a frame p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}; long tasks ${long}; frames with rows missing ${blank}`;
  }, step_px);
}

test('memory while very much is received', async ({ walksIn }) => {
  const ben = await walksIn('Ben');
  await ben.goesTo('/lab');
  const ada = await walksIn('Ada');
  await ada.page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await instantiate(...given);
      Object.assign(window, { wasm: made.instance.exports.memory });
      return made;
    };
  });
  await ada.reloads();
  await ada.isLive();
  const session = await counters(ada);
  for (let received = 0; received <= RECEIVED; received += 10_000) {
    if (received > 0) {
      await ben.saysAtOnce(lines(received - 9_999, received));
      await expect(ada.message(line(received))).toBeInViewport({ ratio: 1, timeout: 120_000 });
    }
    await session.send('HeapProfiler.collectGarbage');
    const { JSHeapUsedSize, Nodes } = await metrics(session);
    const wasm = await ada.page.evaluate(() => (window as unknown as { wasm: WebAssembly.Memory }).wasm.buffer.byteLength);
    console.log(`${received} received: wasm ${wasm / 1024} KiB, JavaScript ${Math.round(JSHeapUsedSize / 1024)} KiB, nodes ${Nodes}, rows ${await ada.rows.count()}`);
  }
});
