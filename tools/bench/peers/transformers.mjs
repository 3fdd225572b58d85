import { env, pipeline } from '@huggingface/transformers';
import { Stopwatch, timeRuns } from './meter.mjs';
import { serve } from './serve.mjs';

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.useWasmCache = false;

serve(async ({ model, dtype, backend, threads, maxTokens }) => {
  const { wasm } = env.backends.onnx;
  wasm.wasmPaths = `${self.location.origin}/ort-transformers/`;
  wasm.numThreads = threads;
  const {
    processor,
    tokenizer,
    model: network,
  } = await pipeline('automatic-speech-recognition', model.folder, { device: backend, dtype });
  const watch = new Stopwatch();
  const { encoder, decoder } = sessionsOf(network);
  timeRuns(encoder, true, watch, env.backends.onnx);
  timeRuns(decoder, false, watch, env.backends.onnx);
  // what the pipeline does with one window; it takes one after the other
  async function recogniseOne(pcm) {
    const inputs = await watch.time('features', () => processor(pcm));
    const settings =
      model.family === 'whisper'
        ? {
            inputs: inputs.input_features,
            return_timestamps: true,
            ...(model.multilingual ? { language: 'en', task: 'transcribe' } : {}),
          }
        : inputs;
    const output = await watch.time('generate with encoder', () =>
      network.generate({ ...settings, max_new_tokens: maxTokens }),
    );
    const ids = output.tolist()[0].map(Number);
    const text = tokenizer.decode(ids, { skip_special_tokens: true }).trim();
    return { text, tokens: withoutEnds(ids, network) };
  }
  return {
    version: `transformers.js ${env.version}, onnxruntime-web ${env.backends.onnx.versions?.web}`,
    async recognise(windows) {
      const results = [];
      for (const pcm of windows) results.push(await recogniseOne(pcm));
      return results;
    },
    takeTimes: () => watch.take(),
  };
});

function sessionsOf({ sessions }) {
  const all = Object.values(sessions);
  const decoder = all.find(({ inputNames }) => inputNames.includes('input_ids'));
  const encoder = all.find((session) => session !== decoder);
  if (!encoder || !decoder) throw new Error('Not an encoder and a decoder.');
  return { encoder, decoder };
}

/** What was generated: no prompt before it, and no end behind. */
function withoutEnds(ids, { config, generation_config: { eos_token_id: end, is_multilingual } }) {
  // start, and for Whisper of many languages the language and the task
  const prompt = config.model_type === 'whisper' && is_multilingual ? 3 : 1;
  const tokens = ids.slice(prompt);
  return [end].flat().includes(tokens.at(-1)) ? tokens.slice(0, -1) : tokens;
}
