// How README's pictures are made, from a release build; a font with emoji in colour makes them better. Not a part of bin/test:
//   cd end2end && npx --no playwright test --config showing/playwright.config.ts

import stories from '../playwright.config';

export default { ...stories, testDir: '.', testMatch: 'room.ts', outputDir: '../artifacts/failed', workers: 1 };
