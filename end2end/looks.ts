// How a page looks and reads, in both themes: a picture of each for people to look at (artifacts/pictures), and axe's
// judgement of each against WCAG 2.2 AA.

import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import { expect, type Person } from './vocabulary';

const PICTURES = path.join(__dirname, 'artifacts', 'pictures');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, touch: true },
  laptop: { viewport: { width: 1280, height: 800 }, touch: false },
};
export type Device = keyof typeof DEVICES;

/** Takes the pictures of a state and has both themes judged. Faults don't stop the story; it fails at its end. */
export async function isFitToBeSeen(person: Person, device: Device, state: string): Promise<void> {
  // Where no row and no button shows itself under the pointer.
  await person.page.mouse.move(0, 0);
  for (const scheme of ['light', 'dark'] as const) {
    await person.page.emulateMedia({ colorScheme: scheme });
    const name = `${state} · ${person.lang} · ${device} · ${scheme}`;
    await person.page.screenshot({ path: path.join(PICTURES, `${name.replaceAll(' · ', '-').replaceAll(' ', '_')}.png`), animations: 'disabled' });
    const { violations } = await new AxeBuilder({ page: person.page }).withTags(RULES).setLegacyMode().analyze();
    const faults = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
    expect.soft(faults, name).toEqual([]);
  }
  const sideways = await person.page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
  expect.soft(sideways, `${state} doesn't scroll sideways`).toBeLessThanOrEqual(0);
}
