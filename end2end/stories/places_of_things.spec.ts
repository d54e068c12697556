// Where things stand on the page, and that they have room there.

import type { Locator } from '@playwright/test';
import { DEVICES } from '../looks';
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
