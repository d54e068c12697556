// Texts that are towers of marks or turn the writing, and whether they stay where they are.

import { expect, type Person } from './vocabulary';

const MARKS = '\u0335\u0336\u0337\u0301\u0302\u0303\u0323\u0330';

/** In the order in which they are kept. */
export const tower = (letter: string, height: number) => (letter + MARKS.repeat(height / MARKS.length)).normalize('NFC');

/**
 * Each text that is a tower has a box around it that is no higher than a few lines, and that lets nothing out; and around one that
 * turns the writing is nothing else that it could turn.
 */
export async function staysInItsLine(person: Person): Promise<void> {
  const escaped = await person.page.evaluate(() => {
    const clips = (element: Element) => {
      const { display, overflowY, contain } = getComputedStyle(element);
      return display !== 'inline' && display !== 'contents' && (overflowY !== 'visible' || /paint|strict|content/.test(contain));
    };
    const isolates = (element: Element) => {
      const { display, unicodeBidi } = getComputedStyle(element);
      return display !== 'contents' && (display !== 'inline' || /isolate|plaintext/.test(unicodeBidi));
    };
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const around = text.parentElement!;
      const isSeen = around.checkVisibility({ visibilityProperty: true }) && !around.closest('.visually-hidden, noscript, script, option');
      if (!isSeen) continue;
      if (/[\u202d\u202e\u2066-\u2068]/.test(text.textContent!)) {
        let box: Element | null = around;
        while (box && !isolates(box)) box = box.parentElement;
        if (box?.textContent!.trim() !== text.textContent!.trim()) found.push(`${around.tagName}.${around.className} turns ${box?.textContent}`);
      }
      if (!/\p{M}{16}/u.test(text.textContent!)) continue;
      let box: Element | null = around;
      while (box && !clips(box)) box = box.parentElement;
      const { fontSize } = getComputedStyle(around);
      const lines = (box?.getBoundingClientRect().height ?? Infinity) / (Number.parseFloat(fontSize) * 1.5);
      if (lines > 4) found.push(`${around.tagName}.${around.className} in ${around.parentElement!.className}: ${lines.toFixed(1)} lines of ${box?.className}`);
    }
    return [...new Set(found)];
  });
  expect.soft(escaped, new URL(person.page.url()).pathname).toEqual([]);
}
