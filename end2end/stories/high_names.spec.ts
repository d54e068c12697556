// Names of people and rooms, topics and names of files that are towers of marks, or turn the writing: wherever they stand, they stay in
// their own line.

import { expect, MADANG, type Person, test } from '../vocabulary';

const MARKS = '\u0335\u0336\u0337\u0301\u0302\u0303\u0323\u0330';
/** In the order in which they are kept. */
const tower = (letter: string, height: number) => (letter + MARKS.repeat(height / MARKS.length)).normalize('NFC');
const NAME = tower('Z', 72);
const ROOM = tower('R', 64);
const TOPIC = tower('T', 800);

for (const lang of ['en', 'ko'] as const) {
  test(`towers stay in their own line, wherever a name stands (${lang})`, async ({ walksIn, house }) => {
    const high = await walksIn(NAME);
    await high.makesARoom(ROOM);
    await high.isIn(ROOM);
    const path = new URL(high.page.url()).pathname;
    const told = await high.page.request.post(`${path}/about`, { form: { do: 'topic', text: TOPIC }, headers: { origin: house.address } });
    expect(told.ok()).toBe(true);
    await high.says(`hello @${NAME}`);
    await high.says('שלום **hello** مرحبا');

    const ada = await walksIn('Ada', { lang });
    await staysInItsLine(ada);
    await ada.goesTo(path);
    await expect(ada.rows).toHaveCount(2);
    await ada.rows.first().hover();
    await ada.rows.first().getByRole('button', { name: ada.words.reply, exact: true }).click();
    await staysInItsLine(ada);
    await ada.says('an answer');
    await expect(ada.rows).toHaveCount(3);
    await high.box.pressSequentially('typing');
    await expect(ada.page.locator('.typing-line')).not.toHaveText('');
    await staysInItsLine(ada);
    await ada.writes('@Z');
    await staysInItsLine(ada);
    await ada.writes('');
    await high.goesTo(MADANG.path);
    await ada.opensAbout();
    await staysInItsLine(ada);
    for (const sheet of [`${path}/about`, '/rooms/all', '/find', '/people/1', '/direct/new', '/direct/new?person=1']) {
      await ada.page.goto(sheet);
      await staysInItsLine(ada);
    }
  });
}

/** Each text that is a tower has a box around it that is no higher than a few lines, and that lets nothing out. */
async function staysInItsLine(person: Person): Promise<void> {
  const escaped = await person.page.evaluate(() => {
    const clips = (element: Element) => {
      const { display, overflowY, contain } = getComputedStyle(element);
      return display !== 'inline' && display !== 'contents' && (overflowY !== 'visible' || /paint|strict|content/.test(contain));
    };
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const around = text.parentElement!;
      const isSeen = around.checkVisibility({ visibilityProperty: true }) && !around.closest('.visually-hidden, noscript, script, option');
      if (!isSeen || !/\p{M}{16}/u.test(text.textContent!)) continue;
      let box: Element | null = around;
      while (box && !clips(box)) box = box.parentElement;
      const { fontSize } = getComputedStyle(around);
      const lines = (box?.getBoundingClientRect().height ?? Infinity) / (Number.parseFloat(fontSize) * 1.5);
      if (lines > 4) found.push(`${around.tagName}.${around.className} in ${around.parentElement!.className}: ${lines.toFixed(1)} lines of ${box?.className}`);
    }
    return [...new Set(found)];
  });
  expect.soft(escaped, new URL(person.page.url()).pathname).toEqual([]);
}
