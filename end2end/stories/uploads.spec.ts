// Files that can't come for now are tried again from where they stood, and a file that one tab sends is awaited in the others.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { bytes } from '../pictures';
import { expect, type Person, test } from '../vocabulary';

const UPLOADS = '**/uploads/*';
const tray = (person: Person) => person.page.locator('.tray-item');
const again = (person: Person, name: string) => person.page.getByRole('button', { name: `${person.words.retry} ${name}`, exact: true });

/** From the second piece on the server says no, until it is well again; where the pieces began. */
async function isUnwell(person: Person, status: number, code: string) {
  const state = { isWell: false, offsets: [] as number[] };
  await person.page.route(UPLOADS, async (route) => {
    const offset = Number(route.request().headers()['upload-offset']);
    const isPiece = route.request().method() === 'PATCH' && (route.request().postDataBuffer()?.length ?? 0) > 0;
    if (isPiece) state.offsets.push(offset);
    if (state.isWell || offset === 0) return route.continue();
    return route.fulfill({ status, contentType: 'application/problem+json', json: { code } });
  });
  return state;
}

for (const lang of ['en', 'ko'] as const) {
  test(`what failed for now goes on from where it stood, by key (${lang})`, async ({ walksIn }) => {
    const ada = (await walksIn('Ada', { lang })).forgives(/status of 507/);
    const ben = await walksIn('Ben', { lang });
    const server = await isUnwell(ada, 507, 'disk_full');
    await ada.writes('typed for long');
    await ada.page.locator('#files').setInputFiles([bytes('large.bin', 2_000_000)]);
    await expect(tray(ada).getByRole('status')).toHaveText(ada.words.refused.diskFull);
    await expect(again(ada, 'large.bin')).toBeVisible();
    await again(ada, 'large.bin').focus();
    await ada.page.keyboard.press('Enter');
    await expect(tray(ada).getByRole('status'), 'it is said once more').toHaveText(ada.words.refused.diskFull);
    server.isWell = true;
    await again(ada, 'large.bin').focus();
    await ada.page.keyboard.press('Space');
    await expect(tray(ada).locator('progress:visible')).toHaveCount(0);
    await expect(tray(ada).getByRole('status')).toHaveText('');
    await expect(again(ada, 'large.bin')).toBeHidden();
    await expect(ada.box, 'the focus is not lost with the button').toBeFocused();
    expect(server.offsets.filter((offset) => offset === 0), 'the beginning was sent once').toHaveLength(1);
    await ada.box.press('Enter');
    await ben.sees('typed for long');
    await expect(ben.rows.locator('a.attachment')).toHaveText([/large\.bin/]);
  });
}

test('what was never announced is announced again', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 500/);
  let isWell = false;
  await ada.page.route('**/uploads', (route) => (isWell ? route.continue() : route.fulfill({ status: 500, body: '' })));
  await ada.page.locator('#files').setInputFiles([bytes('a.bin', 10), bytes('huge.bin', 10)]);
  for (const name of ['a.bin', 'huge.bin']) await expect(again(ada, name)).toBeVisible();
  isWell = true;
  for (const name of ['a.bin', 'huge.bin']) await again(ada, name).click();
  await expect(tray(ada).locator('progress:visible')).toHaveCount(0);
  await expect(tray(ada).getByRole('status')).toHaveText(['', '']);
});

test('what failed may still be tried again though another file was chosen since', async ({ walksIn }) => {
  const ada = (await walksIn('Ada')).forgives(/status of 507/);
  const ben = await walksIn('Ben');
  let isWell = false;
  const full = { status: 507, contentType: 'application/problem+json', json: { code: 'disk_full' } };
  await ada.page.route('**/uploads', (route) => (isWell ? route.continue() : route.fulfill(full)));
  await ada.page.locator('#files').setInputFiles([bytes('first.bin', 10)]);
  await expect(again(ada, 'first.bin')).toBeVisible();
  isWell = true;
  await ada.page.locator('#files').setInputFiles([bytes('second.bin', 10)]);
  await expect(tray(ada).getByRole('status')).toHaveText([ada.words.refused.diskFull, '']);
  await again(ada, 'first.bin').click();
  await expect(tray(ada).getByRole('status')).toHaveText(['', '']);
  await expect(tray(ada).locator('progress:visible')).toHaveCount(0);
  await ada.box.press('Enter');
  await expect(ben.rows.locator('a.attachment')).toHaveText([/first\.bin/, /second\.bin/]);
});

for (const lang of ['en', 'ko'] as const) {
  test(`what one tab sends is awaited in the other, and goes from there once it has come (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const ben = await walksIn('Ben', { lang });
    const other = await ada.opensAnotherTab();
    await other.isLive();
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    await ada.page.route(UPLOADS, async (route) => {
      if (route.request().method() === 'PATCH') await held;
      await route.continue();
    });
    await ada.page.locator('#files').setInputFiles([bytes('slow.bin', 1_000)]);
    await expect(tray(other).getByRole('status')).toHaveText(ada.words.uploadingElsewhere);
    await expect(tray(other).locator('progress:visible')).toHaveCount(1);
    await expect(again(other, 'slow.bin')).toBeHidden();
    // What is typed there meanwhile changes nothing of it, here or there.
    await other.box.fill('from the other tab');
    await expect(ada.box).toHaveValue('from the other tab');
    await expect(tray(ada).locator('progress:visible')).toHaveCount(1);
    await other.box.press('Enter');
    await expect(other.note).toHaveText(other.words.sendsWhenThere);
    release();
    await ben.sees('from the other tab');
    await expect(ben.rows.locator('a.attachment')).toHaveText([/slow\.bin/]);
    await expect(tray(ada)).toHaveCount(0);
    await expect(tray(other)).toHaveCount(0);
  });

  test(`it is called gone once the tab that sent it is closed, and not before (${lang})`, async ({ walksIn }) => {
    const ada = await walksIn('Ada', { lang });
    const other = await ada.opensAnotherTab();
    await other.isLive();
    await ada.page.route(UPLOADS, (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()));
    await ada.page.locator('#files').setInputFiles([bytes('slow.bin', 1_000)]);
    await expect(tray(other).getByRole('status')).toHaveText(ada.words.uploadingElsewhere);
    await other.reloads();
    await other.isLive();
    await expect(tray(other).getByRole('status'), 'a page that comes later waits, too').toHaveText(ada.words.uploadingElsewhere);
    await ada.closesTheTab();
    await expect(tray(other).getByRole('status')).toHaveText(other.words.refused.fileUnknown);
    await other.box.fill('without it');
    await other.box.press('Enter');
    await expect(other.note).toHaveText(other.words.refused.fileUnknown);
    await other.press(other.words.remove('slow.bin'));
    await other.box.press('Enter');
    await other.sees('without it');
  });

  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`what waits and what may be tried again is fit to be seen (${lang}, ${device})`, async ({ walksIn }) => {
      const me = (await walksIn('Ada', { ...DEVICES[device], lang, still: true })).forgives(/status of 507/);
      await me.page.route('**/uploads', (route) => route.fulfill({ status: 507, contentType: 'application/problem+json', json: { code: 'disk_full' } }));
      const other = await me.opensAnotherTab();
      await other.isLive();
      await other.page.route(UPLOADS, (route) => (route.request().method() === 'PATCH' ? undefined : route.continue()));
      await other.page.locator('#files').setInputFiles([bytes('coming.mp4', 90)]);
      await expect(tray(me)).toHaveCount(1);
      await me.page.locator('#files').setInputFiles([bytes('아주 긴 이름의 회의록 with a very long name indeed, that does not fit.pdf', 2_345_678)]);
      await expect(tray(me).last().getByRole('status')).toHaveText(me.words.refused.diskFull);
      await isFitToBeSeen(me, device, 'uploads');
    });
  }
}
