// What lies behind a link stands under the message, for everyone, until its author takes it away.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { HOST, test } from '../site';
import { expect, type Person, TO_COME_BACK } from '../vocabulary';

const card = (person: Person) => person.rows.locator('a.preview');
const whose = (person: Person) => card(person).locator('span').first();
const title = (person: Person) => card(person).locator('span').nth(1);

const entries = (person: Person) => person.page.getByRole('menuitem');

async function opensTheMenu(person: Person, text: string): Promise<void> {
  await person.message(text).hover();
  await person.message(text).getByRole('button', { name: person.words.more }).click();
}

test('both see what lies behind a link, also after a reload; their browsers ask nobody; its author takes it away', async ({ walksIn, link }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  const asked: string[] = [];
  for (const { page } of [ada, minsu]) page.on('request', (request) => asked.push(request.url()));
  await ada.says(link);
  await minsu.reloads();
  for (const person of [ada, minsu]) {
    await expect(card(person)).toHaveAttribute('href', link);
    await expect(card(person)).toHaveAttribute('rel', /noopener noreferrer/);
    await expect(title(person)).toHaveText('회의록 · Notes of week 47');
    await expect(whose(person)).toHaveText(`${HOST} · Wiki`);
  }
  await minsu.reloads();
  await expect(card(minsu)).toBeVisible();
  expect(asked.filter((url) => url.includes(HOST))).toEqual([]);

  await opensTheMenu(minsu, link);
  await expect(entries(minsu).first()).toBeFocused();
  expect(await entries(minsu).allTextContents()).not.toContain(minsu.words.hidePreview);
  await minsu.page.keyboard.press('Escape');
  await opensTheMenu(ada, link);
  await expect(entries(ada).first()).toBeFocused();
  const way = (await entries(ada).allTextContents()).indexOf(ada.words.hidePreview);
  for (let step = 0; step < way; step++) await ada.page.keyboard.press('ArrowDown');
  await ada.page.keyboard.press('Enter');
  for (const person of [ada, minsu]) await expect(card(person)).toHaveCount(0);
  await minsu.reloads();
  await minsu.sees(link);
  await expect(card(minsu)).toHaveCount(0);
});

test('it is there without scripts, stays while a word beside the link is changed, and goes with the link', async ({ walksIn, link }) => {
  const ada = await walksIn('Ada');
  const plain = await walksIn('Ben', { script: false });
  await ada.says(`${link} see`);
  await expect(card(ada)).toBeVisible();
  await plain.page.reload();
  await expect(title(plain)).toHaveText('회의록 · Notes of week 47');

  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.type('!');
  await ada.page.keyboard.press('Enter');
  await ada.sees(`${link} see!`);
  await expect(card(ada)).toBeVisible();
  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.press('ControlOrMeta+a');
  await ada.page.keyboard.type('no link');
  await ada.page.keyboard.press('Enter');
  await ada.sees('no link');
  await expect(card(ada)).toHaveCount(0);
});

test('what is taken away without a connection is gone at once, and for everyone when it is back', async ({ walksIn, house, link }) => {
  const ada = (await walksIn('Ada')).forgivesRefusedConnections();
  const minsu = (await walksIn('민수', { lang: 'ko' })).forgivesRefusedConnections();
  await ada.says(link);
  await expect(card(minsu)).toBeVisible();
  await house.closes();
  await ada.connectionIs('offline');
  await opensTheMenu(ada, link);
  await ada.page.getByRole('menuitem', { name: ada.words.hidePreview }).click();
  await expect(card(ada)).toHaveCount(0);
  await house.opensAgain();
  await expect(card(minsu)).toHaveCount(0, TO_COME_BACK);
  await expect(card(ada)).toHaveCount(0);
});

test('a card holds what is in it, whatever it is called', async ({ walksIn, site }) => {
  const ada = await walksIn('Ada');
  await ada.says(`http://${site}/tower`);
  expect(await title(ada).textContent()).not.toContain('\u202E');
  const { card: box, title: inside } = await card(ada).evaluate((card) => {
    const bounds = (element: Element) => element.getBoundingClientRect().toJSON() as DOMRect;
    return { card: bounds(card), title: bounds(card.children[1]!) };
  });
  expect(inside.top).toBeGreaterThanOrEqual(box.top);
  expect(inside.bottom).toBeLessThanOrEqual(box.bottom);
  await expect(card(ada)).toHaveCSS('contain', /paint/);
});

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`a preview is fit to be seen (${lang}, ${device})`, async ({ walksIn, link }) => {
      const ada = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
      await ada.says(link);
      await expect(card(ada)).toBeVisible();
      await isFitToBeSeen(ada, device, 'preview');
      await card(ada).focus();
      await isFitToBeSeen(ada, device, 'preview · focused');
    });
  }
}
