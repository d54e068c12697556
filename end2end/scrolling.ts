// How people move through the timeline, and where rows stand on their screen.

import { expect, type Locator } from '@playwright/test';
import type { Person } from './vocabulary';

/** How far the newest message is below the lower edge of the timeline, in pixels. */
export function belowTheEnd(person: Person): Promise<number> {
  return person.scroller.evaluate((scroller) => Math.round(Math.abs(scroller.scrollTop)));
}

/** Where a row stands on the screen. */
export async function placeOf(person: Person, text: string): Promise<number> {
  return (await person.message(text).boundingBox())!.y;
}

/** Turns the wheel up until a row is in sight, and waits until the timeline rests. */
export async function readsUpTo(person: Person, row: Locator): Promise<void> {
  await expect(async () => {
    await person.turnsTheWheel(-500);
    await rests(person);
    expect(await row.count()).toBe(1);
    expect((await row.boundingBox())?.y).toBeGreaterThan((await person.scroller.boundingBox())!.y);
  }).toPass({ intervals: [20], timeout: 20_000 });
}

/** Five frames in a row with the same place. */
export async function rests(person: Person): Promise<void> {
  await person.scroller.evaluate(async (scroller) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let before = NaN, same = 0; same < 5; before = scroller.scrollTop) {
      await frame();
      same = scroller.scrollTop === before ? same + 1 : 0;
    }
  });
}

/** The text of the topmost row that is wholly in sight. */
export async function topmost(person: Person): Promise<string> {
  return person.scroller.evaluate((scroller) => {
    const edge = scroller.getBoundingClientRect().top;
    const rows = [...scroller.querySelectorAll('article.message')];
    return rows.find((row) => row.getBoundingClientRect().top >= edge)!.querySelector('.message-text')!.textContent!;
  });
}

/** The numbers in the rows that are in sight, from the upper edge to the lower; the rows must cover the whole timeline. */
export async function inSight(person: Person): Promise<number[]> {
  return person.scroller.evaluate((scroller) => {
    const { top, bottom } = scroller.getBoundingClientRect();
    const rows = [...scroller.querySelectorAll('article.message')];
    const seen = rows.filter((row) => row.getBoundingClientRect().bottom > top && row.getBoundingClientRect().top < bottom);
    return seen.map((row) => Number(/\d+/.exec(row.querySelector('.message-text')!.textContent!)![0]));
  });
}
