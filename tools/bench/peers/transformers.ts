import {
  type AutomaticSpeechRecognitionPipeline,
  env,
  pipeline,
  Tensor,
} from '@huggingface/transformers';
import { Stopwatch, timeRuns } from './meter';
import { serve } from './serve';

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.useWasmCache = false;

type Network = AutomaticSpeechRecognitionPipeline['model'];

serve(async ({ model, dtype, backend, threads, maxTokens }) => {
  const runtime = env.backends.onnx;
  Object.assign(runtime.wasm ?? {}, {
    wasmPaths: `${self.location.origin}/ort-transformers/`,
    numThreads: threads,
  });
  const {
    processor,
    tokenizer,
    model: network,
  } = await pipeline('automatic-speech-recognition', model.folder, { device: backend, dtype });
  if (!processor) throw new Error('The model has no processor.');
  const watch = new Stopwatch();
  const { encoder, decoder } = sessionsOf(network);
  timeRuns(encoder, true, watch, runtime);
  timeRuns(decoder, false, watch, runtime);
  // what the pipeline does with one window; it takes one after the other
  async function recogniseOne(pcm: Float32Array) {
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
    if (!(output instanceof Tensor)) throw new Error('The network gave no tokens.');
    const ids = Array.from(output.data, Number);
    const text = tokenizer.decode(ids, { skip_special_tokens: true }).trim();
    return { text, tokens: withoutEnds(ids, network) };
  }
  return {
    version: `transformers.js ${env.version}, onnxruntime-web ${runtime.versions?.web}`,
    async recognise(windows) {
      const results = [];
      for (const pcm of windows) results.push(await recogniseOne(pcm));
      return results;
    },
    takeTimes: () => watch.take(),
  };
});

function sessionsOf({ sessions }: Network) {
  const all = Object.values(sessions);
  const decoder = all.find(({ inputNames }) => inputNames.includes('input_ids'));
  const encoder = all.find((session) => session !== decoder);
  if (!encoder || !decoder) throw new Error('Not an encoder and a decoder.');
  return { encoder, decoder };
}

/** What was generated: no prompt before it, and no end behind. */
function withoutEnds(ids: readonly number[], { config, generation_config }: Network): number[] {
  const { eos_token_id: end, is_multilingual: isMultilingual = false } = {
    ...generation_config,
  };
  // start, and for Whisper of many languages the language and the task
  const prompt = config.model_type === 'whisper' && isMultilingual ? 3 : 1;
  const tokens = ids.slice(prompt);
  return [end].flat().includes(tokens.at(-1)) ? tokens.slice(0, -1) : tokens;
}
