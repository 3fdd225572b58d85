import { type CtcSearch, ctcSearchSchema } from '@/lib/catalogue';
import { AppError } from '@/lib/core';
import type { ModelFiles, SpeechModel } from '@/lib/engine';
import { openPhoneNetwork } from '@/lib/engine/alignment';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import { CtcEngine, type EngineOptions } from './engine';

/** What a CTC model over phones is made of. */
interface CtcFiles {
  network: Uint8Array<ArrayBuffer>;
  vocabulary: Uint8Array<ArrayBuffer>;
  languageModel: Uint8Array<ArrayBuffer>;
}

/**
 * Opens a CTC network over phones with its word search.
 * @throws MODEL_HASH_MISMATCH when a file is not what it should be; what `InferenceRuntime.open` throws
 */
export async function openCtc(
  runtime: InferenceRuntime,
  { network, vocabulary, languageModel }: CtcFiles,
  options: EngineOptions,
): Promise<SpeechModel> {
  const { opened, run } = await openPhoneNetwork(runtime, network);
  try {
    const buffers = { vocabulary: vocabulary.buffer, languageModel: languageModel.buffer };
    return new CtcEngine(opened, buffers, { ...options, runs: [run] });
  } catch (error) {
    await opened.release();
    throw error;
  }
}

/**
 * Opens a model of the same kind that did not come with the app: the settings of its search are one of
 * its files. Throws as `openCtc`, and what reading the files throws.
 */
export async function openPhoneCtc(
  runtime: InferenceRuntime,
  files: ModelFiles,
  options: Omit<EngineOptions, 'search'>,
): Promise<SpeechModel> {
  const search = readSearch(await files.read('search'));
  const [network, vocabulary, languageModel] = [
    await files.read('network'),
    await files.read('vocabulary'),
    await files.read('languageModel'),
  ];
  return openCtc(runtime, { network, vocabulary, languageModel }, { ...options, search });
}

function readSearch(bytes: Uint8Array): CtcSearch {
  try {
    return ctcSearchSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new AppError('MODEL_UNSUPPORTED', 'The settings of the search cannot be read.', {
      cause,
      details: { reason: 'missing-files', family: 'phone-ctc', missing: 'search' },
    });
  }
}
