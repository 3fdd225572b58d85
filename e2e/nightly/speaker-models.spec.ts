import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { wavHeader } from '../../lib/engine/audio/wav';
import { readRecording } from '../../tools/audio/recordings';
import {
  type Conversation,
  makeConversation,
  readVoices,
  trimmed,
} from '../../tools/der/conversation';
import { readTranscripts, type StoredTranscript } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { ModelsPage } from '../pages/models';

/** A folder with a folder for each of two models with real weights, and recordings of some speakers. */
const { SPEAKER_MODELS, SPEAKER_MANIFEST } = process.env;
const SECONDS = 90;
/** Of the words that one person says alone; the others are at changes of speaker, or of a voice misheard. */
const LEAST_RIGHT = 0.9;

test.skip(
  !SPEAKER_MODELS || !SPEAKER_MANIFEST,
  'SPEAKER_MODELS names no folder of models, or SPEAKER_MANIFEST no recordings.',
);

for (const speakers of [2, 3])
  test(`gives the words of ${speakers} people to who says them, by models from folders`, async ({
    page,
    home,
    transcript,
    tempFiles,
  }) => {
    const conversation = conversationOf(speakers);
    await home.open();
    await home.add(tempFiles.write('conversation.wav', wavOf(conversation)));
    await expect(home.link('conversation')).toBeVisible();

    const models = new ModelsPage(page);
    await models.open();
    for (const name of readdirSync(SPEAKER_MODELS ?? '')) {
      await page
        .getByLabel('Choose a folder of model files')
        .setInputFiles(join(SPEAKER_MODELS ?? '', name));
      await expect(models.item(name)).toContainText('on this device');
    }
    await expect(page.getByText('Speakers can be labelled on this device.')).toBeVisible();

    await page.getByRole('link', { name: 'Library' }).click();
    await home.link('conversation').click();
    await transcript.more('Tell speakers apart');
    const dialog = page.getByRole('dialog', { name: 'Tell speakers apart' });
    await dialog
      .getByRole('combobox', { name: 'How many people speak?' })
      .selectOption(String(speakers));
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(dialog.getByRole('listitem')).toHaveCount(speakers);
    await dialog.getByRole('button', { name: 'Use these labels' }).click();
    const stored = async () => (await readTranscripts(page))[0];
    await expect.poll(async () => (await stored())?.speakers).toHaveLength(speakers);

    const share = rightShare(await stored(), conversation);
    console.info(`${speakers} people: ${(100 * share).toFixed(1)} % of the words`);
    expect(share).toBeGreaterThan(LEAST_RIGHT);
  });

function conversationOf(speakers: number): Conversation {
  const voices = [...readVoices([SPEAKER_MANIFEST ?? '']).values()].slice(0, speakers);
  return makeConversation({
    voices: voices.map((paths) => paths.slice(0, 10).map((path) => trimmed(readRecording(path)))),
    seed: 1,
    seconds: SECONDS,
    interruptions: 0.2,
  });
}

function wavOf({ pcm }: Conversation): Buffer {
  const samples = Int16Array.from(pcm, (value) => Math.round(value * 32_767));
  const header = wavHeader(samples.byteLength, { rateHz: 16_000, channels: 1 });
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** Share of the words that are given to who says them, where one person speaks. */
function rightShare(found: StoredTranscript | undefined, { turns }: Conversation): number {
  const counts = new Map<string | null, Map<number, number>>();
  let words = 0;
  for (const { speakerId, words: said } of found?.segments ?? [])
    for (const { startMs, endMs } of said) {
      const middle = (startMs + endMs) / 2;
      const speaking = turns.filter((turn) => turn.startMs <= middle && turn.endMs > middle);
      const [only] = speaking;
      if (!only || speaking.length > 1) continue;
      const own = counts.get(speakerId) ?? new Map<number, number>();
      counts.set(speakerId, own.set(only.speaker, (own.get(only.speaker) ?? 0) + 1));
      words += 1;
    }
  // nobody stands for two labels: each label belongs to another person
  const owners = [...counts.values()].map(
    (own) => [...own].reduce((most, one) => (one[1] > most[1] ? one : most))[0],
  );
  expect(new Set(owners).size).toBe(owners.length);
  const right = [...counts.values()].reduce((sum, own) => sum + Math.max(...own.values()), 0);
  return right / words;
}
