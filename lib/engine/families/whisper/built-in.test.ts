import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogueSchema } from '@/lib/catalogue/catalogue';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { SpeechModel } from '@/lib/engine/families/speech-model';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { seededRandom } from './decode';
import { openWhisper } from './engine';
import { repositoryFiles } from './test-files';

const LANGUAGES = { languages: ['en', 'de'] };
const FOLDER = 'public/models/ai2text-base';
const read = (path: string) => new Uint8Array(readFileSync(path));
const pcm = await readWavPcm(new Blob([read('e2e/fixtures/audio/speech.wav').buffer]));

const repository = new Map<string, Uint8Array<ArrayBuffer>>();
let model: SpeechModel;
beforeAll(async () => {
  const files = [
    ...['config.json', 'generation_config.json', 'tokenizer.json'].map((name) => [name, name]),
    ...['encoder_model', 'decoder_model_merged'].map((name) => [
      `onnx/${name}.onnx`,
      `onnx/${name}_quantized.onnx`,
    ]),
  ] as [string, string][];
  for (const [as, name] of files) repository.set(as, read(`${FOLDER}/${name}`));
  // nothing that the catalogue says of it is believed here
  model = await openWhisper(nodeRuntime, repositoryFiles(repository), LANGUAGES, null);
});
afterAll(() => model.release());

async function textOf(sound: Float32Array, hotWords: string[] = []) {
  const options = { hotWords, language: 'en', task: 'transcribe' } as const;
  const { hypotheses } = await model.recognise([sound], options, new AbortController().signal);
  return hypotheses[0]?.words.map(({ text }) => text).join(' ');
}

it('the built-in model runs on the kernels, which give what its graph gives, and writes a sentence', async () => {
  expect(model.runs).toEqual([
    { part: 'encoder', by: 'kernels', reason: null },
    { part: 'decoder', by: 'kernels', reason: null },
  ]);
  expect(await textOf(pcm)).toContain('Most of the boats had already come home.');
});

it('the built-in model writes words of a list where it is unsure, and only there', async () => {
  const random = seededRandom(1);
  const clear = pcm.subarray(0, 5 * 16_000);
  const noisy = clear.map((value) => value + 0.17 * (random() - 0.5));
  const names = ['Kubernetes', 'weather office', 'coast'];
  expect(await textOf(noisy)).not.toMatch(/weather office|coast/);
  expect(await textOf(noisy, names)).toMatch(/weather office|coast/);
  // said nearly like words that are clear
  expect(await textOf(clear, ['Wetherr', 'Rayne'])).toMatch(/weather office .* heavy rain/);
});

it('the built-in model is loaded without the graph that its kernels were held to here', async () => {
  const { models } = catalogueSchema.parse(
    JSON.parse(readFileSync('public/models/catalogue.json', 'utf8')),
  );
  const entry = models.find(({ id }) => id === 'ai2text-base');
  if (entry?.family !== 'whisper') throw new Error('It is not in the catalogue.');
  const noGraphs = {
    ...nodeRuntime,
    open: () => Promise.reject(new Error('No graph is to be opened.')),
  };
  const alone = await openWhisper(noGraphs, repositoryFiles(repository), entry, null);
  expect(alone.runs).toEqual(model.runs);
  await alone.release();
});
