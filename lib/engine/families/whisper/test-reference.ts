import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  AutoProcessor,
  env,
  type Processor,
  type Tensor,
  WhisperForConditionalGeneration,
} from '@huggingface/transformers';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { Repository } from './test-files';

/** Speech of the repository's own, in 16 kHz PCM. */
export function readSpeech(path: string): Promise<Float32Array> {
  return readWavPcm(new Blob([readFileSync(path)]));
}

/** What `WhisperForConditionalGeneration.generate` of transformers.js takes, as far as used here. */
interface ReferenceOptions {
  max_new_tokens: number;
  return_timestamps: boolean;
  language?: string;
  task?: string;
}

/** A generated model in transformers.js, running on ONNX Runtime's build for Node. */
export interface Reference {
  /** Token ids of one recording of up to 30 s: with the prompt, and the end when it was reached. */
  tokens(pcm: Float32Array, options: ReferenceOptions): Promise<number[]>;
  /** Logits after these tokens, of a pass over all of them. */
  logitsBehind(pcm: Float32Array, tokens: readonly number[]): Promise<Float32Array>;
}

/** Opens a generated model in transformers.js; nothing is fetched from anywhere. */
export async function openReference(files: Repository): Promise<Reference> {
  const folder = mkdtempSync(join(tmpdir(), 'whisper-reference-'));
  const name = 'model';
  try {
    for (const [path, bytes] of files) {
      const target = join(folder, name, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    Object.assign(env, {
      allowRemoteModels: false,
      allowLocalModels: true,
      localModelPath: folder,
    });
    const model = await WhisperForConditionalGeneration.from_pretrained(name, {
      dtype: 'fp32',
      device: 'cpu',
      // other tests run beside: threads that wait for each other take their time
      session_options: { intraOpNumThreads: 1 },
    });
    return referenceOf(model, await AutoProcessor.from_pretrained(name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** transformers.js types neither the options of `generate` nor the processor's result. */
interface UntypedModel {
  generate(options: ReferenceOptions & { inputs: Tensor }): Promise<Tensor>;
  forward(inputs: {
    input_features: Tensor;
    decoder_input_ids: Tensor;
  }): Promise<{ logits: Tensor }>;
}

function referenceOf(typed: unknown, processor: Processor): Reference {
  const model = typed as UntypedModel;
  // a fifth of a second for 30 s: recordings are asked about several times
  const kept = new WeakMap<Float32Array, Tensor>();
  const features = async (pcm: Float32Array): Promise<Tensor> => {
    const made: Tensor = kept.get(pcm) ?? (await processor(pcm)).input_features;
    kept.set(pcm, made);
    return made;
  };
  return {
    async tokens(pcm, options) {
      const ids = await model.generate({ inputs: await features(pcm), ...options });
      return Array.from(ids.data as BigInt64Array, Number);
    },
    async logitsBehind(pcm, tokens) {
      const { Tensor: ReferenceTensor } = await import('@huggingface/transformers');
      const { logits } = await model.forward({
        input_features: await features(pcm),
        decoder_input_ids: new ReferenceTensor('int64', BigInt64Array.from(tokens, BigInt), [
          1,
          tokens.length,
        ]),
      });
      const vocabulary = logits.dims[2] ?? 0;
      return Float32Array.from((logits.data as Float32Array).subarray(-vocabulary));
    },
  };
}
