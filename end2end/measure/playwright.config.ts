// How the page is measured: as the stories are run, but alone, so that nothing else takes the machine's time.
// Prints figures and asserts none; not a part of bin/test:
//   cd end2end && npx --no playwright test --config measure/playwright.config.ts

import stories from '../playwright.config';

export default { ...stories, testDir: '.', outputDir: '../artifacts/failed', testMatch: ['timeline.ts', 'markup.ts', 'pasting.ts'], workers: 1, timeout: 600_000 };
