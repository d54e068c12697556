// What a browser fetches: little, compressed, with the right types, and only once.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, MADANG, test } from '../vocabulary';

const budget = JSON.parse(readFileSync(path.join(__dirname, '..', 'budget.json'), 'utf8'));

for (const lang of ['en', 'ko'] as const) {
  test(`the first page's HTML is within the budget (${lang})`, async ({ walksIn, visits }) => {
    const stranger = await visits({ lang });
    const ada = await walksIn('Ada', { lang });
    for (const [person, page] of [[stranger, '/'], [stranger, '/hello/Ada'], [ada, '/'], [ada, MADANG.path]] as const) {
      const answer = await person.context.request.get(page, { headers: { accept: 'text/html' } });
      expect(answer.headers()['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers()['cache-control']).toBe('no-store');
      expect((await answer.body()).length, page).toBeLessThanOrEqual(budget.first_page_html_bytes);
    }
  });
}

test('wasm, script and style have hashed names, the right types, strong tags, and are kept for ever', async ({ visits, house }) => {
  const stranger = await visits();
  const html = await stranger.page.content();
  const kinds = { wasm: 'application/wasm', js: /^(text|application)\/javascript/, css: /^text\/css/ };
  for (const [ending, type] of Object.entries(kinds)) {
    const address = new RegExp(`/pkg/madang\\.[0-9a-f]{16}\\.${ending}`).exec(html)![0];
    const ask = (headers: Record<string, string>) => stranger.context.request.get(address, { headers });
    const plain = await ask({ 'accept-encoding': 'identity' });
    expect(plain.status()).toBe(200);
    expect(plain.headers()['content-type']).toMatch(type);
    expect(plain.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers()['vary']).toMatch(/accept-encoding/i);
    expect(plain.headers()['content-encoding']).toBeUndefined();
    expect(plain.headers().etag).toMatch(/^"[^"]+"$/);
    const known = await ask({ 'accept-encoding': 'identity', 'if-none-match': plain.headers().etag });
    expect(known.status()).toBe(304);
    expect(known.headers().etag).toBe(plain.headers().etag);
    expect((await known.body()).length).toBe(0);

    // A debug build is not compressed.
    if (!house.isRelease) continue;
    for (const encoding of ['br', 'gzip']) {
      const compressed = await ask({ 'accept-encoding': encoding });
      expect(compressed.headers()['content-encoding']).toBe(encoding);
      expect(compressed.headers()['content-type']).toMatch(type);
      expect(compressed.headers().etag, 'another form, another tag').not.toBe(plain.headers().etag);
      expect((await compressed.body()).equals(await plain.body())).toBe(true);
      expect(Number(compressed.headers()['content-length'])).toBeLessThan(Number(plain.headers()['content-length']));
    }
  }
  const unknown = await stranger.context.request.get('/pkg/madang.0000000000000000.wasm');
  expect(unknown.status()).toBe(404);
});

test('a second load takes wasm, script and style from the cache', async ({ visits }) => {
  const stranger = await visits();
  const fetched = () =>
    stranger.page.evaluate(() => {
      const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return entries.filter((entry) => entry.name.includes('/pkg/')).map(({ name, transferSize }) => ({ name, transferSize }));
    });
  const first = await fetched();
  expect(new Set(first.map(({ name }) => name.split('.').pop()))).toEqual(new Set(['wasm', 'js', 'css']));
  expect(first.every(({ transferSize }) => transferSize > 0)).toBe(true);
  expect(new Set(first.map(({ name }) => name)).size, 'nothing is fetched twice').toBe(first.length);
  await stranger.goesTo('/hello/Ada');
  const second = await fetched();
  expect(second.map(({ name }) => name).sort()).toEqual(first.map(({ name }) => name).sort());
  expect(second.map(({ transferSize }) => transferSize)).toEqual(second.map(() => 0));
});

test('icons and the manifest are there, and are asked for again by their tag', async ({ visits }) => {
  const stranger = await visits();
  for (const [address, type] of [
    ['/favicon.svg', 'image/svg+xml'],
    ['/apple-touch-icon.png', 'image/png'],
    ['/icon-192.png', 'image/png'],
    ['/manifest.webmanifest', /^application\/manifest\+json/],
  ] as const) {
    const answer = await stranger.context.request.get(address);
    expect(answer.status(), address).toBe(200);
    expect(answer.headers()['content-type'], address).toMatch(type);
    expect(answer.headers()['cache-control']).toBe('no-cache');
    const known = await stranger.context.request.get(address, { headers: { 'if-none-match': answer.headers().etag } });
    expect(known.status(), address).toBe(304);
  }
});

test('every answer says what browsers may do with it, and the session cookie can’t be read by scripts', async ({ walksIn }) => {
  const ada = await walksIn('Ada');
  const headers = (await ada.context.request.get(MADANG.path)).headers();
  expect(headers['content-security-policy']).toMatch(/default-src 'self'.*script-src 'self' 'nonce-[^']+' 'wasm-unsafe-eval'/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  const session = (await ada.context.cookies()).find(({ name }) => name === 'madang')!;
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: false });
  expect(await ada.page.evaluate(() => document.cookie)).not.toContain('madang=');
  const stolen = await ada.context.request.get('/rooms/madang', { headers: { cookie: `madang=${'0'.repeat(64)}`, accept: 'text/html' } });
  expect(await stolen.text()).toContain('Your name');
});
