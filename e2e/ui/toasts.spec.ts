import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';

test.beforeEach(async ({ home, page, transcript }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.text).toContainText('weather');
});

test('messages are as readable above an open dialog as without one, and cannot be pressed there', async ({
  page,
}) => {
  await page.getByRole('button', { name: 'Set a bookmark' }).click();
  const toaster = page.locator('[data-toaster]');
  const message = toaster.locator('p');
  const undo = toaster.getByText('Undo');
  await expect(undo).toBeVisible();
  const picture = () => message.screenshot({ animations: 'disabled' });
  const looks = await picture();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect.poll(async () => (await picture()).equals(looks)).toBe(true);
  await expect(undo).toBeHidden();

  await page.keyboard.press('Escape');
  await undo.click();
  await expect(message).toBeHidden();
});

test('messages cover no item of a menu and no part of a dialog on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const message = page.locator('[data-toaster] p').first();
  for (const name of ['Share', 'Export']) {
    await page.getByRole('button', { name: 'Set a bookmark' }).click();
    await expect(message).toBeVisible();
    await page.getByRole('button', { name, exact: true }).click();
    if (name === 'Export') await page.getByRole('menuitem', { name: /options/i }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await expect(message, 'is not over by now').toBeVisible();
    const gap = async () => {
      const [above, below] = [await dialog.boundingBox(), await message.boundingBox()];
      return (below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 740);
    };
    await expect.poll(gap, name).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
  }
});

test('messages that come while a dialog is open are in a live region of it', async ({ page }) => {
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Change the keys for “Set a bookmark”' }).click();
  // the choice cannot be stored
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('A test wants it.', 'QuotaExceededError');
    };
  });
  await page.keyboard.press('F8');
  const message = page.locator('[data-toaster] p');
  await expect(message).toBeVisible();
  const text = await message.textContent();

  // what a screen reader gets: neither what is inert nor what is hidden
  const devTools = await page.context().newCDPSession(page);
  const { nodes } = await devTools.send('Accessibility.getFullAXTree');
  const said = nodes.filter(
    ({ ignored, role, name }) => !ignored && role?.value === 'StaticText' && name?.value === text,
  );
  expect(said).toHaveLength(1);
  const around: string[] = [];
  for (let node = said[0]; node; node = nodes.find(({ nodeId }) => nodeId === node?.parentId)) {
    const live = node.properties?.find(({ name }) => name === 'live')?.value.value;
    if (live) around.push(`live: ${live}`);
    if (node.role?.value === 'dialog') around.push('dialog');
  }
  expect(around).toEqual(['live: polite', 'dialog']);
});
