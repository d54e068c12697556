// A picture of every place and state: at every size of window, light and dark, Korean and English.

import path from 'node:path';
import { aFullHouse, aLink, connections, type Look, pagesOfAMember, pagesOfAStranger, sheetsOfRooms, sheetsOfTheTalk, talk, withoutScripts, wordsOfEverySort } from '../places';
import { test as besideASite } from '../site';
import { test } from '../vocabulary';

const PICTURES = path.join(__dirname, '../artifacts/places');

const WINDOWS = {
  small: { viewport: { width: 360, height: 740 }, touch: true },
  phone: { viewport: { width: 390, height: 844 }, touch: true },
  laptop: { viewport: { width: 1280, height: 800 } },
  narrow: { viewport: { width: 700, height: 700 } },
  /** A laptop's window at 200 %. */
  zoomed: { viewport: { width: 640, height: 400 } },
  wide: { viewport: { width: 2560, height: 1300 } },
};

for (const lang of ['ko', 'en'] as const) {
  for (const [size, window] of Object.entries(WINDOWS)) {
    const how = { ...window, lang, still: true };
    const [name, other, third] = lang === 'ko' ? ['민수', 'Ben', '남궁하늘보라'] : ['Ada', 'Ben', '민수'];
    const looks = (walk: string): Look => {
      let at = 0;
      return async (person, place) => {
        at += 1;
        await person.page.mouse.move(0, 0);
        for (const scheme of ['light', 'dark'] as const) {
          await person.page.emulateMedia({ colorScheme: scheme });
          const file = `${walk}${String(at).padStart(2, '0')}_${place.replaceAll(/[^\p{L}\p{N}@:]+/gu, '_')}_${scheme}.png`;
          await person.page.screenshot({ path: path.join(PICTURES, `${lang}-${size}`, file), animations: 'disabled' });
        }
      };
    };

    test(`pages (${lang}, ${size})`, async ({ visits, walksIn }) => {
      await pagesOfAStranger(await visits(how), looks('a'));
      await pagesOfAMember(await walksIn(name, how), looks('b'));
    });

    test(`a talk (${lang}, ${size})`, async ({ walksIn }) => {
      const me = await walksIn(name, { ...how, road: true });
      await talk(me, await walksIn(other), looks('c'));
      await sheetsOfTheTalk(me, looks('d'));
    });

    test(`rooms (${lang}, ${size})`, async ({ walksIn }) => {
      const me = await walksIn(name, how);
      await walksIn(other);
      await sheetsOfRooms(me, looks('e'));
    });

    test(`words (${lang}, ${size})`, async ({ walksIn }) => {
      const me = await walksIn(name, { ...how, road: true });
      await wordsOfEverySort(me, await walksIn(other), await walksIn(third), looks('f'));
    });

    test(`without scripts (${lang}, ${size})`, async ({ walksIn }) => {
      await withoutScripts(await walksIn(name, { ...how, script: false }), await walksIn(other), looks('g'));
    });

    test(`connections (${lang}, ${size})`, async ({ walksIn, house }) => {
      await connections(await walksIn(name, { ...how, road: true }), house, looks('h'));
    });

    test.describe(() => {
      test.use({ settings: ['--max-people', '1'] });

      test(`a full house (${lang}, ${size})`, async ({ visits, walksIn }) => {
        await walksIn(other);
        await aFullHouse(await visits(how), looks('i'));
      });
    });

    besideASite(`a link (${lang}, ${size})`, async ({ walksIn, link }) => {
      await aLink(await walksIn(name, how), link, looks('j'));
    });
  }
}
