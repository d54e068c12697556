// Where things stand on the page, and that they have room there.

import type { Locator } from '@playwright/test';
import { DEVICES } from '../looks';
import { bytes, picture } from '../pictures';
import { replies } from '../threads';
import { expect, test } from '../vocabulary';

const phone = { ...DEVICES.phone, still: true } as const;

async function box(place: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  return (await place.boundingBox())!;
}

test('the field in which a message is changed stands where its text stood, above what hangs at it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('lunch at noon?');
  await ben.sees('lunch at noon?');
  await ben.message('lunch at noon?').hover();
  await ben.message('lunch at noon?').getByRole('toolbar').getByLabel(ben.words.react).click();
  await ben.page.locator('.emoji-grid').getByRole('button', { name: '👍', exact: true }).first().click();
  const reactions = ada.rows.locator('.reactions');
  await expect(reactions).toBeVisible();
  await ada.box.press('ArrowUp');
  const field = ada.page.locator('#revision');
  await expect(field).toBeFocused();
  const [changed, hanging, name] = [await box(field), await box(reactions), await box(ada.rows.locator('.message-author'))];
  expect(changed.y).toBeGreaterThan(name.y);
  expect(changed.y + changed.height).toBeLessThanOrEqual(hanging.y);
});

for (const [device, how] of Object.entries(DEVICES)) {
  test(`the field in which a long message is changed is as wide as its row (${device})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { ...how, still: true });
    await ada.says('오늘 회의는 오후 세 시로 옮길게요. Please be there in time. '.repeat(4).trim());
    await expect(ada.rows).toHaveAttribute('data-state', 'sent');
    const name = ada.rows.locator('.message-name');
    const before = await box(name);
    await ada.box.press('ArrowUp');
    await expect(ada.page.locator('#revision')).toBeFocused();
    const [field, row] = [await box(ada.page.locator('.revision .composer-box')), await box(ada.rows)];
    expect(field.x + field.width).toBeLessThanOrEqual(row.x + row.width);
    expect(field.height, 'all lines are seen').toBeGreaterThan(2 * 24);
    expect((await box(name)).width).toBe(before.width);
  });
}

test('what may be done to a reply stands apart, and its emoji on one line of a narrow phone', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { ...phone, viewport: { width: 360, height: 740 } });
  await ada.says('lunch?');
  await ada.sees('lunch?');
  await ada.message('lunch?').locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
  await ada.message('lunch?').getByRole('link', { name: ada.words.thread, exact: true }).tap();
  await replies(ada, 'rice');
  const actions = ada.page.locator('.thread-reply details');
  await actions.locator('summary').tap();
  const emoji = await Promise.all((await actions.locator('.thread-emoji').all()).map(box));
  expect(new Set(emoji.map(({ y }) => y)).size).toBe(1);
  const rows = await Promise.all((await actions.locator(':scope > .row').all()).map(box));
  const apart = rows.slice(1).map(({ y }, at) => y - rows[at].y - rows[at].height);
  expect(apart).toEqual(apart.map(() => 8));
});

test('files alone stand under the name as a text does, and what is to be downloaded below the pictures', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('a text');
  await ben.page.locator('#files').setInputFiles([picture('one.png', 300, 200), picture('two.png', 300, 200), bytes('a.zip', 10)]);
  await expect(ben.page.locator('.tray-item progress:visible')).toHaveCount(0);
  await ben.box.press('Enter');
  const [text, files] = [ada.rows.first(), ada.rows.nth(1)];
  await expect(files.locator('.picture')).toHaveCount(2);
  const below = async (row: Locator, what: string) => (await box(row.locator(what))).y - (await box(row.locator('.message-author'))).y;
  // Files keep a little distance, as they do below a text.
  expect(await below(files, '.message-files')).toBeLessThan((await below(text, '.message-text')) + 8);
  const [pictures, download] = [await box(files.locator('.pictures')), await box(files.locator('a.attachment'))];
  expect(download.x).toBe(pictures.x);
  expect(download.y).toBeGreaterThanOrEqual(pictures.y + pictures.height);
});

test('a table that is wider than a phone is scrolled, and keeps its words on their lines', async ({ walksIn }) => {
  const ada = await walksIn('Ada', phone);
  const heads = ['이름', '맡은 일', '시작하는 날', '끝나는 날', 'how many of them', '비고'];
  await ada.says(`| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}\n| ${heads.join(' | ')} |`);
  const table = ada.rows.locator('.table-box');
  await expect(table).toBeVisible();
  const shown = await table.evaluate((table) => ({
    isScrolled: table.scrollWidth > table.clientWidth,
    lines: [...table.querySelectorAll('th')].map((cell) => {
      const words = document.createRange();
      words.selectNodeContents(cell);
      return new Set([...words.getClientRects()].map((line) => Math.round(line.top))).size;
    }),
  }));
  expect(shown).toEqual({ isScrolled: true, lines: heads.map(() => 1) });
});

test('without scripts the message box of a phone has the width of the page, and the file field a line of its own', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { ...phone, script: false });
  const [text, files] = [await box(ada.box), await box(ada.page.locator('#files'))];
  expect(text.width).toBeGreaterThan(phone.viewport.width / 2);
  expect(files.y + files.height).toBeLessThanOrEqual(text.y);
});

test('every sign on the buttons of a room is in the font for them', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.page.evaluate(() => document.fonts.ready);
  expect(await ada.page.evaluate(() => document.fonts.check('1rem signs', 'ⓘ▦⚑⌕+'))).toBe(true);
  expect(await ada.page.evaluate(() => [...document.fonts].filter((font) => font.family === 'signs').map((font) => font.status))).toEqual(['loaded']);
});
