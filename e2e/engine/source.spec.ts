import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';

/** Drops files or folders of this machine on the page, as the browser itself does. */
async function dropPaths(page: Page, files: string[]) {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
}

test('accepts files and folders dropped on the page', async ({ home, page, tempFiles }) => {
  await home.open();
  const first = tempFiles.write('dropped.flac', readFileSync(audio('speech.flac')));
  const folder = join(dirname(first), 'interviews', 'monday');
  mkdirSync(folder, { recursive: true });
  copyFileSync(audio('second.mp3'), join(folder, 'inside.mp3'));
  await dropPaths(page, [first, dirname(folder)]);
  await expect(home.link('dropped')).toBeVisible();
  await expect(home.link('inside')).toBeVisible();
});

test('accepts a pasted file', async ({ home, page }) => {
  await home.open();
  const base64 = readFileSync(audio('second.mp3')).toString('base64');
  await page.evaluate((content) => {
    const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'pasted.mp3', { type: 'audio/mpeg' }));
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, base64);
  await expect(home.link('pasted')).toBeVisible();
});
