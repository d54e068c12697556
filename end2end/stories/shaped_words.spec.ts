// What people write as Markdown, as everybody sees it: drawn by the server and by the browser alike, safe to look at, and
// usable with a keyboard.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

const SHAPED = {
  en: [
    'Two things for **today**, *maybe* ~~three~~ — see `cargo test` and https://example.org/notes (or [the plan](https://example.org/plan)).',
    'What is left:\n- the changelog\n  - in Korean, too\n- screenshots\n1. light\n2. dark\nThat is all.',
    '> Who wrote the parser?\nI did. The murderer is ||the **butler**||, by the way.',
    '| room | people | since |\n|:--|--:|:-:|\n| 마당 | 12 | 2026 |\n| a very long name of a room indeed | 3 | 2025 |',
    '```rust\n/// Says hello.\nfn main() {\n    let name: &str = "마당";\n    println!("Hello, {name}! {}", 0x2a); // a comment that is far too long for the line that it stands in, and for the phone\n}\n```',
    '# Release\nOn Monday.\n---\nOn Tuesday.',
    '🎉🎉 👩‍👩‍👧',
  ],
  ko: [
    '**"오늘"**은 두 가지예요. *아마도* ~~셋~~. `cargo test`와 https://example.org/노트 를 보세요. https://example.org에서도 돼요 ([계획](https://example.org/plan)).',
    '남은 일:\n- 변경 기록\n  - 한국어로도\n- 화면 사진\n1. 밝게\n2. 어둡게\n이게 다예요.',
    '> 파서는 누가 썼어요?\n제가요. 그런데 범인은 ||**집사**||예요.',
    '| 방 | 사람 | 언제부터 |\n|:--|--:|:-:|\n| 마당 | 12 | 2026 |\n| 정말로 이름이 아주 긴 방이에요 | 3 | 2025 |',
    '```python\n# 인사하기\n@cached\ndef 인사(이름: str) -> str:\n    return f"안녕, {이름}!" + "이 줄은 휴대폰에는 너무 길어서 상자 안에서 옆으로 움직여요" * 2\n```',
    '# 배포\n월요일에.\n---\n화요일에.',
    '🎉🎉 👩‍👩‍👧',
  ],
};

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`each kind of words has its shape (${lang}, ${device})`, async ({ walksIn }) => {
      const how = { ...DEVICES[device], lang, still: true };
      const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', how);
      const ben = await walksIn('Ben', how);
      for (const text of SHAPED[lang]) {
        await me.says(text);
        await expect(ben.rows.last()).toHaveAttribute('data-state', 'sent');
        await expect(ben.page.getByRole('article')).toHaveCount(SHAPED[lang].indexOf(text) + 1);
      }
      await hasShapes(ben, lang);
      await hasShapes(me, lang);
      await isFitToBeSeen(ben, device, 'shaped words');
      await ben.scroller.evaluate((scroller) => scroller.scrollBy(0, -650));
      await isFitToBeSeen(ben, device, 'shaped words above');
      const live = await ben.texts.evaluateAll((texts) => texts.map((text) => text.innerHTML));
      await ben.reloads();
      await hasShapes(ben, lang);
      expect(await ben.texts.evaluateAll((texts) => texts.map((text) => text.innerHTML)), 'the server draws the same').toEqual(live);
    });
  }
}

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`what is to do has a box in the place of its bullet, with scripts and without (${lang}, ${device})`, async ({ walksIn }) => {
      const how = { ...DEVICES[device], lang, still: true };
      const ada = await walksIn('Ada', how);
      const ben = await walksIn('Ben', { ...how, script: false });
      const text = '- [ ] 우유\n- [x] **bread**\n  1. [X] rye\n- eggs';
      await ada.says(text);
      await expect(ada.rows.last()).toHaveAttribute('data-state', 'sent');
      await ben.reloads();
      for (const person of [ada, ben]) {
        const items = person.rows.last().getByRole('listitem');
        await expect(items).toHaveText(['☐ 우유', /^☑\uFE0E bread/, '☑\uFE0E rye', 'eggs']);
        const bullets = await items.evaluateAll((items) => items.map((item) => getComputedStyle(item).listStyleType));
        expect(bullets).toEqual(['none', 'none', 'decimal', 'disc']);
        // All words begin at one line, and no box sticks out.
        const [first, last] = await Promise.all([0, 3].map((at) => items.nth(at).boundingBox()));
        expect(first!.x).toBe(last!.x);
        const [box, message] = [await items.first().locator('.box').boundingBox(), await person.texts.last().boundingBox()];
        expect(box!.x).toBeGreaterThanOrEqual(message!.x - 1);
      }
      await isFitToBeSeen(ada, device, 'what is to do');
    });
  }
}

async function hasShapes(person: Person, lang: 'en' | 'ko'): Promise<void> {
  const [words, list, quote, table, code, heading, emoji] = await person.texts.all();
  await expect(words.locator('strong')).toHaveText(lang === 'ko' ? '"오늘"' : 'today');
  await expect(words.locator('em, del, code')).toHaveCount(3);
  const links = await words.getByRole('link').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(links).toEqual(
    lang === 'ko'
      ? ['https://example.org/%EB%85%B8%ED%8A%B8', 'https://example.org/', 'https://example.org/plan']
      : ['https://example.org/notes', 'https://example.org/plan'],
  );
  for (const link of await words.getByRole('link').all()) {
    await expect(link).toHaveAttribute('target', '_blank');
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow ugc');
  }
  await expect(list.getByRole('list')).toHaveCount(3);
  await expect(list.getByRole('listitem')).toHaveCount(5);
  await expect(quote.locator('blockquote')).toHaveCount(1);
  await expect(table.getByRole('columnheader')).toHaveCount(3);
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(code.locator('pre code .k').first()).toHaveText(lang === 'ko' ? 'def' : 'fn');
  await expect(heading.locator('strong')).toHaveCount(1);
  await expect(heading.locator('hr')).toHaveCount(1);
  const sizes = await Promise.all([words, emoji].map((text) => text.evaluate((text) => parseFloat(getComputedStyle(text).fontSize))));
  expect(sizes[1]).toBeGreaterThan(sizes[0] * 1.5);
}

test('a spoiler is uncovered, and code copied, with the keyboard alone', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.says('It was ||the butler||.\n```sh\necho "1 < 2"\n```');
  await expect(ben.rows).toHaveCount(1);
  const cover = ben.button(ben.words.spoiler);
  await expect(ben.page.getByText('the butler')).toBeHidden();
  await expect(cover).toHaveAttribute('aria-expanded', 'false');
  await cover.focus();
  await ben.page.keyboard.press('Enter');
  await expect(ben.page.getByText('the butler')).toBeVisible();
  await expect(cover).toHaveAttribute('aria-expanded', 'true');
  await expect(cover).toBeFocused();
  await ben.page.keyboard.press('Space');
  await expect(ben.page.getByText('the butler')).toBeHidden();

  await ben.page.keyboard.press('Tab');
  await expect(ben.button(ben.words.copy)).toBeFocused();
  await ben.page.keyboard.press('Enter');
  await expect(ben.button(ben.words.copied)).toBeFocused();
  await ben.box.focus();
  await ben.page.keyboard.press('Control+V');
  await expect(ben.box).toHaveValue('echo "1 < 2"');

  // The same after the server has drawn it.
  await ben.reloads();
  await ben.press(ben.words.spoiler);
  await expect(ben.page.getByText('the butler')).toBeVisible();
});

test('a finger that uncovers a spoiler or follows a link does nothing else to the message', async ({ house, walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben', { viewport: { width: 390, height: 844 }, touch: true, lang: 'ko' });
  await ada.says('It was ||the butler||.');
  await ada.says(`Read [the rules](${house.address}/hello/rules).`);
  await expect(ben.rows).toHaveCount(2);
  const actions = ben.page.getByRole('log').getByRole('toolbar');
  const [said, hidden] = [ben.rows.first(), ben.page.getByText('the butler')];
  for (const shown of [true, false, true]) {
    await ben.button(ben.words.spoiler).tap();
    await expect(hidden).toBeVisible({ visible: shown });
    await expect(actions).toHaveCount(0);
  }

  for (const shown of [false, true]) {
    await said.getByText('It was').tap();
    await expect(actions).toHaveCount(1);
    await ben.button(ben.words.spoiler).tap();
    await expect(hidden).toBeVisible({ visible: shown });
    await expect(actions).toHaveCount(0);
  }
  await said.getByText('It was').tap();
  await expect(actions).toHaveCount(1);
  const opened = ben.page.waitForEvent('popup');
  await ben.rows.last().getByRole('link', { name: 'the rules' }).tap();
  await opened;
  await expect(actions).toHaveCount(0);
});

test('my words get their shape when they are confirmed, in the same row', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.holds();
  await ada.says('**bold** words');
  await ada.seesWaiting('**bold** words');
  await ben.sees('bold words');
  const row = ada.rows.last();
  await row.evaluate((element) => element.setAttribute('data-marked-by-the-story', ''));
  const height = (await row.boundingBox())!.height;
  ada.road!.releases();
  await ada.sees('bold words');
  await expect(row.locator('strong')).toHaveText('bold');
  await expect(row).toHaveAttribute('data-marked-by-the-story', '');
  expect((await row.boundingBox())!.height, 'a line stays a line').toBe(height);
});

test('nothing that is written becomes part of the page', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const hostile = [
    '<script>window.broken = 1</script> <img src=x onerror="window.broken = 1"> **b**',
    '[x](javascript:window.broken=1) [y](data:text/html,z) <javascript:x> *i*',
    '`</code><script>window.broken = 1</script>`',
    '[https://bank.example](https://evil.example) *i*',
  ];
  for (const text of hostile) await ada.says(text);
  await expect(ben.rows).toHaveCount(hostile.length);
  for (const person of [ada, ben]) {
    await person.reloads();
    await expect(person.rows).toHaveCount(hostile.length);
    await expect(person.texts.locator('script, img, a')).toHaveCount(0);
    await expect(person.texts.nth(0)).toContainText('<script>window.broken = 1</script> <img src=x onerror="window.broken = 1"> b');
    expect(await person.page.evaluate(() => 'broken' in window)).toBe(false);
  }
});

test('without scripts, words have their shape and what is covered can be seen', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  await ada.says('**bold** and ||hidden||\n```rust\nfn a() {}\n```');
  await expect(ada.rows).toHaveCount(1);
  const eve = await walksIn('Eve', { script: false, at: '/' });
  await eve.page.goto(MADANG.path);
  const text = eve.texts.first();
  await expect(text.locator('strong')).toHaveText('bold');
  await expect(text.locator('.k')).toHaveText('fn');
  await expect(text.getByText('hidden', { exact: true })).toBeHidden();
  await eve.press(eve.words.spoiler);
  await expect(text.getByText('hidden', { exact: true })).toBeVisible();
  await expect(text.locator('.copy-button')).toBeHidden();
});

test('words that are shaped stay inside their rows', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { viewport: { width: 390, height: 844 } });
  const tower = `z${'\u0335\u0336\u0337\u0301\u0302\u0303\u0323\u0330'.repeat(40)}`;
  const long = [
    `**${'w'.repeat(600)}** ~~${tower}algo~~`,
    `> ${tower}\n- ${'가'.repeat(300)}`,
    `| ${'h'.repeat(90)} | b | c | d | e |\n|-|-|-|-|-|\n| ${tower} | ${'x '.repeat(90)} | ${'뷁'.repeat(40)} | d | e |`,
    `\`\`\`\n${'code '.repeat(200)}\n${tower}\n\`\`\``,
    `**שלום** \`hello\` *مرحبا* \u202E**turned** ||and never closed||`,
    `https://example.org/${'path/'.repeat(80)} **x**`,
    `\`${'c'.repeat(400)}\` [${'l'.repeat(300)}](https://example.org)`,
    Array.from({ length: 12 }, (_, at) => `${'  '.repeat(at)}- level`).join('\n'),
    `${'>'.repeat(12)} deep`,
  ];
  for (const text of long) await ada.says(text);
  await expect(ada.rows).toHaveCount(long.length);
  await expect(ada.page.locator('article.message:not([data-state=sent])')).toHaveCount(0);
  const escaped = await ada.page.evaluate(() => {
    const found: string[] = [];
    if (document.scrollingElement!.scrollWidth > innerWidth) found.push('the page is wider than its window');
    for (const row of document.querySelectorAll('.message')) {
      const around = row.getBoundingClientRect();
      for (const part of row.querySelectorAll('.message-text, .message-text > *, blockquote, ul, .table-box, .code-block')) {
        const box = part.getBoundingClientRect();
        if (box.left < around.left - 0.5 || box.right > around.right + 0.5 || box.bottom > around.bottom + 0.5) found.push(`${part.tagName}.${part.className}`);
      }
      const text = row.querySelector('.message-text')!;
      if (getComputedStyle(text).overflowX === 'visible') found.push('ink may leave');
    }
    return found;
  });
  expect(escaped).toEqual([]);
});
