// Input methods as real platforms bring them (korean.md, "One Enter sends, exactly once"), played into the browser's own
// input pipeline through the DevTools protocol: the page gets trusted key, composition and input events in the recorded
// order. What differs between platforms is what the Enter at the end of a composition looks like.

import type { Page } from '@playwright/test';

/** The key code of a key that the input method has taken. */
const TAKEN = 229;
const ENTER = 13;
const SHIFT = 8;

/** How one platform reports the Enter that ends a composition with this text. */
export type Platform = (keys: Keys, composed: string, shift?: boolean) => Promise<void>;

/** The platforms on which Enter over Hangul sends. */
export const HANGUL: Record<string, Platform> = {
  'macOS, Chrome: Enter twice, the second plain': async (keys, composed, shift) => {
    await keys.takenEnter(shift, 'Enter');
    await keys.commits(composed);
    await keys.plainEnter(shift);
    await keys.releasesEnter();
  },
  'Windows, Chrome and Edge: Enter once, composing': async (keys, composed, shift) => {
    await keys.takenEnter(shift);
    await keys.commits(composed);
    await keys.releasesEnter();
  },
  'Safari: the composition ends before the key': async (keys, composed, shift) => {
    await keys.commits(composed);
    await keys.takenEnter(shift, 'Enter');
    await keys.releasesEnter();
  },
  'Safari: the composition ends first, and a plain Enter follows': async (keys, composed, shift) => {
    await keys.commits(composed);
    await keys.takenEnter(shift, 'Enter');
    await keys.plainEnter(shift);
    await keys.releasesEnter();
  },
  'Linux, ibus: commits, then hands the plain key on': async (keys, composed, shift) => {
    // At once, as the input method does it: on a slow machine an Enter that waits for the answer seems to be another one.
    await Promise.all([keys.commits(composed), keys.plainEnter(shift)]);
    await keys.releasesEnter();
  },
};

/** How platforms report the Enter that confirms a candidate. */
export const CANDIDATES: Record<string, Platform> = {
  'Enter once, composing': HANGUL['Windows, Chrome and Edge: Enter once, composing'],
  'Enter twice, the second plain': HANGUL['macOS, Chrome: Enter twice, the second plain'],
  'the composition ends before the key': HANGUL['Safari: the composition ends before the key'],
};

/** A keyboard with an input method behind it. */
export class Keys {
  private constructor(private readonly send: (method: string, params: object) => Promise<unknown>) {}

  static async of(page: Page): Promise<Keys> {
    const session = await page.context().newCDPSession(page);
    return new Keys((method, params) => session.send(method as never, params as never));
  }

  /** Types a syllable or a candidate, step by step, and leaves it composing. */
  async composes(...steps: string[]): Promise<void> {
    for (const text of steps) {
      await this.key('rawKeyDown', { windowsVirtualKeyCode: TAKEN, key: 'Process', code: 'KeyR' });
      await this.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
      await this.key('keyUp', { windowsVirtualKeyCode: 82, key: 'r', code: 'KeyR' });
    }
  }

  /** The composition ends with this text in the field. */
  async commits(text: string): Promise<void> {
    await this.send('Input.insertText', { text });
  }

  /** A word in Hangul as it is typed: each syllable is committed when the next one begins; the last goes on composing. */
  async types(word: string): Promise<string> {
    const syllables = [...word];
    for (const [at, syllable] of syllables.entries()) {
      await this.composes(...stepsOf(syllable));
      if (at < syllables.length - 1) await this.commits(syllable);
    }
    return syllables[syllables.length - 1];
  }

  /** Enter goes down and the input method takes it; Windows and Linux hide its name, Apple's systems don't. */
  async takenEnter(shift = false, key: 'Process' | 'Enter' = 'Process'): Promise<void> {
    await this.key('rawKeyDown', { windowsVirtualKeyCode: TAKEN, key, code: 'Enter', ...held(shift) });
  }

  /** Enter goes down and does what the browser does with it. */
  async plainEnter(shift = false): Promise<void> {
    await this.key('keyDown', { windowsVirtualKeyCode: ENTER, key: 'Enter', code: 'Enter', text: '\r', ...held(shift) });
  }

  async releasesEnter(): Promise<void> {
    await this.key('keyUp', { windowsVirtualKeyCode: ENTER, key: 'Enter', code: 'Enter' });
  }

  private async key(type: string, params: object): Promise<void> {
    await this.send('Input.dispatchKeyEvent', { type, ...params });
  }
}

function held(shift: boolean): object {
  return { modifiers: shift ? SHIFT : 0 };
}

/** 녕 as ㄴ, 녀, 녕. */
function stepsOf(syllable: string): string[] {
  const [initial, vowel, final] = syllable.normalize('NFD');
  const jamo = initial.codePointAt(0)! - 0x1100;
  const steps = ['ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'[jamo], (initial + vowel).normalize('NFC')];
  return final ? [...steps, syllable] : steps;
}
