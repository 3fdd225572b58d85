import { audio } from '../fixtures/files';
import { readTranscripts, type StoredTranscript } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('words are in order, inside their segment and inside the recording', async ({
  home,
  page,
}) => {
  await home.open();
  // one that the browser decodes, and one that only ffmpeg reads
  await home.add(audio('speech.wav'), audio('speech-ac3.mkv'));
  await expect(home.link('speech')).toBeVisible();
  await expect(home.link('speech-ac3')).toBeVisible();
  for (const transcript of await readTranscripts(page)) expectOrdered(transcript);
});

/** Words lie in order, inside their segment, inside the recording. */
function expectOrdered(transcript: StoredTranscript) {
  const words = transcript.segments.flatMap((segment) =>
    segment.words.map((word) => ({ ...word, segment })),
  );
  expect(words.length).toBeGreaterThan(20);
  let before = 0;
  for (const { startMs, endMs, segment } of words) {
    expect(startMs).toBeGreaterThanOrEqual(before);
    expect(endMs).toBeGreaterThan(startMs);
    expect(startMs).toBeGreaterThanOrEqual(segment.startMs);
    expect(endMs).toBeLessThanOrEqual(segment.endMs);
    before = startMs;
  }
  expect(before).toBeLessThan(transcript.durationMs);
  expect(words.map(({ text }) => text).join(' ')).toMatch(/heavy rain/i);
}
