// Messages that are towers of marks, or turn the writing and never turn it back: wherever they are quoted, listed or kept, they stay
// in their own line, and the author's text is whole.

import { staysInItsLine, tower } from '../towers';
import { expect, MADANG, test } from '../vocabulary';

const TOWER = tower('Z', 4_000);
const TURNED = 'a \u202Eb \u2067c';

for (const lang of ['en', 'ko'] as const) {
  test(`what is said stays in its own line, wherever it stands (${lang})`, async ({ walksIn, house }) => {
    const ada = await walksIn('Ada', { lang });
    const sends = async (path: string, fields: Record<string, string>, how: 'form' | 'multipart' = 'form') => {
      const answer = await ada.page.request.post(path, { [how]: fields, headers: { origin: house.address } });
      expect(answer.ok(), path).toBe(true);
    };
    // Each is a message, an answer to it, a reply in its thread, and a pin.
    const numbers = [1, 5];
    for (const [at, text] of [TOWER, TURNED].entries()) {
      await ada.saysAtOnce([text]);
      await expect(ada.rows).toHaveCount(2 * at + 1);
      const row = ada.rows.last();
      await row.hover();
      await row.getByRole('button', { name: ada.words.reply, exact: true }).click();
      await staysInItsLine(ada);
      await ada.says('an answer');
      await expect(ada.rows).toHaveCount(2 * at + 2);
      await sends(`${MADANG.path}/${numbers[at]}/thread`, { text, cid: `${at}`.repeat(32) }, 'multipart');
      await sends(`${MADANG.path}/later`, { text, when: 'hour' });
      await ada.rows.nth(2 * at).hover();
      await ada.rows.nth(2 * at).getByRole('button', { name: ada.words.more, exact: true }).click();
      await ada.page.getByRole('menuitem', { name: ada.words.pin, exact: true }).click();
      await expect(ada.rows.nth(2 * at).locator('.message-pinned')).toBeVisible();
    }
    await staysInItsLine(ada);
    await ada.reloads();
    await staysInItsLine(ada);
    for (const sheet of [...['thread', 'forward', 'history'].flatMap((sheet) => numbers.map((of) => `${of}/${sheet}`)), 'pins']) {
      await ada.page.goto(`${MADANG.path}/${sheet}`);
      await staysInItsLine(ada);
    }
    await ada.page.goto('/scheduled');
    await expect(ada.page.locator('.scheduled-text')).toHaveCount(2);
    await staysInItsLine(ada);
    await ada.page.locator('.scheduled-message').first().getByRole('link', { name: ada.words.change }).click();
    await expect(ada.page.locator('#later-text')).toHaveValue(TOWER);
    await ada.goesTo(MADANG.path);
    await ada.isLive();
    await ada.rows.first().hover();
    await ada.rows.first().getByRole('button', { name: ada.words.edit, exact: true }).click();
    await expect(ada.page.locator('#revision')).toHaveValue(TOWER);
  });
}
