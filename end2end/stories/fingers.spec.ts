// On a phone all that can be pressed is large enough for a finger, on every page, menu, dialog and sheet.

import { isForFingers } from '../fingers';
import { DEVICES } from '../looks';
import { aFullHouse, aLink, connections, pagesOfAMember, pagesOfAStranger, sheetsOfRooms, sheetsOfTheTalk, talk, withoutScripts } from '../places';
import { test as besideASite } from '../site';
import { test } from '../vocabulary';

const phone = { ...DEVICES.phone, still: true } as const;

for (const lang of ['en', 'ko'] as const) {
  test(`the pages are for fingers (${lang})`, async ({ visits, walksIn }) => {
    await pagesOfAStranger(await visits({ ...phone, lang }), isForFingers);
    await pagesOfAMember(await walksIn('Ada', { ...phone, lang }), isForFingers);
  });

  test(`a talk and what opens from it is for fingers (${lang})`, async ({ walksIn }) => {
    test.slow();
    const me = await walksIn('Ada', { ...phone, lang, road: true });
    await talk(me, await walksIn('Ben'), isForFingers);
    await sheetsOfTheTalk(me, isForFingers);
  });

  test(`the sheets of rooms are for fingers (${lang})`, async ({ walksIn }) => {
    const me = await walksIn('Ada', { ...phone, lang });
    await walksIn('Ben');
    await sheetsOfRooms(me, isForFingers);
  });

  test(`what is drawn without scripts is for fingers (${lang})`, async ({ walksIn }) => {
    await withoutScripts(await walksIn('Ada', { ...phone, lang, script: false }), await walksIn('Ben'), isForFingers);
  });

  test(`whatever becomes of the connection, the page is for fingers (${lang})`, async ({ walksIn, house }) => {
    await connections(await walksIn('Ada', { ...phone, lang, road: true }), house, isForFingers);
  });

  test.describe(() => {
    test.use({ settings: ['--max-people', '1'] });

    test(`the door of a full house is for fingers (${lang})`, async ({ visits, walksIn }) => {
      await walksIn('Ben');
      await aFullHouse(await visits({ ...phone, lang }), isForFingers);
    });
  });

  besideASite(`what lies behind a link is for fingers (${lang})`, async ({ walksIn, link }) => {
    await aLink(await walksIn('Ada', { ...phone, lang }), link, isForFingers);
  });
}
