// What there may be only so many of is said before somebody asks for one: how many are left, and the reason beside a button that
// can't be pressed.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, MADANG, type Person, test, VERSION } from '../vocabulary';

const EMOJI = [...'😀😃😄😁😆😅😂🙂🙃😉😊😇😍😘😗😙😚😋😛😜'];

const create = (person: Person) => person.sheet.getByRole('button', { name: person.words.create, exact: true });

/** Puts twenty emoji to the first message of the room, over a socket beside the page's own. */
async function putsAllEmoji(person: Person): Promise<void> {
  await person.page.evaluate(
    async ({ emoji, version }) => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
      const say = (frame: object) => socket.send(JSON.stringify(frame));
      let confirmed = 0;
      await new Promise<void>((done) => {
        socket.onopen = () => say({ hello: { version } });
        socket.onmessage = ({ data }) => {
          const { welcome, page, events } = JSON.parse(data);
          if (welcome) say({ open: { room: 'madang' } });
          const cid = () => crypto.randomUUID().replaceAll('-', '');
          if (page) emoji.forEach((one) => say({ react: { room: 'madang', of: 1, cid: cid(), emoji: one, on: true } }));
          confirmed += events?.events.length ?? 0;
          if (confirmed === emoji.length) done();
        };
      });
      socket.close();
    },
    { emoji: EMOJI, version: VERSION },
  );
}

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test.describe(`where little is allowed (${lang}, ${device})`, () => {
      test.use({ settings: ['--rooms-per-person', '2', '--scheduled-per-person', '1', '--message-burst', '100'] });

      test('what is left is said, and then the button is grey, with the reason', async ({ walksIn }) => {
        const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...DEVICES[device], lang, still: true });
        const ben = await walksIn('Ben');
        await me.opensTheNewRoomForm();
        await expect(me.sheet.getByRole('status')).toHaveText(me.words.roomsLeft(2));
        await expect(create(me)).toBeEnabled();
        await me.page.keyboard.press('Escape');
        for (const name of ['one', 'two']) {
          await me.makesARoom(name);
          await me.isIn(name);
        }
        await me.opensTheNewRoomForm();
        await expect(create(me)).toBeDisabled();
        await expect(create(me)).toHaveAccessibleDescription(me.words.refused.roomsMadeTooMany);
        await isFitToBeSeen(me, device, 'no more rooms');
        await ben.opensTheNewRoomForm();
        await expect(create(ben), 'others may').toBeEnabled();
      });

      test('a message with all its emoji says so in the picker', async ({ walksIn }) => {
        const me = await walksIn('Ada', { ...DEVICES[device], lang, still: true });
        const ben = await walksIn('Ben');
        await ben.says('much liked');
        await me.sees('much liked');
        await putsAllEmoji(ben);
        await expect(me.message('much liked').locator('.reaction')).toHaveCount(EMOJI.length);
        const row = me.message('much liked');
        if (device === 'laptop') await row.hover();
        else await row.locator('.message-text').dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
        await row.getByRole('toolbar').getByRole('button', { name: me.words.react, exact: true }).click();
        await expect(me.page.locator('#emoji-picker').getByRole('status')).toHaveText(me.words.refused.reactionsFull);
        await isFitToBeSeen(me, device, 'no more emoji');
      });
    });
  }
}

test.describe('where one message may wait', () => {
  test.use({ settings: ['--scheduled-per-person', '1'] });

  test('whoever has one that waits is told before they choose a time, and their words stay', async ({ walksIn }) => {
    const ada = await walksIn('Ada');
    await walksIn('Ben');
    const opens = async (text: string) => {
      await ada.writes(text);
      await ada.press(ada.words.sendLater);
      await expect(ada.sheet.locator('#later-text')).toHaveValue(text);
    };
    await opens('the first');
    await ada.sheet.getByRole('button', { name: ada.words.tomorrow }).click();
    await expect(ada.sheet.locator('.scheduled-message')).toHaveCount(1);
    await ada.page.keyboard.press('Escape');
    await opens('the second');
    await expect(ada.sheet.getByRole('button', { name: ada.words.schedule, exact: true })).toBeDisabled();
    await expect(ada.sheet.getByRole('alert').filter({ hasText: '1' })).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(ada.box).toHaveValue('the second');
    await expect(ada.page).toHaveURL(new RegExp(`${MADANG.path}$`));
  });
});
