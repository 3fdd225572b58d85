import { audio } from '../fixtures/files';
import { readTranscripts, type StoredTranscript, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

const SECONDS = 200;
/** For all of it, beside other tests on a slow machine. */
const LIMIT = { timeout: 240_000 };

/** What must be equal in a resumed and in an unbroken run. */
function substance(transcripts: StoredTranscript[], title: string) {
  const { segments = [], durationMs } = transcripts.find((one) => one.title === title) ?? {};
  return {
    durationMs,
    segments: segments.map(({ startMs, endMs, text, words }) => ({ startMs, endMs, text, words })),
  };
}

test('gives the same transcript after two reloads as in one uninterrupted run', async ({
  home,
  page,
  tempFiles,
}) => {
  await home.open();
  const path = tempFiles.longSpeech('whole.wav', SECONDS);
  const again = tempFiles.longSpeech('broken.wav', SECONDS);
  await home.add(path);
  await expect(home.link('whole')).toBeVisible(LIMIT);
  await home.add(again);
  for (let reload = 0; reload < 2; reload++) {
    const before = (await textOf(page, 'broken')).length;
    await expect.poll(async () => (await textOf(page, 'broken')).length).toBeGreaterThan(before);
    await expect
      .poll(async () => (await readTranscripts(page)).find((t) => t.title === 'broken')?.media)
      .toBe('kept');
    expect((await readTranscripts(page)).find((t) => t.title === 'broken')?.state).toBe('partial');
    await page.reload();
  }
  await expect(home.link('broken')).toBeVisible(LIMIT);
  const transcripts = await readTranscripts(page);
  const whole = substance(transcripts, 'whole');
  expect(whole.segments.length).toBeGreaterThan(10);
  expect(substance(transcripts, 'broken')).toEqual(whole);
});

test('asks for the file again when the page was closed before it was stored', async ({
  home,
  page,
  tempFiles,
}) => {
  // a browser without private storage: nothing can be kept
  await page.addInitScript(() => {
    Object.defineProperty(navigator.storage, 'getDirectory', { value: undefined });
  });
  await home.open();
  const path = tempFiles.longSpeech('lost.wav', SECONDS);
  await home.add(path);
  await expect.poll(() => textOf(page, 'lost')).toMatch(/\w/);
  await page.reload();
  await expect(home.alert('lost.wav')).toContainText('Choose it again');
  const kept = await textOf(page, 'lost');

  const wrong = page.waitForEvent('filechooser');
  await home.button('lost.wav', 'Retry').click();
  await (await wrong).setFiles(audio('speech.flac'));
  await expect(home.alert('lost.wav')).toBeVisible();

  const right = page.waitForEvent('filechooser');
  await home.button('lost.wav', 'Retry').click();
  await (await right).setFiles(path);
  await expect(home.link('lost')).toBeVisible(LIMIT);
  expect((await textOf(page, 'lost')).startsWith(kept)).toBe(true);
});
