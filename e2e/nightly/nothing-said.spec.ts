import { SOUNDS } from '../../scripts/accuracy/sounds.mjs';
import { soundWav } from '../../scripts/lib/wav.mjs';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

const SECONDS = 1800;

test('half an hour in which nobody speaks has no words, whatever else is heard', async ({
  home,
  page,
  workshop,
}) => {
  await home.open();
  const names = Object.keys(SOUNDS) as (keyof typeof SOUNDS)[];
  for (const name of names)
    await home.add(workshop.write(`${name}.wav`, soundWav(SOUNDS[name](SECONDS))));
  await expect(home.transcripts.getByRole('link')).toHaveCount(names.length, { timeout: 500_000 });
  for (const { segments, source, durationMs } of await readTranscripts(page)) {
    expect.soft(durationMs, source.name).toBe(SECONDS * 1000);
    expect.soft(segments.map(({ text }) => text).join(' '), source.name).toBe('');
  }
});
