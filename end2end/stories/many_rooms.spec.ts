// Somebody who goes through more rooms in one tab than a tab may have open: nothing is refused, and nothing is lost of the one that
// they have not looked at for longest.

import { expect, MADANG, test } from '../vocabulary';

/** As many rooms as a tab may have open (`app/src/protocol.rs`). */
const MAX_OPEN = 50;

test('who opens one room too many is in it, and the first one goes on as one that is not open', async ({ house, walksIn }) => {
  const ben = await walksIn('Ben');
  const ada = await walksIn('Ada');
  const names = Array.from({ length: MAX_OPEN }, (_, number) => `Room ${number}`);
  for (const name of names) {
    const made = await ada.context.request.post('/rooms/new', { form: { name, kind: 'private' }, headers: { origin: house.address }, maxRedirects: 0 });
    expect(made.status()).toBe(303);
  }
  await ada.writes('half a thought');
  for (const name of names) {
    await ada.roomLink(name).click();
    await ada.isIn(name);
  }
  await expect.poll(() => ada.sent.filter((frame) => frame === 'close').length).toBe(1);
  await ada.says('nobody else is here');
  await ada.sees('nobody else is here');

  await ben.says('where are you?');
  await ben.says('Ada?');
  await expect(ada.roomLink(MADANG.name)).toContainText('2');
  await ada.roomLink(MADANG.name).click();
  for (const text of ['where are you?', 'Ada?']) await ada.sees(text);
  await expect(ada.box).toHaveValue('half a thought');
  await ben.says('there you are');
  await ada.sees('there you are');
  await ada.says('here');
  await ben.sees('here');
  await expect(ada.note).toHaveText('');
});
