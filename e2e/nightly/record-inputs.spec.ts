import { readFileSync } from 'node:fs';
import type { BrowserContext } from '@playwright/test';
import { launchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { RecordingPage, SPOKEN } from '../pages/recording';

// a microphone is there, but the browser asks before a page may have it; a tab is chosen by itself
test.use({
  launchOptions: {
    ...launchOptions,
    // Playwright's own: what a muted browser plays is recorded as silence
    ignoreDefaultArgs: ['--mute-audio'],
    args: [
      ...launchOptions.args,
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${audio('speech.wav')}`,
      '--auto-select-tab-capture-source-by-title=Speaking tab',
    ],
  },
});

/** Opens the tab that is shared; it plays a recording again and again. */
async function play(context: BrowserContext, baseURL: string | undefined, name: string) {
  const speaking = await context.newPage();
  await speaking.route('**/speaking', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>Speaking tab</title>' }),
  );
  await speaking.goto(`${baseURL}/speaking`);
  await speaking.evaluate(
    async (bytes) => {
      const player = new Audio(URL.createObjectURL(new Blob([Uint8Array.from(bytes)])));
      player.loop = true;
      await player.play();
    },
    [...readFileSync(audio(name))],
  );
}

test('records the audio of a tab and transcribes it', async ({ page, context, baseURL }) => {
  await play(context, baseURL, 'speech.wav');
  await page.bringToFront();
  const recording = new RecordingPage(page);
  await recording.open();
  await page.getByRole('radio', { name: 'Tab or system audio' }).check();
  await recording.start.click();
  await recording.waitForWords();
  // a word that is cut off as it ends may be another one in the final pass
  await recording.waitForLength(9_000);
  const stored = await recording.finish();
  expect(stored.segments.map(({ text }) => text).join(' ')).toMatch(SPOKEN);
});

test('keeps a microphone and a tab apart, as two speakers', async ({
  page,
  context,
  baseURL,
  transcript,
}) => {
  await context.grantPermissions(['microphone']);
  await play(context, baseURL, 'second.mp3');
  await page.bringToFront();
  const recording = new RecordingPage(page);
  await recording.open();
  await page.getByRole('radio', { name: 'Both, kept apart' }).check();
  await recording.start.click();
  await recording.waitForLength(14_000);
  const { segments, speakers } = await recording.finish();
  expect(speakers?.map(({ name }) => name)).toEqual(['You', 'Tab']);
  const saidBy = (at: number) =>
    segments
      .filter(({ speakerId }) => speakerId === speakers?.[at]?.id)
      .map(({ text }) => text)
      .join(' ');
  expect(saidBy(0)).toMatch(SPOKEN);
  expect(saidBy(0)).not.toMatch(/library/i);
  expect(saidBy(1)).toMatch(/report to the library/i);
  expect(saidBy(1)).not.toMatch(/boats/i);
  for (const name of ['You', 'Tab'])
    await expect(transcript.text.getByRole('group', { name }).first()).toBeVisible();
});

// the headless shell that the tests of a change run in asks nobody and has no list of inputs
test('says plainly that microphone access was denied', async ({ page, context, baseURL }) => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Browser.setPermission', {
    origin: new URL(baseURL ?? '').origin,
    permission: { name: 'microphone' },
    setting: 'denied',
  });
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await expect(page.getByRole('alert').filter({ hasText: /microphone/i })).toContainText(
    'may not use the microphone',
  );
  await expect(recording.start).toBeEnabled();
  expect(await readTranscripts(page)).toEqual([]);
});

test('remembers the chosen inputs', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  const recording = new RecordingPage(page);
  await recording.open();
  await page.getByRole('radio', { name: 'Both, kept apart' }).check();
  await page.getByLabel('Input device').selectOption({ label: 'Fake Audio Input 2' });
  await page.getByLabel('Echo cancellation').check();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Both, kept apart' })).toBeChecked();
  await expect(page.getByLabel('Input device').locator('option:checked')).toHaveText(
    'Fake Audio Input 2',
  );
  await expect(page.getByLabel('Echo cancellation')).toBeChecked();
  await expect(page.getByLabel('Noise suppression')).not.toBeChecked();
});

test('captions open above all other windows, can be read and set there, and move to a window of their own', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['microphone']);
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await page.getByRole('button', { name: 'Captions', exact: true }).click();
  /** What is there, of the window above all others; `null`: it is closed. */
  const shown = () =>
    page.evaluate(() => {
      const above = window.documentPictureInPicture.window;
      const box = above?.document.querySelector<HTMLElement>('[aria-label="Live captions"]');
      if (!above || !box) return null;
      return {
        text: box.textContent,
        size: Number.parseFloat(above.getComputedStyle(box).fontSize),
        isLaidOut: above.getComputedStyle(box).overflowY === 'auto',
        isAtEnd: box.scrollHeight - box.scrollTop - box.clientHeight < 2,
        language: above.document.documentElement.lang,
      };
    });
  const press = (name: string) =>
    page.evaluate((label) => {
      const above = window.documentPictureInPicture.window;
      above?.document.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.click();
    }, name);
  await expect.poll(async () => (await shown())?.text ?? '', { timeout: 90_000 }).toMatch(SPOKEN);
  const before = await shown();
  expect(before).toMatchObject({ isLaidOut: true, isAtEnd: true, language: 'en' });
  for (let step = 0; step < 6; step += 1) await press('Larger text');
  await expect.poll(async () => (await shown())?.size).toBeGreaterThan(before?.size ?? 0);
  await expect.poll(async () => (await shown())?.isAtEnd).toBe(true);

  // it stays whatever page is shown
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await expect(page).toHaveURL(/models/);
  expect(await shown()).not.toBeNull();
  const opening = context.waitForEvent('page');
  await press('Open in a window');
  await expect((await opening).getByRole('region', { name: 'Live captions' })).toContainText(
    SPOKEN,
  );
  await expect.poll(shown).toBeNull();
});

declare global {
  interface Window {
    readonly documentPictureInPicture: {
      readonly window: Window | null;
      requestWindow(options: { width: number; height: number }): Promise<Window>;
    };
  }
}
