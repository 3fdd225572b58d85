import { expectAccessible, NARROW_LOOKS } from '../fixtures/accessibility';
import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test.beforeEach(async ({ home, page, transcript }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.play).toBeEnabled();
});

test('a part of the waveform is selected and repeated, a bookmark is set and named, and a key is changed', async ({
  page,
  transcript,
}) => {
  // selected by hand, in the magnified waveform
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page.getByRole('slider', { name: 'Visible part' })).toBeVisible();
  const box = await page.locator('[data-waveform]').boundingBox();
  if (!box) throw new Error('there is no waveform');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.35, y, { steps: 3 });
  await page.mouse.up();
  const selected = page.getByText('Selected: 0:03.0 to 0:03.5');
  await expect(selected).toBeVisible();

  // extended by key, and repeated
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText('Selected: 0:03.0 to 0:03.6')).toBeVisible();
  await page.getByRole('button', { name: 'Repeat the selection' }).click();
  await transcript.media.evaluate((media: HTMLMediaElement) => {
    media.addEventListener('seeked', () => {
      media.dataset.seeks = String(Number(media.dataset.seeks ?? 0) + 1);
    });
  });
  await transcript.play.click();
  await expect
    .poll(() => transcript.media.evaluate((media) => Number(media.dataset.seeks ?? 0)))
    .toBeGreaterThan(2);
  expect(await transcript.currentTime()).toBeGreaterThan(2.9);
  expect(await transcript.currentTime()).toBeLessThan(4.5);
  await transcript.pause.click();

  await page.keyboard.press('Alt+m');
  await page.getByRole('button', { name: 'Rename or delete bookmarks' }).click();
  await page.getByRole('textbox', { name: /^Name of Bookmark 1 at 0:03/ }).fill('Her answer');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'player');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('slider', { name: 'Position' }).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/^Selected:/)).toBeHidden();
  const { text } = await transcript.export('JSON (.json)');
  expect(JSON.parse(text).marks).toMatchObject([{ label: 'Her answer' }]);

  // the key of bookmarks is changed: one that is taken is named
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.getByRole('button', { name: 'Change the keys for “Set a bookmark”' }).click();
  await page.keyboard.press('F2');
  await expect(dialog.getByRole('alert')).toContainText('“Forward 5 seconds”');
  await expectAccessible(page, 'shortcuts');
  await page.keyboard.press('F8');
  await expect(dialog.getByText('F8', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('button', { name: '0:03, Her answer' })).toBeVisible();
  await expect(transcript.play).toBeEnabled();
  await page.keyboard.press('?');
  await expect(dialog.getByText('F8', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F8');
  await expect.poll(async () => (await readTranscripts(page))[0]?.marks).toHaveLength(2);
});

test('the border between two segments is moved by a word, by keys and by hand', async ({
  page,
  transcript,
}) => {
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < 'The weather often'.length; step++)
    await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(transcript.segment(1)).toBeFocused();
  await page.keyboard.press('Alt+BracketRight');
  await expect(transcript.segment(0)).toHaveText('The weather often said');
  await page.keyboard.press('Alt+BracketLeft');
  await page.keyboard.press('Alt+BracketLeft');
  await expect(transcript.segment(0)).toHaveText('The weather');

  const [stored] = await readTranscripts(page);
  const startOf = (text: string) =>
    stored?.segments.flatMap(({ words }) => words).find((word) => word.text === text)?.startMs ?? 0;
  const wave = await page.locator('[data-waveform]').boundingBox();
  if (!wave) throw new Error('there is no waveform');
  const xOf = (ms: number) => wave.x + (ms / (stored?.durationMs ?? 1)) * wave.width;
  const y = wave.y + wave.height / 2;
  await page.mouse.move(xOf(startOf('often')), y);
  await page.mouse.down();
  await page.mouse.move(xOf(startOf('that')), y, { steps: 4 });
  await page.mouse.up();
  await expect(transcript.segment(0)).toHaveText('The weather often said');
  await expect(transcript.segment(1)).toHaveText(/^that heavy rain/);
  await expectAccessible(page, 'borders', NARROW_LOOKS);
});

test('a foot pedal that is not a keyboard is learnt once, then plays while it is held', async ({
  page,
  transcript,
}) => {
  // no device is at hand: this is as much of WebHID as the page uses
  await page.addInitScript(() => {
    const device = Object.assign(new EventTarget(), {
      vendorId: 0x05f3,
      productId: 0x00ff,
      productName: 'VEC USB Footpedal',
      opened: false,
      async open() {
        device.opened = true;
      },
    });
    const hid = Object.assign(new EventTarget(), {
      getDevices: async () => [device],
      requestDevice: async () => [device],
    });
    Object.defineProperty(navigator, 'hid', { value: hid });
    Object.assign(window, {
      pedal: (byte: number) =>
        device.dispatchEvent(
          Object.assign(new Event('inputreport'), {
            reportId: 0,
            data: new DataView(Uint8Array.of(byte, 0).buffer),
          }),
        ),
    });
  });
  const pedal = (byte: number) => page.evaluate(`pedal(${byte})`);
  await page.reload();
  await expect(transcript.play).toBeEnabled();
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Connect a foot pedal' }).click();
  for (const [name, byte] of [
    ['left', 1],
    ['centre', 2],
    ['right', 4],
  ] as const) {
    await expect(page.getByText(new RegExp(`press the ${name} pedal`, 'i'))).toBeVisible();
    await pedal(byte);
    await pedal(0);
  }
  await expect(page.getByText(/^VEC USB Footpedal is ready/)).toBeVisible();
  await page.reload();
  await expect(transcript.play).toBeEnabled();
  await expect
    .poll(async () => {
      await pedal(2);
      return transcript.media.evaluate((media: HTMLMediaElement) => media.paused);
    })
    .toBe(false);
  await expect(transcript.pause).toBeVisible();
  await pedal(0);
  await expect(transcript.play).toBeVisible();
});
