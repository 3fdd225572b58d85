import { readFileSync } from 'node:fs';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('thirty files dropped at once all become transcripts', async ({ home, page }) => {
  const buffer = readFileSync(audio('second.mp3'));
  await home.open();
  await home.add(
    ...Array.from({ length: 30 }, (_, i) => ({
      name: `clip ${i}.mp3`,
      mimeType: 'audio/mpeg',
      buffer,
    })),
  );
  await expect(home.transcripts.getByRole('link')).toHaveCount(30, { timeout: 150_000 });
  const texts = new Set(
    (await readTranscripts(page)).map(({ segments }) => segments.map(({ text }) => text).join(' ')),
  );
  expect(texts.size).toBe(1);
});
