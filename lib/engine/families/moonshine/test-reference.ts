import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  AutoProcessor,
  env,
  MoonshineForConditionalGeneration,
  type Tensor,
} from '@huggingface/transformers';

/** A generated model in transformers.js, running on ONNX Runtime's build for Node. */
export interface MoonshineReference {
  /** Token ids of one recording, with the start, and the end when it was reached. */
  tokens(pcm: Float32Array, maxTokens: number): Promise<number[]>;
}

/**
 * Opens a generated model in transformers.js; nothing is fetched from anywhere.
 * @param files of the repository, by path
 */
export async function openMoonshineReference(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<MoonshineReference> {
  const folder = mkdtempSync(join(tmpdir(), 'moonshine-reference-'));
  try {
    for (const [path, bytes] of files) {
      const target = join(folder, 'model', path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    Object.assign(env, {
      allowRemoteModels: false,
      allowLocalModels: true,
      localModelPath: folder,
    });
    const options = {
      dtype: 'fp32',
      device: 'cpu',
      // other tests run beside: threads that wait for each other take their time
      session_options: { intraOpNumThreads: 1 },
    } as const;
    const model = await MoonshineForConditionalGeneration.from_pretrained('model', options);
    const processor = await AutoProcessor.from_pretrained('model');
    return {
      async tokens(pcm, maxTokens) {
        const inputs: object = await processor(pcm);
        // the library types neither the options of `generate` nor the processor's result
        const generate = model.generate.bind(model) as (options: object) => Promise<Tensor>;
        const ids = await generate({ ...inputs, max_new_tokens: maxTokens });
        return Array.from(ids.data as BigInt64Array, Number);
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
