// What the costliest messages cost, each in a room where nothing else is drawn: the main thread of a browser that gets them live, by
// the browser's own counters (DevTools protocol, Performance.getMetrics), and the server, from its processors' time while it takes them
// and tells two people.

import { NO_MESSAGE_LIMIT } from '../house';
import { expect, test } from '../vocabulary';

test.use({ settings: NO_MESSAGE_LIMIT });

/** As much of it as a message holds: 8,000 characters. */
const long = (piece: string) => piece.repeat(Math.floor(7_900 / piece.length));

const COSTLY: Record<string, string> = {
  'a line': 'Good morning!',
  'ten thousand marks on one letter': `**z${'\u0335\u0301\u0323'.repeat(3_300)}**`,
  'thirty thousand marks on one letter': `z${'\u0301'.repeat(29_900)}`,
  'words of marks': long('a\u0335\u0301 '),
  'Arabic with marks, without a space': '\u0628\u064e\u0651'.repeat(7_900),
  'Myanmar without a space': '\u1000\u103b\u103d\u1031'.repeat(4_900),
  'Thai without a space': '\u0e01\u0e34\u0e48'.repeat(6_600),
  'Thai in pieces of emphasis': '**\u0e01**\u0e34'.repeat(990),
  'Latin and Hangul in turns': long('a가 '),
  'skin colours': 'a👍🏽 '.repeat(2_600),
  'keycaps': '1️⃣'.repeat(7_900),
  'marks on every letter': `**${long('a\u0335\u0301')}**`,
  'one glyph': long('뷁'),
  'a thousand links': long('http://a ').trim(),
  'emphasis everywhere': long('*a* '),
  'emphasis inside itself': `${'*a **b '.repeat(500)}${'** *'.repeat(500)}`,
  'a table of as many cells as are drawn': `|${'a|'.repeat(20)}\n|${'-|'.repeat(20)}\n${`|${'b|'.repeat(20)}\n`.repeat(49)}`,
  'a table of more cells': `|${'a|'.repeat(20)}\n|${'-|'.repeat(20)}\n${`|${'b|'.repeat(20)}\n`.repeat(80)}`,
  'code with many colours': `\`\`\`js\n${long('let a=1;\n')}\n\`\`\``,
  'a code line without end': `\`\`\`js\n${long('f(1)')}\n\`\`\``,
  'lists inside lists': Array.from({ length: 60 }, (_, at) => `${'  '.repeat(at)}- a`).join('\n'),
  'spoilers': long('||a|| '),
  'mentions of somebody': long('@Ada '),
  'mentions of nobody': long('@a '),
  'mentions of everyone': long('@room '),
  'a megabyte of one glyph, as much as passes': '뷁'.repeat(8_000),
  'brackets': long('['),
  'families': '👨‍👩‍👧‍👦'.repeat(2_000),
  'ten thousand levels': `${'>'.repeat(7_900)}x`,
  'turned writing': long('\u202E\u2067**a** '),
  'as much emphasis as is drawn': '*a* '.repeat(1_060),
  'as much code in lines': '`a` '.repeat(1_060),
  'as many spoilers': '||a|| '.repeat(440),
  'as many items': '- a\n'.repeat(530),
  'as many boxes': '- [x] a\n'.repeat(350),
  'as many rules': '---\n'.repeat(1_060),
  'as many quotations': '>a\n\n'.repeat(350),
  'as many paragraphs': `${'a\n\n'.repeat(630)}- a`,
  'as many blocks of code': '```\na\n```\n'.repeat(185),
  'a line after all these, in a room of its own': 'Good night!',
};

test('what costly messages cost', async ({ walksIn, house }) => {
  const ben = await walksIn('Ben');
  const ada = await walksIn('Ada');
  const session = await ada.context.newCDPSession(ada.page);
  // The main thread's own time, whatever else the machine is busy with.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1_000]));
  };
  for (const [what, text] of Object.entries(COSTLY)) {
    const name = what.slice(0, 30).trim();
    await ada.makesARoom(name);
    await ada.isIn(name);
    await expect(ada.rows).toHaveCount(0);
    const room = new URL(ada.page.url()).pathname;
    const before = await taken();
    const busy = house.busyMs;
    await ben.saysAtOnce([text], room);
    await expect(ada.rows).toHaveCount(1);
    const server = (house.busyMs - busy).toFixed(1);
    await ada.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const after = await taken();
    const cost = (name: string) => `${name} ${(after[name] - before[name]).toFixed(1)}`;
    const nodes = await ada.texts.last().evaluate((element) => element.querySelectorAll('*').length);
    console.log(`${what}, ms: ${['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].map(cost).join(', ')} (${nodes} elements); server ${server}`);
  }
});
