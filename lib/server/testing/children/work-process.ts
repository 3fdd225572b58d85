// A worker with a recogniser that needs no model: it says one word a batch, each batch takes some ms. Its first
// batch is announced by a line. Told to, it hangs once this many batches are stored.
import { delay } from '@/lib/core';
import { AppClient } from '@/tools/worker/app-client';
import { workLoop } from '@/tools/worker/work-loop';

const BATCHES = 3;
const BATCH_MS = 8;
const [url = '', token = '', hangsAfter = ''] = process.argv.slice(2);
let isWorking = false;

await workLoop(
  new AppClient(url, token, `test ${process.pid}`),
  async (_, from, onBatch, signal) => {
    for (let batches = from.batches + 1; batches <= BATCHES; batches++) {
      await delay(BATCH_MS, signal);
      const times = { startMs: batches, endMs: batches + 1 };
      const word = { text: `w${batches}`, ...times, confidence: 1 };
      const segment = { id: `seg-${batches}`, ...times, speakerId: null, edited: false };
      if (!isWorking) process.stdout.write('working\n');
      isWorking = true;
      await onBatch({
        segments: [{ ...segment, text: word.text, words: [word] }],
        progress: { ...from, batches, segments: batches },
      });
      if (hangsAfter === String(batches)) {
        process.stdout.write('hanging\n');
        await new Promise(() => undefined);
      }
    }
    const model = { id: 'test', backend: 'wasm' as const, precision: 'none' };
    return { durationMs: 1000, mediaType: 'audio/wav', language: 'en', model, hasSpeech: true };
  },
  () => undefined,
  new AbortController().signal,
);
