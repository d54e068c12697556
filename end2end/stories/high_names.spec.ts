// Names of people and rooms, topics and names of files that are towers of marks, or turn the writing: wherever they stand, they stay in
// their own line.

import { staysInItsLine, tower } from '../towers';
import { expect, MADANG, test } from '../vocabulary';

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
    // The word of her coming takes a line a little later, and rows move up.
    await expect(ada.page.locator('.notice[data-notice=arrived]')).toBeVisible();
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
