// Words that are too many, too long, too high or turned around: nothing is lost, and nothing leaves its row.

import { type Device, DEVICES } from '../looks';
import { UNRULY_WORDS } from '../unruly_words';
import { expect, type Person, test, whereItIs } from '../vocabulary';

const PHONE = { width: 390, height: 844 };
/** Hours of two digits take the most room. */
const timezone = whereItIs(22);

for (const lang of ['en', 'ko'] as const) {
  test(`a message that is too long stays in the box with the reason and by how much (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const [ten_left, one_too_many] = { en: ['10 characters left', '1 character too many'], ko: ['10자 남았어요', '1자 넘었어요'] }[lang];
    await ada.writes('가'.repeat(7_499));
    await expect(ada.note).toHaveText('');
    await ada.writes('가'.repeat(7_990));
    await expect(ada.note).toHaveText(ten_left);
    const long = '가'.repeat(8_001);
    await ada.writes(long);
    await expect(ada.note).toHaveText(one_too_many);
    await ada.box.press('Enter');
    await expect(ada.note).toContainText(ada.words.refused.messageTooLong);
    await expect(ada.note).toContainText(one_too_many);
    await expect(ada.box).toHaveValue(long);
    await expect(ada.rows).toHaveCount(0);
    await ada.writes('가'.repeat(8_000));
    await ada.box.press('Enter');
    await expect(ada.rows).toHaveCount(1);
    await expect(ada.rows).toHaveAttribute('data-state', 'sent');
    await expect(ada.box).toHaveValue('');
    await expect(ada.note).toHaveText('');
  });
}

test('length is counted as readers count, not in code points', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const family = '👨‍👩‍👧‍👦';
  await ada.writes('a'.repeat(7_990) + family);
  await expect(ada.note).toHaveText('9 characters left');
});

test('what has more bytes than fit is said to be too long before it is sent, however few characters it seems to have', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const tower = `z${'\u0335'.repeat(30_000)}`;
  await ada.writes(tower);
  await expect(ada.note).toHaveText('22001 characters too many');
  await ada.box.press('Enter');
  await expect(ada.note).toContainText(ada.words.refused.messageTooLong);
  await expect(ada.box).toHaveValue(tower);
});

test('the box grows to eight lines and no further', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const height = async () => (await ada.box.boundingBox())!.height;
  const one = await height();
  await ada.writes('1\n2\n3');
  await expect.poll(height).toBeGreaterThan(one + 40);
  await ada.writes(Array(8).fill('x').join('\n'));
  const eight = await height();
  await ada.writes(Array(30).fill('x').join('\n'));
  await expect.poll(height).toBe(eight);
  await expect(ada.button(ada.words.send)).toBeInViewport({ ratio: 1 });
  await ada.writes('');
  await expect.poll(height).toBe(one);
});

for (const viewport of [PHONE, { width: 1280, height: 800 }]) {
  test(`unruly words stay inside their rows and the page never scrolls sideways (${viewport.width} px)`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { viewport, timezone });
    const ben = await walksIn('Ben', { viewport, timezone, lang: 'ko' });
    for (const text of UNRULY_WORDS) await ada.says(text);
    await expect(ben.rows).toHaveCount(UNRULY_WORDS.length);
    for (const person of [ada, ben]) await staysInside(person);
    await ben.reloads();
    await staysInside(ben);
  });
}

test('a name of 32 wide characters fits everywhere', async ({ walksIn }) => {
  const name = '뷁'.repeat(32);
  const long = await walksIn(name, { viewport: PHONE, lang: 'ko', timezone });
  await long.says('짧은 말');
  await staysInside(long);
  await expect(long.button(long.words.leave)).toBeInViewport({ ratio: 1 });
  await long.page.locator('.people-button').click();
  await expect(long.page.locator('#people .person')).toHaveText([new RegExp(name)]);
  await staysInside(long);
});

for (const lang of ['en', 'ko'] as const) {
  test(`the time beside a message of a group is one line, and stays in its row (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang, timezone });
    for (const text of ['one', 'two']) await ada.says(text);
    await ada.sees('two');
    const time = ada.message('two').locator('.message-time');
    await expect(time).toHaveText(lang === 'en' ? /^10:\d\d\sPM$/ : /^오후\s10:\d\d$/);
    for (const viewport of [PHONE, { width: 1280, height: 800 }]) {
      await ada.page.setViewportSize(viewport);
      const lines = await time.evaluate((time) => {
        const words = document.createRange();
        words.selectNodeContents(time);
        return words.getClientRects().length;
      });
      expect(lines).toBe(1);
      await staysInside(ada);
    }
  });
}

for (const device of Object.keys(DEVICES) as Device[]) {
  test(`the lines of a group stand equally far apart (${device})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', DEVICES[device]);
    for (const text of ['one', 'two', 'three', 'four']) await ada.says(text);
    await ada.sees('four');
    const tops = await ada.page.locator('.message-text').evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().top));
    const steps = tops.slice(1).map((top, at) => top - tops[at]!);
    expect(Math.max(...steps) - Math.min(...steps), String(steps)).toBeLessThan(1);
  });
}

/** No text leaves its row, no row leaves the timeline, nothing scrolls sideways. */
async function staysInside(person: Person): Promise<void> {
  const escaped = await person.page.evaluate(() => {
    const found: string[] = [];
    const wide = (element: Element) => element.scrollWidth > element.clientWidth;
    if (wide(document.scrollingElement!)) found.push('the page is wider than its window');
    const log = document.querySelector('.log')!.getBoundingClientRect();
    for (const row of document.querySelectorAll('.message')) {
      const around = row.getBoundingClientRect();
      if (around.left < log.left - 0.5 || around.right > log.right + 0.5) found.push(`row: ${row.textContent!.slice(0, 20)}`);
      for (const part of row.querySelectorAll('.message-text, .message-author, .message-time')) {
        const box = part.getBoundingClientRect();
        const inside = box.left >= around.left - 0.5 && box.right <= around.right + 0.5 && box.top >= around.top - 0.5 && box.bottom <= around.bottom + 0.5;
        if (!inside) found.push(`${part.className}: ${part.textContent!.slice(0, 20)}`);
        const clips = getComputedStyle(part).overflowX !== 'visible';
        if (part.className.includes('message-text') && !clips) found.push(`ink may leave: ${part.textContent!.slice(0, 20)}`);
      }
    }
    for (const scroller of document.querySelectorAll('.scroller, .composer, .room-list, .people-panel, .room-head, .top-bar')) {
      if (scroller.clientWidth > 0 && wide(scroller)) found.push(`sideways: ${scroller.className}`);
    }
    return found;
  });
  expect(escaped).toEqual([]);
}

test.describe('where messages are short', () => {
  test.use({ settings: ['--message-length', '20'] });

  test('the number is said before, and what is too long stays in the box with the reason', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    await ada.writes('twelve chars');
    await expect(ada.note).toHaveText('8 characters left');
    await ada.writes('가'.repeat(21));
    await expect(ada.note).toHaveText('1 character too many');
    await ada.box.press('Enter');
    await expect(ada.note).toContainText(ada.words.refused.messageTooLong.replace('8,000', '20'));
    await expect(ada.box).toHaveValue('가'.repeat(21));
    await ada.box.press('Backspace');
    await ada.box.press('Enter');
    await ben.sees('가'.repeat(20));
  });
});
