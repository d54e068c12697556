// What a finger can hit: how large the place is that answers to each thing that can be pressed, found by asking the page what
// lies at each point, so that labels, pseudo-elements and whatever lies over something count as they do for a finger.

import { expect, type Person } from './vocabulary';

/** Apple's and WCAG 2.5.5's size of what is pressed by a finger, in CSS pixels. */
const FINGER_PX = 44;
/** What looking at every half pixel from the middle outwards may miss at both ends. */
const ROUNDING_PX = 1;
/** How many things of one kind in one list are looked at. */
const OF_A_KIND = 12;

/** All that can be pressed where this person is now is large enough for a finger. */
export async function isForFingers(person: Person, place: string): Promise<void> {
  expect(await person.page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(true);
  // What moves comes to rest.
  await person.page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const small = await person.page.evaluate(tooSmall, { least: FINGER_PX - ROUNDING_PX, ofAKind: OF_A_KIND });
  expect.soft(small, place).toEqual([]);
}

/** What is smaller, as `name 34×34`. Runs in the page. */
function tooSmall({ least, ofAKind }: { least: number; ofAKind: number }): string[] {
  const PRESSED = 'a[href], button, input, select, textarea, summary, audio, video, label:has(input), [role=option], [role=menuitem]';
  const over = [...document.querySelectorAll('dialog:modal, [popover]:popover-open')].at(-1) ?? document.body;
  const seen = new Map<string, number>();
  const isPressed = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (width < 2 || height < 2 || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    // A way for keys alone, and all that is beside a picture.
    if (style.pointerEvents === 'none' || element.matches(':disabled, [inert] *, .visually-hidden, .skip-link, .viewer-out')) return false;
    // A field in its label is as large as that; a word in a sentence is as high as its line (WCAG 2.5.8, inline).
    if (element.matches('label input')) return false;
    const said = element.closest('.message-text');
    const isInSentence = said || element.parentElement?.textContent?.trim() !== element.textContent?.trim();
    if (isInSentence && (style.display === 'inline' || element.matches('.spoiler-button'))) return false;
    const kind = [...ancestors(element)].map((one) => one.tagName + one.classList[0]).join();
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return seen.get(kind)! <= ofAKind;
  };
  function* ancestors(element: Element) {
    for (let one: Element | null = element; one && one !== over; one = one.parentElement) yield one;
  }
  const answers = (element: Element, x: number, y: number) => {
    // What goes away when something else is pressed is in nothing's way.
    const passing = (hit: Element) => hit.closest('.message-actions, .choices, .toast')?.contains(element) === false;
    const hit = document.elementsFromPoint(x, y).find((hit) => !passing(hit));
    const label = hit?.closest('label');
    return !!hit && (element.contains(hit) || (!!label && (label.control === element || label === element)));
  };
  const extent = (element: Element, x: number, y: number, dx: number, dy: number) => {
    let far = 0;
    while (far < 200 && answers(element, x + (far + 0.5) * dx, y + (far + 0.5) * dy)) far += 0.5;
    return far;
  };
  const small: string[] = [];
  for (const element of [...over.querySelectorAll(PRESSED)].filter(isPressed)) {
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const wide = answers(element, x, y) ? extent(element, x, y, 1, 0) + extent(element, x, y, -1, 0) : 0;
    const high = answers(element, x, y) ? extent(element, x, y, 0, 1) + extent(element, x, y, 0, -1) : 0;
    if (wide >= least && high >= least) continue;
    const at = document.elementFromPoint(x, y);
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
    const under = wide ? '' : ` under ${at?.tagName.toLowerCase()}.${at?.className}`;
    small.push(`${element.tagName.toLowerCase()}.${element.className} “${name.slice(0, 30)}” ${wide}×${high}${under}`);
  }
  return small;
}
