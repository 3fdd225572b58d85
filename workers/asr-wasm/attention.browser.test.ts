import * as ort from 'onnxruntime-web/wasm';
import { expect, it } from 'vitest';
import { catalogueSchema } from '@/lib/catalogue/catalogue';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import { openWhisper } from '@/lib/engine/families/whisper/engine';
import { repositoryFiles } from '@/lib/engine/families/whisper/test-files';
import { loadKernels } from '@/lib/engine/kernels/load';
import { createWasmStart } from '@/lib/engine/runtime/wasm-start';
import bySound from '@/tools/worker/fixtures/speech-words.json';

const FOLDER = '/models/ai2text-base';
const bytesOf = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer());

/** The model that comes with the app, as a recogniser's worker has it, on one thread. */
async function openBuiltIn() {
  const { models } = catalogueSchema.parse(await (await fetch('/models/catalogue.json')).json());
  const entry = models.find(({ id }) => id === 'ai2text-base');
  if (entry?.family !== 'whisper') throw new Error('It is not in the catalogue.');
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of ['config.json', 'generation_config.json', 'tokenizer.json'])
    files.set(name, await bytesOf(`${FOLDER}/${name}`));
  for (const name of ['encoder_model', 'decoder_model_merged'])
    files.set(`onnx/${name}.onnx`, await bytesOf(`${FOLDER}/onnx/${name}_quantized.onnx`));
  const startThread = () => {
    throw new Error('One thread needs no other.');
  };
  const start = createWasmStart(ort, ({ threads, products }) =>
    loadKernels(`${location.origin}/kernels/`, { threads, products, startThread }, (reason) => {
      throw reason;
    }),
  );
  const runtimeUrl = `${location.origin}/ort/`;
  // a clock that decides may do so differently each time
  const runtime = await start({ runtimeUrl, threads: 1, products: 'wide' });
  return openWhisper(runtime, repositoryFiles(files), entry, null);
}

it('the attention of the kernels gives word times without a model of sounds', async () => {
  const model = await openBuiltIn();
  expect(model.runs?.map(({ part, by }) => [part, by])).toEqual([
    ['encoder', 'kernels'],
    ['decoder', 'kernels'],
  ]);
  const pcm = await readWavPcm(new Blob([await bytesOf('/e2e/fixtures/audio/speech.wav')]));
  const wanted = bySound.flat().slice(0, 13);
  const options = { hotWords: [], language: 'en', task: 'transcribe' } as const;
  const { hypotheses } = await model.recognise(
    [pcm.slice(0, 4.5 * 16_000)],
    options,
    new AbortController().signal,
  );
  await model.release();
  const starts = hypotheses[0]?.words.map(({ startSample }) => startSample / 16) ?? [];
  expect(starts).toHaveLength(wanted.length);
  // shared out by their letters, they would be off by half a second
  const apart = starts.map((startMs, at) => Math.abs(startMs - (wanted[at]?.startMs ?? 0)));
  expect(Math.max(...apart)).toBeLessThan(100);
});
