// How a person finds a thread, opens it, and writes in it.

import { expect, type Person } from './vocabulary';

/** The messages in the room's timeline that say something. */
export const said = (person: Person, text: string) => person.scroller.locator('article.message').filter({ hasText: text });
/** What stands under such a message of its thread. */
export const line = (person: Person, text: string) => said(person, text).locator('.thread-line');
/** What is drawn of the thread, wherever it stands. */
export const panel = (person: Person) => person.page.locator('.thread');
/** The messages in the open thread that say something. */
export const reply = (person: Person, text: string) => panel(person).locator('article.message').filter({ hasText: text });
/** The field in which one replies. */
export const box = (person: Person) => person.page.getByRole('textbox', { name: person.words.replyInThread, exact: true });
/** The open thread, as it is read out. */
export const thread = (person: Person) => person.page.getByRole('dialog', { name: person.words.thread });

/** Somebody says something, and these people open the thread on it. */
export async function beginsAThread(person: Person, text: string, ...readers: Person[]): Promise<void> {
  await person.says(text);
  for (const reader of readers) await reader.sees(text);
  for (const reader of readers) await opensTheThread(reader, text);
}

/** Opens the thread of a message by mouse. */
export async function opensTheThread(person: Person, text: string): Promise<void> {
  await said(person, text).hover();
  await said(person, text).getByRole('link', { name: person.words.thread, exact: true }).click();
  await expect(thread(person)).toBeVisible();
  await expect(box(person)).toBeVisible();
}

/** Replies in the open thread, once. */
export async function replies(person: Person, text: string): Promise<void> {
  await box(person).fill(text);
  await box(person).press('Enter');
  await expect(reply(person, text)).toHaveCount(1);
  await expect(box(person)).toHaveValue('');
  await expect(reply(person, text)).toHaveAttribute('data-state', 'sent');
}
