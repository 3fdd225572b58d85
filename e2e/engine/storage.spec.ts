import { launchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { readTranscripts, textOf } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';

// long enough for the optimising compiler to be worth its time
test.use({ launchOptions });

// a profile on disk keeps to no quota that is set for it: a first visit's is in memory
/** What the first batches of a transcript take in the database, with its bookkeeping. */
const ROOM_FOR_SOME_BATCHES_BYTES = 120_000;

test('keeps what is stored when the disk fills up during a job, and Retry resumes it', async ({
  home,
  page,
  context,
  baseURL,
  tempFiles,
}) => {
  const origin = new URL(baseURL ?? '').origin;
  const devtools = await context.newCDPSession(page);
  await home.open();
  await devtools.send('Storage.overrideQuotaForOrigin', {
    origin,
    quotaSize: ROOM_FOR_SOME_BATCHES_BYTES,
  });
  await home.add(audio('second.mp3'));
  await expect(home.link('second')).toBeVisible();
  await home.add(tempFiles.longSpeech('full.wav', 700));
  await expect(home.alert('full.wav')).toContainText(/space|room/i);
  const kept = await textOf(page, 'full');
  expect(kept).toMatch(/heavy rain/i);
  expect(await textOf(page, 'second')).toMatch(/\w/);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await home.button('full.wav', 'Retry').click();
  await expect(home.link('full')).toBeVisible();
  expect((await textOf(page, 'full')).startsWith(kept)).toBe(true);
});

test('transcribes a file that is too large to keep, and says that it is not kept', async ({
  home,
  page,
  context,
  baseURL,
  transcript,
  tempFiles,
}) => {
  const origin = new URL(baseURL ?? '').origin;
  const devtools = await context.newCDPSession(page);
  await home.open();
  // room for text, but not for the recording
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_500_000 });
  await home.add(tempFiles.longSpeech('large.wav', 60));
  await expect(home.link('large')).toBeVisible();
  expect((await readTranscripts(page))[0]?.media).toBe('none');
  await home.link('large').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await expect(page.getByText(/not kept/i)).toBeVisible();
});
