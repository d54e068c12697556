// Places that no other story looks at are fit to be seen, too: what is met seldom, what is drawn without scripts.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { type Look, pagesOfAMember, pagesOfAStranger, sheetsOfRooms, withoutScripts } from '../places';
import { test } from '../vocabulary';

/** Where other stories look (`isFitToBeSeen`). */
const LOOKED_AT_ELSEWHERE = [
  'walk in', 'walk in refused', 'hello', 'missing', 'lab', 'home', 'unknown room', 'empty room', 'settings', 'settings while quiet',
  'connection menu', 'rooms', 'people', 'left', 'person', 'all rooms', 'send later', 'scheduled', 'new room refused',
  'about a private room', 'before leaving',
];

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    const how = { ...DEVICES[device], lang, still: true };
    const look: Look = async (person, place) => {
      if (!LOOKED_AT_ELSEWHERE.includes(place)) await isFitToBeSeen(person, device, place.replaceAll('/', ' '));
    };

    test(`the pages are fit to be seen (${lang}, ${device})`, async ({ visits, walksIn }) => {
      await pagesOfAStranger(await visits(how), look);
      await pagesOfAMember(await walksIn('Ada', how), look);
    });

    test(`the sheets of rooms are fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = await walksIn('Ada', how);
      await walksIn('Ben');
      await sheetsOfRooms(me, look);
    });

    test(`what is drawn without scripts is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = (await walksIn('Ada', how)).forgives(/net::ERR_FAILED/);
      // In a browser that runs none axe doesn't either.
      await me.page.route('**/pkg/*.js', (route) => route.abort());
      await withoutScripts(me, await walksIn('Ben'), look);
    });
  }
}
