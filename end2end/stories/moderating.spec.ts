// The room that nobody has made gets its moderator from whoever runs the program: by a code, and never by being there first.

import { type Device, DEVICES, isFitToBeSeen } from '../looks';
import { expect, test } from '../vocabulary';

for (const lang of ['en', 'ko'] as const) {
  for (const device of Object.keys(DEVICES) as Device[]) {
    test(`who has a code moderates the first room, and another code holds no more (${lang}, ${device})`, async ({ walksIn, house }) => {
      const ada = (await walksIn('Ada', { ...DEVICES[device], lang, still: true })).forgives(/status of 422/);
      const ben = await walksIn('Ben', { lang });
      await ben.says('spam');
      await ada.sees('spam');
      await ada.opensAbout();
      await ada.sheet.getByRole('link', { name: ada.words.moderator }).click();
      const field = ada.sheet.getByRole('textbox', { name: ada.words.code, exact: true });
      await expect(field).toBeFocused();
      await isFitToBeSeen(ada, device, 'moderator');
      await field.fill('00000');
      await field.press('Enter');
      await ada.isTold(ada.words.codeWrong);
      await expect(field).toHaveValue('00000');
      await isFitToBeSeen(ada, device, 'moderator refused');
      const code = /^ {4}(\S+)$/m.exec(await house.runs('moderator'))![1]!;
      await field.fill(code);
      await field.press('Enter');
      await expect(ada.sheet.getByText(ada.words.noModerator)).toHaveCount(0);
      await expect(ada.sheet.getByText(ada.words.archive, { exact: true }).first()).toBeVisible();
      await ada.page.keyboard.press('Escape');
      const row = ada.message('spam');
      await (device === 'phone' ? row.tap() : row.hover());
      await row.getByRole('toolbar').getByRole('button', { name: ada.words.more }).click();
      await ada.page.getByRole('menuitem', { name: ada.words.delete, exact: true }).click();
      await ada.page.getByRole('dialog', { name: ada.words.deleteThis }).getByRole('button', { name: ada.words.delete }).click();
      await ben.seesExactly([ben.words.deleted]);
    });
  }
}
