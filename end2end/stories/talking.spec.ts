// People talk, both ways, and always know where their words are.

import { expect, MADANG, type Person, test } from '../vocabulary';

test('two people talk both ways, and each sees which words are theirs', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const minsu = await walksIn('민수', { lang: 'ko' });
  await ada.says('hi');
  await minsu.sees('hi');
  await minsu.says('안녕하세요');
  await ada.sees('안녕하세요');
  await ada.seesExactly(['hi', '안녕하세요']);
  await minsu.seesExactly(['hi', '안녕하세요']);

  await expect(ada.message('hi')).toHaveClass(/\bmine\b/);
  await expect(ada.message('hi').locator('.badge')).toHaveText('You');
  await expect(ada.message('안녕하세요')).not.toHaveClass(/\bmine\b/);
  await expect(minsu.message('안녕하세요')).toHaveClass(/\bmine\b/);
  await expect(minsu.message('안녕하세요').locator('.badge')).toHaveText('나');
  await expect(minsu.message('hi')).not.toHaveClass(/\bmine\b/);
  await expect(minsu.message('hi').locator('.message-name')).toHaveText('Ada');
});

test('what one says in a row stands under one name, and a pause, another day and another person begin anew', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko', road: true });
  const ada = await walksIn('Ada');
  const begin = async (person: Person) => {
    const rows = person.page.getByRole('log').locator('.day-line, article.message');
    return rows.evaluateAll((rows) => rows.map((row) => (row.matches('.day-line') ? '—' : row.matches('.opens-group') ? 'name' : 'under it')));
  };
  for (const text of ['one', 'two']) await ada.says(text);
  await minsu.sees('two');
  await minsu.says('three');
  await ada.sees('three');
  await ada.says('four');
  for (const person of [minsu, ada]) {
    await person.seesExactly(['one', 'two', 'three', 'four']);
    expect(await begin(person)).toEqual(['—', 'name', 'under it', 'name', 'name']);
    await expect(person.page.locator('.day-line')).toHaveCount(1);
  }

  // On the clocks of both it is the fifth of May, 2031, five minutes before midnight.
  const at = Date.UTC(2031, 4, 5, 14, 55);
  const minutes = [0, 4, 5, 6, 11];
  const said = minutes.map((minute, nth) => [5 + nth, at + minute * 60_000, [99, 'Ben'], `late ${nth}`]);
  minsu.road!.says({ events: { room: 'madang', events: said } });
  await minsu.sees('late 4');
  // The third comes on the next day, the last after five minutes.
  expect((await begin(minsu)).slice(5)).toEqual(['—', 'name', 'under it', '—', 'name', 'under it', 'name']);
  await expect(minsu.page.locator('.day-line').last()).toContainText('2031년 5월 6일 화요일');
});

test('my words stand there at once, dimmed, and the same row is confirmed', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  ada.road!.holds();
  await ada.says('on its way');
  const row = ada.message('on its way');
  await expect(row).toHaveAttribute('data-state', 'waiting');
  await expect(ada.box).toHaveValue('');
  await ben.sees('on its way');
  await expect(row).toHaveAttribute('data-state', 'waiting');
  const ink = () => row.locator('.message-text').evaluate((text) => getComputedStyle(text).color);
  const [dimmed, height] = [await ink(), (await row.boundingBox())!.height];
  await row.evaluate((element) => element.setAttribute('data-marked-by-the-story', ''));

  ada.road!.releases();
  await ada.sees('on its way');
  await expect(row, 'it is still the same row').toHaveAttribute('data-marked-by-the-story', '');
  expect(await ink()).not.toBe(dimmed);
  expect((await row.boundingBox())!.height, 'nothing moves when it is confirmed').toBe(height);
  await ada.seesExactly(['on its way']);
});

test('several messages in a row arrive once each, in their order', async ({ walksIn }) => {
  const ada = await walksIn('Ada', { road: true });
  const ben = await walksIn('Ben');
  const said = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
  ada.road!.holds();
  for (const text of said) await ada.says(text);
  await ada.seesForNow(said);
  await ben.sees(said[0]);
  ada.road!.releases();
  await ben.seesExactly(said);
  await ada.seesExactly(said);
  await ben.reloads();
  await ben.seesExactly(said);
});

test('the page of a room is readable before the wasm and not drawn twice after it', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const said = ['first', '둘째', 'third'];
  for (const text of said) await ada.says(text);
  await ada.seesExactly(said);

  const html = await (await ada.context.request.get(MADANG.path)).text();
  expect(html.match(/<article\b/g)).toHaveLength(said.length);
  await ada.page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await ada.reloads();
  await ada.seesExactly(said);
  await ada.isLive();
  await ada.seesExactly(said);
  const shifts = await ada.page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  expect(shifts.reduce((sum, shift) => sum + shift, 0), 'nothing jumps when the wasm arrives').toBeLessThan(0.001);
});

test('what was typed before the wasm came stays and can be sent', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  const arrives = await ada.holdsTheWasm();
  await ada.page.reload({ waitUntil: 'commit' });
  await ada.box.fill('typed early');
  await expect(ada.page.locator('html')).not.toHaveAttribute('data-ready', '');
  arrives();
  await ada.isReady();
  await expect(ada.box).toHaveValue('typed early');
  await ada.isLive();
  await ada.box.press('Enter');
  await ben.sees('typed early');
  await expect(ada.box).toHaveValue('');
});

test('Shift+Enter breaks the line, and empty words are not sent', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ada.box.press('Enter');
  await ada.writes('   ');
  await ada.box.press('Enter');
  await ada.isTold("There's nothing in the message yet.");
  await ada.box.fill('');
  await ada.box.pressSequentially('one');
  await ada.box.press('Shift+Enter');
  await ada.box.pressSequentially('two');
  await expect(ada.box).toHaveValue('one\ntwo');
  await ada.box.press('Enter');
  await ben.sees('one two');
  await expect(ben.texts).toHaveCount(1);
  expect(await ben.texts.first().evaluate((text) => (text as HTMLElement).innerText)).toBe('one\ntwo');
});

test('one who is elsewhere in the house sees that a room has something new', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ben.makesARoom('Side room');
  await ben.isIn('Side room');
  await ada.says('anyone there?');
  const link = ben.roomLink(MADANG.name);
  await expect(link).toHaveAccessibleName(/1 new message\b/);
  await link.click();
  await ben.sees('anyone there?');
  await expect(link).toHaveAccessibleName(/^마당 \d+ (?!.*new message)/);
});

test('everybody reads the time on their own clock, in the page that the server sends, too', async ({ walksIn }) => {
  const minsu = await walksIn('민수', { lang: 'ko', timezone: 'Asia/Seoul' });
  const asha = await walksIn('Asha', { timezone: 'Asia/Kolkata' });
  await minsu.says('지금 몇 시예요?');
  await asha.sees('지금 몇 시예요?');
  const read = async (person: typeof asha) => {
    const time = person.message('지금 몇 시예요?').locator('time');
    return { text: await time.textContent(), at: Date.parse(`${await time.getAttribute('datetime')}Z`) };
  };
  const [seoul, kolkata] = [await read(minsu), await read(asha)];
  expect(seoul.at - kolkata.at).toBe(3.5 * 60 * 60 * 1000);
  const [, half, time] = /^(오전|오후)\s(\d+:\d\d)$/.exec(seoul.text!)!;
  expect(`${time}\u00a0${half === '오전' ? 'AM' : 'PM'}`).toBe(onTheDial(seoul.at));
  expect(kolkata.text).toBe(onTheDial(kolkata.at));
  for (const [person, { at }] of [[minsu, seoul], [asha, kolkata]] as const) {
    const html = await (await person.context.request.get(MADANG.path)).text();
    expect(html).toContain(`datetime="${new Date(at).toISOString().slice(0, 16)}"`);
  }
});

test('a message that comes leaves the page around it as it is', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const ben = await walksIn('Ben');
  await ben.says('first');
  await ada.sees('first');
  // To set an attribute of the root, to whatever it is, has the browser look at the style of the whole page again.
  await ada.page.evaluate(() => {
    new MutationObserver((changes) => {
      for (const { attributeName } of changes) document.body.dataset.changes = `${document.body.dataset.changes ?? ''} ${attributeName}`;
    }).observe(document.documentElement, { attributes: true });
  });
  await ben.says('second');
  await ada.sees('second');
  await ada.says('third');
  await ada.sees('third');
  await expect(ada.page.locator('body')).not.toHaveAttribute('data-changes');
  await ada.press(ada.words.otherLanguage);
  await expect(ada.page.locator('body')).toHaveAttribute('data-changes', ' lang');
});

/** As English clocks say it. */
function onTheDial(at: number): string {
  const [hour, minute] = [new Date(at).getUTCHours(), new Date(at).getUTCMinutes()];
  return `${hour % 12 || 12}:${String(minute).padStart(2, '0')}\u00a0${hour < 12 ? 'AM' : 'PM'}`;
}
