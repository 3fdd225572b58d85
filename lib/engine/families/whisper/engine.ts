import type { PublishedModel } from '@/lib/catalogue';
import type { ModelFiles, SpeechModel } from '@/lib/engine';
import type { TimingAligner } from '@/lib/engine/alignment';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import { loadFiles } from './load-files';
import { WhisperModel } from './model';
import { usualRules } from './rules';
import { usualHeads } from './word-times';

/**
 * Opens any Whisper model as the hub has them: tiny to large, turbo, distilled ones, of English
 * only or of many languages, with or without the attention that gives word times. A model that its
 * catalogue entry says is of one language is never asked for another: distilled ones have the
 * tokens of all languages, and know one.
 * @param aligner gives word times where it knows the language, and to models that have none; released
 * with the model
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, MODEL_UNSUPPORTED, BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openWhisper(
  runtime: InferenceRuntime,
  files: ModelFiles,
  {
    languages: [only, ...others],
    words,
    backends,
  }: Pick<PublishedModel, 'languages' | 'words'> & Partial<Pick<PublishedModel, 'backends'>>,
  aligner: TimingAligner | null,
): Promise<SpeechModel> {
  const checked = runtime.backend === 'wasm' && backends?.wasm?.checked === true;
  const loaded = await loadFiles(runtime, files, { checked });
  return new WhisperModel({
    ...loaded,
    aligner,
    runs: [loaded.encoder.run, loaded.decoder.run],
    onsetHeads: words?.onsetHeads ?? usualHeads(loaded.config.alignmentHeads),
    rules: usualRules(loaded.config),
    onlyLanguage: others.length === 0 ? (only ?? null) : null,
  });
}
