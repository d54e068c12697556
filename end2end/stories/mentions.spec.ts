// Who is called by name sees it: in the talk, in the list of rooms, in the title and the icon.

import { DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test } from '../vocabulary';

/** What the page's icon shows. */
const icon = (person: Person) => person.page.locator('link[rel=icon]');

test('who is called sees it in the talk, and everyone sees whom', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await ada.says('@민수님이 오셨네요, **@민수**!');
  for (const [person, mine] of [[minsu, true], [ada, false]] as const) {
    const mentions = person.rows.last().locator('.mention');
    await expect(mentions).toHaveText(['@민수', '@민수']);
    for (const mention of await mentions.all()) {
      if (mine) await expect(mention).toHaveClass('mention me');
      else await expect(mention).toHaveClass('mention');
    }
    await expect(person.rows.last().locator('.message-text')).toHaveText('@민수님이 오셨네요, @민수!');
  }
});

for (const lang of ['en', 'ko'] as const) {
  test(`a mention in another room is counted in the list, and an edit may take it back (${lang})`, async ({ walksIn }) => {
    const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', { lang });
    const ben = await walksIn('Ben');
    const name = lang === 'ko' ? '민수' : 'Ada';
    await me.makesARoom('Dev');
    await me.isIn('Dev');

    await ben.says('hello everybody');
    await ben.says(`@${name} hello`);
    await ben.says(`@room hello, @${name}`);
    const unread = me.roomLink(MADANG.name).locator('.room-link-unread');
    await expect(unread).toContainText('@2');
    await expect(unread).toContainText(`${me.words.mentions(2)}, `);
    await expect(unread).toHaveClass(/mentioned/);
    for (const device of ['laptop'] as const) await isFitToBeSeen(me, device, 'mentioned elsewhere');

    await ben.rows.last().hover();
    await ben.rows.last().getByRole('button', { name: ben.words.more, exact: true }).click();
    await ben.page.getByRole('menuitem', { name: ben.words.delete, exact: true }).click();
    await ben.page.getByRole('dialog').getByRole('button', { name: ben.words.delete, exact: true }).click();
    await expect(unread).toContainText('@1');
    await me.roomLink(MADANG.name).click();
    await me.isIn(MADANG.name);
    await expect(unread).toBeHidden();
  });
}

test('who is named in a room where they have never been sees it in the list', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko' });
  const ada = await walksIn('Ada');
  await ada.makesARoom('Dev');
  await ada.isIn('Dev');
  await ada.says('plain');
  await ada.says('@민수님, 여기 좀 봐 주세요');
  const unread = minsu.roomLink('Dev').locator('.room-link-unread');
  await expect(unread).toContainText('@1');
  await minsu.reloads();
  await expect(unread).toContainText(minsu.words.mentions(1));
  await minsu.roomLink('Dev').click();
  await minsu.isIn('Dev');
  await expect(minsu.page.locator('.new-line + article')).toHaveText(/여기 좀/);
  await expect(unread).toBeHidden();
});

test('while nobody looks the title and the icon tell of a mention before all else', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.isToldByTheBrowser('window', 'blur');
  await ben.says('hello');
  await expect(ada.page).toHaveTitle('(1) 마당 · Madang');
  await expect(icon(ada)).toHaveAttribute('href', '/favicon-new.svg');
  await ben.says('@Ada hello');
  await expect(ada.page).toHaveTitle('(@1) 마당 · Madang');
  await expect(icon(ada)).toHaveAttribute('href', '/favicon-mention.svg');
  await ada.isToldByTheBrowser('window', 'focus');
  await expect(ada.page).toHaveTitle('마당 · Madang');
  await expect(icon(ada)).toHaveAttribute('href', '/favicon.svg');
});

test.describe('in a large room', () => {
  test.use({ settings: ['--call-all-up-to', '1'] });

  test('nobody calls everyone, and the writer is told', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    await walksIn('Cho');
    const plain = await walksIn('Ben', { script: false });
    await ada.says('@room lunch?');
    await ada.sees('@room lunch?');
    await expect(ada.rows.last().locator('.mention')).toHaveCount(0);
    await expect(ada.note).toContainText(ada.words.mentionTooMany);
    for (const word of ['@here', '@room']) {
      await ada.writes(word.slice(0, 4));
      await expect(ada.page.getByRole('option', { name: word }), 'how large is too large').toContainText('rooms of up to 1)');
    }
    await ada.writes('o');
    await expect(ada.note).not.toContainText(ada.words.mentionTooMany);
    plain.forgives(/status of 4/);
    await plain.says('@here and I?');
    await expect(plain.note).toContainText(plain.words.mentionTooMany);
    await expect(plain.box).toHaveValue('');
    await ada.sees('@here and I?');
  });
});

test('mentions are fit to be seen on a phone', async ({ walksIn }) => {
  const me = await walksIn('민수', { ...DEVICES.phone, lang: 'ko', still: true });
  const ada = await walksIn('Ada');
  for (const text of ['@민수님, @Ada 랑 같이 봐요', '@room 오늘은 여기까지!', '> @민수는 어디 갔지?\n@here **@민수**']) await ada.says(text);
  await expect(me.rows).toHaveCount(3);
  await isFitToBeSeen(me, 'phone', 'mentions');
});
