// What one writes is shaped by buttons and keys, and looked at before it is sent.

import { HANGUL, Keys } from '../input_methods';
import { DEVICES, isFitToBeSeen } from '../looks';
import { expect, type Person, test } from '../vocabulary';

const tools = (person: Person) => person.page.getByRole('toolbar', { name: person.words.formatting });
const tool = (person: Person, name: string) => tools(person).getByRole('button', { name, exact: true });
const preview = (person: Person) => person.page.getByRole('group', { name: person.words.preview });

/** Chooses a word in the message box. */
async function chooses(person: Person, word: string): Promise<void> {
  await person.box.evaluate((box: HTMLTextAreaElement, word) => {
    box.focus();
    box.setSelectionRange(box.value.indexOf(word), box.value.indexOf(word) + word.length);
  }, word);
}

const chosen = (person: Person) =>
  person.box.evaluate((box: HTMLTextAreaElement) => box.value.slice(box.selectionStart, box.selectionEnd));

for (const lang of ['en', 'ko'] as const) {
  test(`what is chosen is shaped by button, and by the button again as it was; undoing works (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben');
    const [bold, italic, strike, code, link, list, quote] = ada.words.marks;
    for (const [name, shaped] of [
      [bold, '오늘 **회의**는'],
      [italic, '오늘 *회의*는'],
      [strike, '오늘 ~~회의~~는'],
      [code, '오늘 `회의`는'],
      [list, '- 오늘 회의는'],
      [quote, '> 오늘 회의는'],
    ]) {
      await ada.writes('오늘 회의는');
      await chooses(ada, '회의');
      await tool(ada, name).click();
      await expect(ada.box).toHaveValue(shaped);
      await expect(ada.box).toBeFocused();
      await tool(ada, name).click();
      await expect(ada.box, `${name} again`).toHaveValue('오늘 회의는');
      await tool(ada, name).click();
      await ada.box.press('Control+z');
      await expect(ada.box, `${name} undone`).toHaveValue('오늘 회의는');
    }
    await ada.writes('the notes');
    await chooses(ada, 'notes');
    await tool(ada, link).click();
    await ada.page.keyboard.type('https://example.org');
    await expect(ada.box).toHaveValue('the [notes](https://example.org)');
    await ada.box.press('Enter');
    await expect(ben.rows.last().getByRole('link', { name: 'notes' })).toHaveAttribute('href', 'https://example.org');
  });
}

test('the same by keys, whatever the keyboard writes; other keys do what they always do', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  for (const [keys, shaped] of [
    ['Control+b', 'a **b** c'],
    ['Meta+b', 'a **b** c'],
    ['Control+i', 'a *b* c'],
    ['Control+Shift+x', 'a ~~b~~ c'],
    ['Control+Shift+c', 'a `b` c'],
    ['Control+Shift+k', 'a [b]() c'],
    ['Control+Shift+Digit8', '- a b c'],
    ['Control+Shift+Digit9', '> a b c'],
    ['Control+Shift+b', 'a b c'],
    ['Control+Alt+b', 'a b c'],
  ]) {
    await ada.writes('a b c');
    await chooses(ada, 'b');
    await ada.box.press(keys);
    await expect(ada.box, keys).toHaveValue(shaped);
  }
  await ada.writes('a b c');
  await chooses(ada, 'b');
  // As with Hangul switched on.
  await ada.box.dispatchEvent('keydown', { key: 'ㅠ', code: 'KeyB', ctrlKey: true, bubbles: true, cancelable: true });
  await expect(ada.box).toHaveValue('a **b** c');
  expect(await chosen(ada)).toBe('b');
});

test('the row is one stop for Tab; arrows, Home and End move in it, and Enter does it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const [bold, italic, , , , , , line] = ada.words.marks;
  await ada.writes('word');
  await chooses(ada, 'word');
  await tool(ada, bold).focus();
  await ada.page.keyboard.press('ArrowRight');
  await expect(tool(ada, italic)).toBeFocused();
  await ada.page.keyboard.press('Home');
  await ada.page.keyboard.press('ArrowLeft');
  await expect(tool(ada, ada.words.preview)).toBeFocused();
  await ada.page.keyboard.press('ArrowLeft');
  await expect(tool(ada, line)).toBeFocused();
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('ArrowRight');
  await expect(tool(ada, italic)).toBeFocused();
  await ada.page.keyboard.press('Shift+Tab');
  await expect(ada.button(ada.words.send)).toBeFocused();
  await ada.page.keyboard.press('Tab');
  await expect(tool(ada, italic), 'Tab comes back to where one was').toBeFocused();
  await expect(tools(ada).locator('[tabindex="0"]')).toHaveCount(1);
  await ada.page.keyboard.press('Enter');
  await expect(ada.box).toHaveValue('*word*');
  await expect(ada.box).toBeFocused();
});

for (const lang of ['en', 'ko'] as const) {
  test(`the preview shows what the others will see, follows what is typed, and ends when it is sent (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of 422|net::ERR_/);
    const ben = await walksIn('Ben', { lang });
    await ada.box.pressSequentially('**굵게** and @Ben');
    await tool(ada, ada.words.preview).click();
    await expect(tool(ada, ada.words.preview)).toHaveAttribute('aria-pressed', 'true');
    await expect(preview(ada).locator('strong')).toHaveText('굵게');
    await expect(preview(ada).locator('.mention')).toHaveText('@Ben');
    await ada.box.pressSequentially(' ||secret||');
    await preview(ada).getByRole('button', { name: ada.words.spoiler }).click();
    await expect(preview(ada).getByRole('button', { name: ada.words.spoiler })).toHaveAttribute('aria-expanded', 'true');
    const html = await preview(ada).innerText();
    await ben.seesExactly([]);
    await ada.box.press('Enter');
    await expect(preview(ada)).toHaveCount(0);
    await expect(tool(ada, ada.words.preview)).toHaveAttribute('aria-pressed', 'false');
    await expect(ben.texts).toHaveText(html);

    await ada.writes('/dance');
    await tool(ada, ada.words.preview).click();
    await expect(ada.note).toContainText(ada.words.commandUnknown);
    await ada.page.route('**/preview', (route) => route.abort());
    await ada.writes('kept');
    await expect(ada.note).toContainText(ada.words.noConnection);
    await expect(ada.box).toHaveValue('kept');
    await tool(ada, ada.words.preview).click();
    await expect(preview(ada)).toHaveCount(0);
  });

  for (const device of ['phone', 'laptop'] as const) {
    test(`the tools and the preview are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      await walksIn('Ben');
      const opener = me.button(me.words.formatting);
      if (device === 'phone') {
        await expect(tools(me)).toBeHidden();
        await opener.tap();
        await expect(opener).toHaveAttribute('aria-expanded', 'true');
      } else {
        await expect(opener).toBeHidden();
      }
      await expect(tools(me)).toBeVisible();
      await me.writes('# 회의록\n\n- **하나**\n- 둘\n\n```rust\nfn main() {}\n```\n| a | b |\n|---|---|\n| 1 | 2 |');
      await tool(me, me.words.preview).click();
      await expect(preview(me).locator('table')).toBeVisible();
      await isFitToBeSeen(me, device, 'preview');
      const [send, box] = [await me.button(me.words.send).boundingBox(), await me.box.boundingBox()];
      expect(send!.x + send!.width).toBeLessThanOrEqual(me.page.viewportSize()!.width);
      expect(box!.width).toBeGreaterThan(device === 'phone' ? 120 : 400);
    });
  }
}

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`Enter goes on with code until it is closed, and sends it then · ${platform}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    const ben = await walksIn('Ben');
    await ada.box.focus();
    await ada.page.keyboard.type('```rust');
    await ada.page.keyboard.press('Enter');
    const keys = await Keys.of(ada.page);
    await enter(keys, await keys.types('주석'));
    await expect(ada.box).toHaveValue('```rust\n주석\n');
    await ada.page.keyboard.type('```');
    await ben.seesExactly([]);
    await ada.page.keyboard.press('Enter');
    await expect(ben.rows.locator('code')).toHaveCount(1);
    await expect(ada.box).toHaveValue('');
    await ada.page.keyboard.press('ArrowUp');
    const field = ada.page.getByRole('textbox', { name: 'Edit message' });
    await field.press('ArrowUp');
    await field.press('End');
    await field.press('Enter');
    await expect(field, 'so it does where that is changed').toHaveValue('```rust\n주석\n\n```');
    await field.press('Escape');
    await ada.writes('```\nhalf');
    await ada.press(ada.words.send);
    await expect(ben.rows.locator('code')).toHaveText(['주석', 'half']);
  });
}

test('whoever has no Shift key breaks a line by a button: on a phone a list is written and sent as one message', async ({ walksIn }) => {
  const ada = await walksIn('Ada', DEVICES.phone);
  const ben = await walksIn('Ben');
  const [, , , , , list, , line] = ada.words.marks;
  await ada.button(ada.words.formatting).tap();
  await tool(ada, list).tap();
  await ada.page.keyboard.type('milk');
  await tool(ada, line).tap();
  await expect(ada.box).toBeFocused();
  await tool(ada, list).tap();
  await ada.page.keyboard.type('bread');
  await expect(ada.box).toHaveValue('- milk\n- bread');
  await ada.box.press('Enter');
  await expect(ben.rows.locator('li')).toHaveText(['milk', 'bread']);
  await ben.box.fill('one');
  await ben.box.press('Control+Shift+Enter');
  await expect(ben.box, 'the key of the row breaks one line, and sends nothing').toHaveValue('one\n');
});

for (const device of ['phone', 'laptop'] as const) {
  test(`a button that is pressed while a syllable is composed leaves it as it is, and what is typed next stands behind (${device})`, async ({ walksIn }) => {
    const minsu = await walksIn('민수', { lang: 'ko', ...DEVICES[device] });
    const [bold, , , , , , , line] = minsu.words.marks;
    const keys = await Keys.of(minsu.page);
    if (device === 'phone') await minsu.button(minsu.words.formatting).click();
    await minsu.box.focus();
    await keys.types('안녕');
    await tool(minsu, line).click();
    await expect(minsu.box).toBeFocused();
    await keys.types('둘');
    await expect(minsu.box).toHaveValue('안녕\n둘');
    await tool(minsu, bold).click();
    await keys.commits(await keys.types('셋'));
    await expect(minsu.box).toHaveValue('안녕\n둘**셋**');
  });
}

test('the buttons shape what one is changing, too: on a phone a line is broken there', async ({ walksIn }) => {
  const ada = await walksIn('Ada', DEVICES.phone);
  const [bold, , , , , , , line] = ada.words.marks;
  await ada.says('milk');
  await ada.button(ada.words.formatting).tap();
  await ada.writes('half a word');
  await ada.message('milk').locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
  await ada.message('milk').getByRole('button', { name: ada.words.edit, exact: true }).tap();
  const field = ada.page.locator('#revision');
  await expect(field).toBeFocused();
  await tool(ada, line).tap();
  await tool(ada, bold).tap();
  await ada.page.keyboard.type('bread');
  await expect(field).toHaveValue('milk\n**bread**');
  await expect(field).toBeFocused();
  await expect(ada.box).toHaveValue('half a word');
  await ada.box.focus();
  await tool(ada, line).tap();
  await expect(ada.box, 'where one writes').toHaveValue('half a word\n');
});

test('where no scripts run, no tools stand there', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { script: false });
  await expect(ada.page.locator('.tools, .tools-button').locator('visible=true')).toHaveCount(0);
});
