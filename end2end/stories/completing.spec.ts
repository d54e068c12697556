// People, commands and emoji are completed while they are typed, by key and by finger, with an input method or without.

import { HANGUL, Keys } from '../input_methods';
import { DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

const choices = (person: Person) => person.page.getByRole('option');
const chosen = (person: Person) => person.page.locator('[role=option][aria-selected=true]');

test('a name is offered at its first letters; the arrows choose, Enter, Tab and a click take, Escape closes', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  for (const name of ['Ben', 'Benjamin Lee', '민수']) await walksIn(name);
  await ada.counts(4);
  await ada.box.pressSequentially('hi @be');
  await expect(choices(ada)).toHaveText(['@Ben', '@Benjamin Lee']);
  await expect(chosen(ada)).toHaveText('@Ben');
  await expect(ada.box).toHaveAttribute('aria-activedescendant', (await chosen(ada).getAttribute('id'))!);
  await ada.box.press('ArrowDown');
  await expect(chosen(ada)).toHaveText('@Benjamin Lee');
  await ada.box.press('ArrowDown');
  await ada.box.press('ArrowUp');
  await ada.box.press('Enter');
  await expect(ada.box).toHaveValue('hi @Benjamin Lee ');
  await expect(choices(ada)).toHaveCount(0);
  await ada.box.pressSequentially('and @ben');
  await ada.box.press('Tab');
  await expect(ada.box).toHaveValue('hi @Benjamin Lee and @Ben ');
  await expect(ada.box).toBeFocused();
  await ada.box.pressSequentially('@ㅁㅅ');
  await choices(ada).first().click();
  await expect(ada.box).toHaveValue('hi @Benjamin Lee and @Ben @민수');
  await ada.box.pressSequentially('님 @');
  await expect(choices(ada)).toHaveCount(5);
  await ada.box.press('Escape');
  await expect(choices(ada)).toHaveCount(0);
  await expect(ada.box).not.toHaveAttribute('aria-activedescendant', /./);
  await ada.box.press('Backspace');
  await ada.box.press('Enter');
  await expect(ada.rows.last().locator('.mention')).toHaveText(['@Benjamin Lee', '@Ben', '@민수']);
});

for (const lang of ['en', 'ko'] as const) {
  test(`names and emoji are completed and keys shape while one changes a message, too (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { at: '/' });
    const field = ada.page.getByRole('textbox', { name: lang === 'en' ? 'Edit message' : '메시지 수정' });
    const says = '@Ben 🎉 **now**';
    await walksIn('Benjamin Lee');
    await ada.says('ask');
    await ada.sees('ask');
    await ada.page.keyboard.press('ArrowUp');
    await field.pressSequentially(' @be');
    await expect(choices(ada), 'who is here first').toHaveText(['@Benjamin Lee', '@Ben']);
    await field.press('Escape');
    await expect(choices(ada), 'Escape closes the list, and gives nothing up').toHaveCount(0);
    await field.pressSequentially('n');
    await field.press('ArrowDown');
    await field.press('ArrowUp');
    await field.press('Enter');
    await field.pressSequentially(':tada');
    await expect(chosen(ada)).toContainText('🎉');
    await field.press('Tab');
    await field.pressSequentially(' now');
    await field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(field.value.length - 3, field.value.length));
    await field.press('Control+b');
    await expect(field).toHaveValue(`ask ${says}`);
    await field.press('Enter');
    await expect(field).toHaveCount(0);
    await expect(ada.rows.last().locator('.mention')).toHaveText('@Ben');
    await expect(ben.roomLink(MADANG.name)).toContainText(ben.words.mentions(1));
  });
}

test('commands are not offered where a message is changed, for none is obeyed there', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const field = ada.page.getByRole('textbox', { name: 'Edit message' });
  await ada.says('ask');
  await ada.sees('ask');
  await ada.page.keyboard.press('ArrowUp');
  await field.fill('');
  await field.pressSequentially('/le');
  await field.press('Enter');
  await expect(field).toHaveCount(0);
  await ada.seesExactly(['/le']);
  await ada.box.pressSequentially('/le');
  await expect(choices(ada)).toContainText(['/leave']);
});

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`half-typed Hangul finds a name, and the Enter that ends a composition takes nothing · ${platform}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang: 'ko' });
    await walksIn('민수');
    await walksIn('민지');
    await ada.counts(3);
    const keys = await Keys.of(ada.page);
    await ada.box.pressSequentially('@');
    await keys.composes('ㅁ', '미', '민');
    await expect(choices(ada)).toHaveText(['@민수', '@민지']);
    await enter(keys, '민');
    await expect(ada.box).toHaveValue('@민');
    await expect(choices(ada)).toHaveCount(2);
    await ada.seesExactly([]);
    await ada.page.waitForFunction((since) => performance.now() - since > 50, await ada.page.evaluate(() => performance.now()));
    await keys.plainEnter();
    await keys.releasesEnter();
    await expect(ada.box).toHaveValue('@민수');
    await keys.plainEnter();
    await keys.releasesEnter();
    await ada.seesExactly(['@민수']);
    await expect(ada.rows.last().locator('.mention')).toHaveText('@민수');
  });
}

for (const [platform, enter] of Object.entries(HANGUL)) {
  test(`a name that is whole is sent by the Enter that ends it, though there are longer ones · ${platform}`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang: 'ko' });
    const minsu = await walksIn('민수', { lang: 'ko' });
    await walksIn('민수진');
    await ada.counts(3);
    const keys = await Keys.of(ada.page);
    await ada.box.pressSequentially('@');
    await keys.composes('ㅁ', '미', '민');
    await keys.commits('민');
    await keys.composes('ㅅ', '수');
    await expect(choices(ada)).toHaveText(['@민수', '@민수진']);
    await expect(ada.box).not.toHaveAttribute('aria-activedescendant', /./);
    await enter(keys, '수');
    await ada.seesExactly(['@민수']);
    await minsu.seesExactly(['@민수']);
    await expect(minsu.rows.last().locator('.mention.me')).toHaveText('@민수');
    await expect(ada.box).toHaveValue('');
    await expect(choices(ada)).toHaveCount(0);
  });
}

test('what is typed whole is sent by one Enter: a name, an emoji, a command; the arrows choose another one all the same', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await walksIn('Benjamin Lee');
  await ada.counts(3);
  for (const typed of ['lunch, @ben', 'hurray :tada:', '/shrug']) {
    await ada.box.pressSequentially(typed);
    if (typed.includes(':')) await expect(ada.box).toHaveValue('hurray 🎉');
    if (typed.includes('@')) await expect(choices(ada)).toHaveText(['@Ben', '@Benjamin Lee']);
    await ada.box.press('Enter');
    await expect(ada.box).toHaveValue('');
  }
  await ben.seesExactly(['lunch, @Ben', 'hurray 🎉', '¯\\_(ツ)_/¯']);
  await expect(ben.rows.first().locator('.mention.me')).toHaveText('@Ben');
  await ada.box.pressSequentially('and @ben');
  await expect(chosen(ada)).toHaveText('@Ben');
  await ada.box.press('ArrowDown');
  await expect(ada.box).toHaveAttribute('aria-activedescendant', (await chosen(ada).getAttribute('id'))!);
  await ada.box.press('Enter');
  await expect(ada.box).toHaveValue('and @Benjamin Lee ');
});

test('who is away and has not written can be named too; what the server says late moves nothing under a finger', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('김민수', { lang: 'ko' });
  await minsu.says('/leave');
  await minsu.isTold(minsu.words.youLeft(MADANG.name));
  for (const name of ['Benjamin', 'Ben Lee', 'Chona']) {
    const away = await walksIn(name);
    await away.says('/leave');
    await away.isTold(away.words.youLeft(MADANG.name));
  }
  const ben = await walksIn('Ben');
  await walksIn('Choi');
  await ada.counts(3);
  const keys = await Keys.of(ada.page);
  await ada.box.pressSequentially('@');
  await keys.composes('ㅁ', '미', '민');
  await keys.commits('민');
  await keys.composes('ㅅ');
  await expect(choices(ada)).toHaveText(['@김민수']);
  await keys.commits('ㅅ');
  await ada.box.press('Tab');
  await expect(ada.box).toHaveValue('@김민수');
  await expect(choices(ada)).toHaveCount(0);
  await ada.box.press('Enter');
  await expect(ben.rows.last().locator('.mention')).toHaveText('@김민수');

  let tell: () => void = () => {};
  const isHeldBack = async () => {
    const told = new Promise<void>((release) => (tell = release));
    await ada.page.route('**/people', async (route) => {
      await told;
      await route.continue();
    });
  };
  const isTold = async () => {
    const answer = ada.page.waitForResponse('**/people');
    tell();
    await (await answer).finished();
    await ada.page.unroute('**/people');
    await ada.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  };
  await isHeldBack();
  await ada.box.pressSequentially('@b');
  await expect(choices(ada)).toHaveText(['@Ben']);
  await isTold();
  await expect(choices(ada)).toHaveText(['@Ben', '@Ben Lee', '@Benjamin']);
  await isHeldBack();
  await ada.box.pressSequentially('en ');
  await expect(choices(ada)).toHaveText(['@Ben Lee']);
  await ada.box.press('Escape');
  await isTold();
  await expect(choices(ada), 'who has put it away').toHaveCount(0);
  await ada.writes('');
  await isHeldBack();
  await ada.box.pressSequentially('@c');
  await ada.box.press('ArrowDown');
  await isTold();
  await expect(choices(ada), 'who has begun to choose').toHaveText(['@Choi']);
  await ada.box.pressSequentially('h');
  await expect(choices(ada)).toHaveText(['@Choi', '@Chona']);
});

for (const lang of ['en', 'ko'] as const) {
  test(`commands are offered with a line of help each, and obeyed (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of 409|status of 422/);
    const ben = await walksIn('Ben');
    await ada.box.pressSequentially('/');
    await expect(choices(ada)).toHaveText([/^\/me/, /^\/nick/, /^\/topic/, /^\/invite/, /^\/shrug/, /^\/leave/, /^\/exit/, /^\/help/]);
    await ada.box.pressSequentially('m');
    await ada.box.press('Tab');
    await ada.box.pressSequentially('waves');
    await ada.box.press('Enter');
    await expect(ben.rows.last().locator('.action')).toHaveText('Ada waves');

    await ada.says('/dance');
    await expect(ada.note).toContainText(ada.words.commandUnknown);
    await expect(ada.box).toHaveValue('/dance');
    await ada.says('/help');
    await expect(ada.box).toHaveValue('/');
    await expect(choices(ada)).toHaveCount(8);
    await ada.box.press('Escape');

    await ada.says('/nick ben');
    await expect(ada.note).toContainText(ada.words.refused.nameTaken);
    await expect(ada.box).toHaveValue('/nick ben');
    await ada.says('/nick 에이다');
    await expect(ada.box).toHaveValue('');
    await ada.says('//shrug');
    await ben.sees('/shrug');
    await expect(ben.message('/shrug').locator('.message-name')).toHaveText('에이다');
    await ada.says('/leave');
    await ada.isTold(ada.words.youLeft(MADANG.name));
  });
}

for (const lang of ['en', 'ko'] as const) {
  test(`the topic is changed and people are asked in by command, and what can't be is told (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of 422|net::ERR_/);
    const ben = await walksIn('Ben', { lang });
    await walksIn('민수', { lang });
    await ada.counts(3);
    await ada.says('/topic 점심');
    await expect(ben.page.getByText(ben.words.topicChanged('Ada', '점심'))).toBeVisible();
    await expect(ada.box).toHaveValue('');

    await ada.says('/invite @Ben');
    await expect(ada.note).toContainText(ada.words.refused.roomIsPublic);
    await expect(ada.box).toHaveValue('/invite @Ben');
    await ada.writes('');
    await ada.makesARoom('Plans', ada.words.private);
    await ada.isIn('Plans');
    await ada.box.pressSequentially('/invite @');
    await expect(choices(ada)).toHaveCount(2);
    await ada.box.pressSequentially('be');
    await expect(choices(ada)).toHaveText(['@Ben']);
    await ada.box.press('Enter');
    await ada.box.press('Enter');
    await expect(ada.page.getByText(ada.words.added('Ada', 'Ben'))).toBeVisible();
    await ben.roomLink('Plans').click();
    await ben.isIn('Plans');

    await ada.page.route('**/command', (route) => route.abort());
    await ada.says('/topic 저녁');
    await expect(ada.note).toContainText(ada.words.noConnection);
    await expect(ada.box).toHaveValue('/topic 저녁');
    await ada.page.unroute('**/command');
    await ada.box.press('Enter');
    await expect(ben.page.getByText(ben.words.topicChanged('Ada', '저녁'))).toBeVisible();
    await expect(ada.box).toHaveValue('');
  });

  test(`an emoji is completed from its name, in both languages, and becomes itself (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben');
    await ada.box.pressSequentially('great :tad');
    await expect(choices(ada)).toHaveCount(1);
    await expect(chosen(ada)).toContainText('🎉');
    await ada.box.press('Enter');
    await expect(ada.box).toHaveValue('great 🎉');
    await ada.box.pressSequentially(' :+1');
    await expect(chosen(ada)).toContainText('👍');
    await ada.box.press('Tab');
    await expect(ada.box).toHaveValue('great 🎉 👍');
    await ada.box.press('Enter');
    await ben.sees('great 🎉 👍');
    // What is called so comes before what has one.
    for (const [typed, taken] of [[':heart', '❤️'], [':eyes', '👀'], [':star', '⭐']] as const) {
      await ada.box.pressSequentially(typed);
      await expect(chosen(ada)).toContainText(taken);
      await ada.box.press('Escape');
      await ada.writes('');
    }

    const keys = await Keys.of(ada.page);
    await ada.box.pressSequentially(':');
    await keys.composes('ㅊ', '추', '축');
    await expect(choices(ada).filter({ hasText: '🎉' })).toHaveCount(1);
    await keys.commits('축');
    await keys.composes('ㅎ', '하');
    await expect(choices(ada).filter({ hasText: '🎉' })).toHaveCount(1);
    await choices(ada).filter({ hasText: '🎉' }).click();
    await expect(ada.box).toHaveValue('🎉');
  });

  test(`the name of an emoji that is typed to its second colon becomes it, and nothing else does (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    // The table of emoji is here.
    await ada.box.pressSequentially(':tada');
    await expect(chosen(ada)).toContainText('🎉');
    await ada.box.pressSequentially(':');
    await expect(ada.box).toHaveValue('🎉');
    await ada.writes('');
    await ada.box.pressSequentially('I :heart: you :+1:, :Eyes:');
    await expect(ada.box).toHaveValue('I ❤️ you 👍, 👀');
    await ada.writes('');
    const keys = await Keys.of(ada.page);
    await ada.box.pressSequentially(':');
    await keys.composes('ㅎ', '하');
    await keys.commits('하');
    await keys.composes('ㅌ', '트');
    await keys.commits('트');
    await ada.box.pressSequentially(':');
    await expect(ada.box).toHaveValue('❤️');
    await ada.writes('');
    // No emoji is called so, or more than one is; code; a time; behind a word; and where the list was closed.
    for (const text of [':hear:', ':nobody:', ':눈:', '`:heart:`', '```\n:heart:', '12:30:45', 'a:heart:', '::heart:']) {
      for (const [at, line] of text.split('\n').entries()) {
        if (at > 0) await ada.box.press('Shift+Enter');
        await ada.box.pressSequentially(line);
      }
      await expect(ada.box).toHaveValue(text);
      await ada.writes('');
    }
    await ada.box.pressSequentially(':heart');
    await ada.box.press('Escape');
    await ada.box.pressSequentially(':');
    await expect(ada.box).toHaveValue(':heart:');
  });
}

test("what became an emoji is its name again by Ctrl+Z, which stays so; and so is what was taken by a key or a pointer", async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  // The table of emoji is here.
  await ada.box.pressSequentially(':tada');
  await expect(chosen(ada)).toContainText('🎉');
  for (const take of [() => ada.box.press('Tab'), () => ada.box.press('Enter'), () => choices(ada).first().click()]) {
    await ada.writes('');
    await ada.box.pressSequentially('well :tad');
    await expect(chosen(ada)).toContainText('🎉');
    await take();
    await expect(ada.box).toHaveValue('well 🎉');
    await ada.box.press('Control+z');
    await expect(ada.box).toHaveValue('well :tad');
  }
  await ada.writes('');
  await ada.box.pressSequentially('I :heart:');
  await expect(ada.box).toHaveValue('I ❤️');
  await ada.box.press('Control+z');
  await expect(ada.box).toHaveValue('I :heart:');
  await expect(choices(ada)).toHaveCount(0);
  await ada.box.press('Control+Shift+z');
  await expect(ada.box).toHaveValue('I ❤️');
  await ada.box.press('Control+z');
  await ada.box.pressSequentially(' you');
  await expect(ada.box).toHaveValue('I :heart: you');
  await ada.box.press('Enter');
  await ben.seesExactly(['I :heart: you']);
  await ada.box.pressSequentially(':tada:');
  await expect(ada.box).toHaveValue('🎉');
  await ada.box.press('Control+z');
  await expect(ada.box).toHaveValue(':tada:');
  await ada.box.press('Enter');
  await ben.seesExactly(['I :heart: you', ':tada:']);
  // The next key comes before anything else has its turn.
  await ada.box.pressSequentially('I :heart');
  await ada.box.evaluate((box) => {
    document.execCommand('insertText', false, ':');
    box.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
    document.execCommand('insertText', false, ' ');
  });
  await expect(ada.box).toHaveValue('I ❤️ ');
});

test('an emoji whose name was typed before there were any to be had comes with them, unless its writer has gone on', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  let draft = '';
  for (const [goesOn, text, before = ''] of [
    [() => Promise.resolve(), 'I ❤️'],
    [() => ada.box.pressSequentially(' '), 'I :heart: '],
    [() => ada.box.press('Backspace'), 'I :heart'],
    [() => ada.box.press('ArrowLeft'), 'I :heart:'],
    [() => ada.box.press('Control+ArrowLeft'), 'I :heart:'],
    [() => ada.box.press('Escape'), 'I :heart:'],
    [() => ada.box.click(), 'I :heart:'],
    [() => ada.connection.focus(), 'I :heart:'],
    [() => ada.box.press('ArrowUp'), ':tada:\nI :heart:', ':tada:\n'],
  ] as const) {
    let comes: () => void = () => {};
    const isHeld = new Promise<void>((release) => (comes = release));
    await ada.page.route('**/emoji/*', async (route) => {
      await isHeld;
      await route.continue();
    });
    await ada.reloads();
    // It may come after the wasm, and would stand before what is typed.
    await expect(ada.box).toHaveValue(draft);
    await ada.writes(before);
    const asked = ada.page.waitForRequest('**/emoji/*');
    const answered = ada.page.waitForResponse('**/emoji/*');
    await ada.box.pressSequentially('I :heart:');
    await asked;
    await expect(ada.box).toHaveValue(`${before}I :heart:`);
    await goesOn();
    comes();
    await (await answered).finished();
    await ada.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await expect(ada.box, goesOn.toString()).toHaveValue(text);
    draft = text;
    await ada.page.unroute('**/emoji/*');
  }
});

test('times, addresses, faces and code are written as they are, and Enter sends them', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  // The table of emoji is here.
  await ada.box.pressSequentially(':tada');
  await expect(choices(ada)).not.toHaveCount(0);
  await ada.writes('');
  const texts = ['10:30:00', '시간:오후', 'see http://example.org:80', ':D', ':p', 'std::vector', '`:smile`'];
  for (const text of texts) {
    await ada.box.pressSequentially(text);
    await expect(choices(ada)).toHaveCount(0);
    await ada.box.press('Enter');
    await expect(ada.box).toHaveValue('');
  }
  await ada.box.pressSequentially(':tada');
  await ada.box.press('Escape');
  await ada.box.pressSequentially(':');
  await expect(choices(ada)).toHaveCount(1);
  await ada.box.press('Escape');
  await ada.box.press('Enter');
  await expect(ben.texts).toHaveText([...texts.slice(0, -1), ':smile', ':tada:']);
});

test('a message of only emoji is large for everyone, and one with words is not', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko', ...DEVICES.phone });
  for (const text of ['👍', '👨‍👩‍👧‍👦 🇰🇷 👍🏽', '네 👍', ':)', '12']) await ada.says(text);
  for (const person of [ada, minsu]) {
    await expect(person.texts).toHaveText(['👍', '👨‍👩‍👧‍👦 🇰🇷 👍🏽', '네 👍', ':)', '12']);
    await expect(person.page.locator('.message-text.large')).toHaveText(['👍', '👨‍👩‍👧‍👦 🇰🇷 👍🏽']);
    await person.reloads();
    await expect(person.page.locator('.message-text.large')).toHaveCount(2);
  }
});

for (const device of ['phone', 'laptop'] as const) {
  for (const lang of ['en', 'ko'] as const) {
    test(`what is offered is fit to be seen, and never covers the box (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      for (const name of ['Ben', '민수', '이름이 아주 아주 길고 길어서 다 보이지 않는 사람']) await walksIn(name);
      await me.counts(4);
      await me.box.pressSequentially('@');
      await expect(choices(me)).toHaveCount(5);
      await isFitToBeSeen(me, device, 'people offered');
      const here = choices(me).filter({ hasText: '@here' }).locator('.choice-text');
      const cutOff = await here.evaluate((text) => text.scrollWidth - text.clientWidth);
      expect(cutOff, 'however much is said beside it').toBeLessThanOrEqual(1);
      const [list, box] = [await me.page.locator('#choices').boundingBox(), await me.box.boundingBox()];
      expect(list!.y + list!.height).toBeLessThanOrEqual(box!.y);
      if (device === 'phone') await choices(me).nth(1).tap();
      else await choices(me).nth(1).click();
      await expect(me.box).toHaveValue(/^@\S+ ?$/);
      await me.writes('');
      await me.box.pressSequentially('/');
      await isFitToBeSeen(me, device, 'commands offered');
      await me.writes('');
      await me.box.pressSequentially(':sm');
      await expect(choices(me)).toHaveCount(8);
      await isFitToBeSeen(me, device, 'emoji offered');
    });
  }
}
