// A site on this machine whose pages are looked into for previews.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base } from './vocabulary';

/** Where only a debug build of the server goes, and only when it is told. */
export const HOST = '127.0.0.2';
const TOWER = `Z${'\u0301'.repeat(60)}\u202E`;

/** Stories beside such a site, in a house that looks there. */
export const test = base.extend<{ site: string; link: string }>({
  /** A site of its own, at a port that is free. */
  site: async ({}, use) => {
    const site = createServer((asked, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      const title = asked.url === '/tower' ? TOWER : '회의록 · Notes of week 47';
      answer.end(`<title>${title}</title><meta property="og:site_name" content="Wiki">
        <meta name="description" content="${'Who said what, and who does what until the next time. '.repeat(8)}">
        <meta property="og:image" content="http://${asked.headers.host}/picture.png">`);
    });
    await new Promise<void>((done) => site.listen(0, HOST, done));
    await use(`${HOST}:${(site.address() as AddressInfo).port}`);
    site.close();
  },
  link: ({ site }, use) => use(`http://${site}/notes`),
  settings: ({ site }, use) => use(['--link-previews', '--link-preview-sites', site]),
  build: 'debug',
});
