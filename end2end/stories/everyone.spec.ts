// Every page and state, on a phone and on a laptop, light and dark, Korean and English: fit to be seen, and fit for people
// who don't see it. Look at end2end/artifacts/pictures before calling a page done.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { UNRULY_WORDS } from '../unruly_words';
import { expect, MADANG, type Person, test } from '../vocabulary';

const TALK = {
  en: [
    ['Ada', 'Good morning! Did everybody sleep?'],
    ['민수', '네, 잘 잤어요. 오늘 회의는 몇 시에 시작해요?'],
    ['Ada', 'Ten, in the big room.'],
    ['Ada', "I'll bring the notes from last week: https://example.org/notes/2026-11-14"],
    ['Ben', 'Could we start with the release?\nI have to leave at eleven:\n  1. changelog\n  2. screenshots'],
    ['민수', '좋아요 제가 변경 기록을 정리할게요.'],
    ['Ada', 'Perfect. See you there.'],
  ],
  ko: [
    ['민수', '다들 안녕하세요! 주말 잘 보내셨어요?'],
    ['Ada', 'Yes! Went up Bukhansan, the leaves were still red.'],
    ['민수', '와, 부럽네요. 저는 집에서 김장을 도왔어요.'],
    ['민수', '오늘 회의 자료는 여기 있어요: https://example.org/회의/2026-11-20'],
    ['Ben', '감사합니다. 배포부터 이야기하면 어떨까요?\n제가 열한 시에 나가야 해서요:\n  1. 변경 기록\n  2. 화면 사진'],
    ['Ada', 'Fine with me'],
    ['민수', '그럼 열 시에 큰 회의실에서 봬요.'],
  ],
};

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    const how = { ...DEVICES[device], lang, still: true };
    const fit = (person: Person, state: string) => isFitToBeSeen(person, device, state);

    test(`the pages without a talk are fit to be seen (${lang}, ${device})`, async ({ visits, walksIn }) => {
      const stranger = (await visits(how)).forgives(/status of 404/);
      await fit(stranger, 'walk in');
      await stranger.givesTheName('A\u200bda');
      await stranger.isTold(stranger.words.refused.nameHidden);
      await fit(stranger, 'walk in refused');
      await stranger.goesTo('/hello/%EB%AF%BC%EC%88%98');
      await fit(stranger, 'hello');
      await stranger.goesTo('/nowhere');
      await fit(stranger, 'missing');
      await stranger.goesTo('/lab');
      await fit(stranger, 'lab');
      stranger.forgivesRefusedConnections();
      const happened = stranger.page.getByRole('log').locator('tbody tr');
      await stranger.press(stranger.words.connect);
      await expect(happened).toHaveCount(1);
      await stranger.page.locator('#lab-text').fill(lang === 'ko' ? '마당에 누구 있어요?' : 'Anybody in the yard?');
      await stranger.press(stranger.words.send);
      await expect(happened).toHaveCount(3);
      await stranger.press(stranger.words.disconnect);
      await expect(happened).toHaveCount(4);
      await stranger.page.locator('#lab-address').fill('/ws/ticker?count=0');
      await stranger.press(stranger.words.connect);
      await expect(happened).toHaveCount(6);
      await fit(stranger, 'lab in use');

      const ada = (await walksIn('Ada', { ...how, at: '/' })).forgives(/status of 404/);
      await ada.isReady();
      await ada.isLive();
      await fit(ada, 'home');
      await ada.goesTo(`/rooms/${encodeURIComponent('독서-모임')}`);
      await fit(ada, 'unknown room');
      await ada.opensTheSettings();
      await fit(ada, 'settings');
      await ada.page.keyboard.press('Escape');
      await ada.connection.click();
      await expect(ada.page.locator('#connection-menu')).toBeVisible();
      await fit(ada, 'connection menu');
      await ada.page.keyboard.press('Escape');
    });

    test(`a talk is fit to be seen in every state (${lang}, ${device})`, async ({ walksIn }) => {
      const me = (await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...how, road: true })).forgivesRefusedConnections();
      await expect(me.page.locator('.notice')).toHaveCount(1);
      await fit(me, 'empty room');

      const others = lang === 'ko' ? ['Ada', 'Ben'] : ['민수', 'Ben'];
      const people: Record<string, Person> = { [lang === 'ko' ? '민수' : 'Ada']: me };
      for (const name of others) people[name] = await walksIn(name);
      for (const [name, text] of TALK[lang]) {
        await people[name].says(text);
        await expect(me.texts.filter({ hasText: text.split('\n')[0] })).toHaveCount(1);
      }
      await me.writes(lang === 'ko' ? '그리고 하나 더' : 'And one more thing');
      await fit(me, 'busy room');

      if (device === 'phone') {
        await me.showsTheRooms();
        await expect(me.roomLink(MADANG.name)).toBeVisible();
        await fit(me, 'rooms sheet');
        await me.page.keyboard.press('Escape');
        await me.page.locator('.people-button').click();
        await fit(me, 'people sheet');
        await me.page.keyboard.press('Escape');
      }

      await me.writes('가나다라'.repeat(2_001));
      await me.press(me.words.send);
      await expect(me.note).toContainText(me.words.refused.messageTooLong);
      await fit(me, 'too long');

      const [other] = others;
      for (const text of UNRULY_WORDS) await people[other].says(text);
      await me.writes('');
      await expect(me.rows).toHaveCount(TALK[lang].length + UNRULY_WORDS.length);
      await fit(me, 'long words');

      await me.scroller.evaluate((scroller) => scroller.scrollBy(0, -400));
      await people[other].says(lang === 'ko' ? '새 소식이에요' : 'Some news');
      await expect(me.button(me.words.newMessages(1))).toBeVisible();
      await fit(me, 'reading above');
      await me.press(me.words.newMessages(1));

      me.road!.refusesMessages('unavailable');
      await me.says(lang === 'ko' ? '이건 안 갔어요' : 'This one did not get through');
      await expect(me.rows.last()).toHaveAttribute('data-state', 'failed');
      await fit(me, 'failed message');
      me.road!.refusesMessages(undefined);

      await me.context.setOffline(true);
      await me.connectionIs('offline');
      const said = lang === 'ko' ? '지하철이라서 끊겼어요' : 'In the subway, no network';
      await me.says(said);
      await me.seesWaiting(said);
      await fit(me, 'offline');
      await me.context.setOffline(false);
      await me.isLive({ timeout: 30_000 });

      await me.choosesInConnectionMenu(me.words.disconnect);
      await me.connectionIs('closed');
      await fit(me, 'closed by me');
      await me.choosesInConnectionMenu(me.words.connect);
      await me.isLive();

      await me.press(me.words.leave);
      await me.isTold(me.words.youLeft(MADANG.name));
      await fit(me, 'left');
    });

    test(`words that wait where nothing is kept are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn(lang === 'ko' ? '민수' : 'Ada', { ...how, without: 'storage', road: true });
      await expect(me.note).toHaveText(me.words.notKept);
      await fit(me, 'nothing kept');
      me.road!.swallowsMessages();
      const [one, two] = lang === 'ko' ? ['이건 가는 중이에요', '이건 그 뒤에 갈 거예요'] : ['This one is on its way', 'And this one goes after it'];
      await me.says(one);
      await me.says(two);
      await me.seesWaiting(two);
      await expect(me.message(two).locator('.message-progress')).toHaveCSS('opacity', '1');
      await fit(me, 'waiting');
    });
  }
}
