// How pictures are made; a font with emoji in colour makes them better. Not a part of bin/test. README's, from a release build:
//   cd end2end && npx --no playwright test --config showing/playwright.config.ts --project readme
// Every place and state, at every size, light and dark, Korean and English (artifacts/places, for people to look at):
//   cd end2end && npx --no playwright test --config showing/playwright.config.ts --project places [--grep 'ko, phone']

import stories from '../playwright.config';

export default {
  ...stories,
  testDir: '.',
  outputDir: '../artifacts/failed',
  timeout: 300_000,
  projects: [
    { name: 'readme', testMatch: 'room.ts', workers: 1 },
    { name: 'places', testMatch: 'places.ts' },
  ],
};
