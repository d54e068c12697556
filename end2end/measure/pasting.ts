// What it costs to paste as much as anybody can, and to type a key behind it: the main thread of the browser into which it goes, by the
// browser's own counters (DevTools protocol, Performance.getMetrics), its longest task, and the server, from its processors' time
// until the file is there.

import { NO_MESSAGE_LIMIT } from '../house';
import { expect, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

const MEGABYTE = 1_000_000;

/** So many bytes of it. */
const long = (piece: string, bytes = MEGABYTE) => piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));

const PASTED: Record<string, string> = {
  'a line': 'Good morning!',
  'plain text': long('The quick brown fox jumps over the lazy dog. '),
  'plain text in lines': long('The quick brown fox jumps over the lazy dog.\n'),
  'plain text without a space': long('a'),
  'one glyph': long('뷁'),
  'combining marks': `z${long('\u0335\u0301\u0323')}`,
  'letters with marks': long('a\u0335\u0301 '),
  'as much plain text as is no file': long('The quick brown fox jumps over the lazy dog. ', 59_000),
  'as much of one glyph': long('뷁', 59_000),
  'as many marks': `z${long('\u0301', 59_000)}`,
  'as many letters with marks': long('a\u0335\u0301 ', 59_000),
  'two thousand marks': `z${long('\u0301', 4_000)}`,
  'letters with two thousand marks': long('a\u0335\u0301 ', 6_000),
  'Vietnamese, taken apart': long('Việt Nam là một nước nằm ở phía đông. '.normalize('NFD'), 16_000),
  'Korean, taken apart': long('마당은 한 집안이 만나는 곳이다. '.normalize('NFD'), 59_000),
  'Korean': long('마당은 한 집안이 만나는 곳이다. ', 24_000),
  'Thai': long('ทุกคนเกิดมามีอิสระและเสมอภาคกัน ', 24_000),
  'Arabic with marks': long('يُولَدُ جَمِيعُ النَّاسِ أَحْرَارًا ', 16_000),
  'Hindi': long('सभी मनुष्यों को गौरव और अधिकारों के मामले में ', 24_000),
  'Thai as long as a message': long('ทุกคนเกิดมามีอิสระและเสมอภาคกัน ', 30_000),
  'Arabic': long('كل الناس أحرار ومتساوون في الكرامة ', 24_000),
  'emoji': long('👩🏽‍💻 ', 59_000),
  'as many emoji as are no file': long('👩🏽‍💻 ', 14_000),
  'words and emoji': long('ok 😀 ', 14_000),
  'Latin and Hangul in turns': long('a가 ', 13_500),
  'Korean and English': long('이 React 컴포넌트에서는 useState를 부르지 마세요. ', 24_000),
  'a line after all these': 'Good night!',
};

test('what it costs to paste much', async ({ walksIn, house }) => {
  const ada = await walksIn('Ada');
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const session = await ada.context.newCDPSession(ada.page);
  // The main thread's own time, whatever else the machine is busy with.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1_000]));
  };
  const longest = await ada.page.evaluateHandle(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ['longtask'] });
    return tasks;
  });
  const rests = () => ada.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300))));
  const files = ada.page.locator('.tray li');
  for (const [what, text] of Object.entries(PASTED)) {
    await ada.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await ada.box.focus();
    await rests();
    await longest.evaluate((tasks) => tasks.splice(0));
    const [before, busy] = [await taken(), house.busyMs];
    await ada.page.keyboard.press('ControlOrMeta+v');
    await rests();
    const isFile = (await files.count()) > 0;
    if (isFile) await expect(files.locator('progress')).toBeHidden();
    const [after, server] = [await taken(), (house.busyMs - busy).toFixed(1)];
    const cost = (name: string) => `${name} ${(after[name]! - before[name]!).toFixed(1)}`;
    await ada.page.keyboard.press('a');
    await rests();
    const key = (await taken()).TaskDuration! - after.TaskDuration!;
    const tasks = (await longest.evaluate((tasks) => tasks.splice(0))).map((task) => task.toFixed(0));
    console.log(
      `${what}, ms: ${['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].map(cost).join(', ')}; ` +
        `long tasks ${tasks.join(' ') || 'none'}; server ${server}${isFile ? ' (a file)' : `; a key more ${key.toFixed(1)}`}`,
    );
    await ada.box.fill('');
    if (isFile) await files.locator('.tray-remove').click();
  }
});
