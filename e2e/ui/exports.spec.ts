import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../fixtures/accessibility';
import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';

test('exports several formats with the options chosen, and takes the files in again', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  const openDialog = async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Export options…' }).click();
  };
  await openDialog();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('checkbox', { name: 'SubRip (.srt)' }).check();
  await dialog.getByRole('checkbox', { name: 'Own template (.txt)' }).check();
  await dialog.getByRole('spinbutton', { name: 'Characters per line' }).fill('30');
  await expect(dialog.getByText(/subtitles? keeps? to the rules|problems? in/)).toBeVisible();

  const template = dialog.getByRole('textbox', { name: 'Template' });
  await template.fill('{{#segments}}\n{{txet}}\n{{/segments}}');
  await expect(dialog.getByText('Line 2, column 1: there is no placeholder “txet”')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await template.fill('{{#segments}}<{{text}}>{{/segments}}');
  await dialog.getByRole('combobox', { name: 'Preview' }).selectOption('Own template (.txt)');
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText(/^<.*>$/);
  await expectAccessible(page, 'export dialog');
  // what is scrolled away is not seen below the buttons
  const belowPx = await dialog.evaluate((element) => {
    element.scrollTop = 0;
    const buttons = [...element.querySelectorAll('button')].at(-1)?.parentElement;
    return element.getBoundingClientRect().bottom - (buttons?.getBoundingClientRect().bottom ?? 0);
  });
  expect(belowPx).toBeLessThanOrEqual(1);

  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('speech.zip');
  expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK');

  // what was chosen is there the next time, in the menu as well
  await page.reload();
  const { text } = await transcript.export('SubRip (.srt)');
  const lines = text.split('\n').filter((line) => /[a-z]/.test(line));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
  await openDialog();
  await expect(dialog.getByRole('checkbox', { name: 'SubRip (.srt)' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('link', { name: 'Library' }).click();
  const chooser = page.getByLabel('Choose audio or video files');
  await chooser.setInputFiles([
    { name: 'subtitles.srt', mimeType: 'application/x-subrip', buffer: Buffer.from(text) },
    { name: 'broken.docx', mimeType: '', buffer: Buffer.from('PK') },
  ]);
  await expect(page.getByText('broken.docx could not be read as a transcript.')).toBeVisible();
  await home.link('subtitles').click();
  await expect(transcript.text).toContainText(lines[0] ?? '');
  await expect(page.getByRole('progressbar')).toHaveCount(0);
});

test('a template that is typed faster than storage is read loses no letter', async ({
  home,
  page,
}) => {
  // every read of a setting waits for a thousand others
  await page.addInitScript(() => {
    const get = IDBObjectStore.prototype.get;
    IDBObjectStore.prototype.get = function (key) {
      if (this.name === 'settings') for (let i = 0; i < 1_000; i++) get.call(this, `${i}`);
      return get.call(this, key);
    };
  });
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Export options…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('checkbox', { name: 'Own template (.txt)' }).check();
  const template = dialog.getByRole('textbox', { name: 'Template' });
  await template.fill('');
  await template.pressSequentially('All that was said on that day', { delay: 150 });
  await expect(template).toHaveValue('All that was said on that day');
});

test('the menu lies within the screen of a phone, on whichever side its button is', async ({
  home,
  page,
}) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await page.setViewportSize({ width: 360, height: 740 });
  await home.link('speech').click();
  for (const name of ['Export', 'More']) {
    await page.getByRole('button', { name, exact: true }).click();
    const box = await page.getByRole('menu').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 360)).toBeLessThanOrEqual(360);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
  }
  // nor when something appears beside its button while it is open
  const button = page.getByRole('button', { name: 'Export', exact: true });
  await button.click();
  await button.evaluate((element) => {
    const late = document.createElement('span');
    late.style.width = '40px';
    element.parentElement?.before(late);
  });
  await expect
    .poll(async () => {
      const box = await page.getByRole('menu').boundingBox();
      return box && box.x >= 0 && box.x + box.width <= 360;
    })
    .toBe(true);
});
