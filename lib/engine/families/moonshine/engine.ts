import type { PublishedModel } from '@/lib/catalogue';
import type { ModelFiles, SpeechModel } from '@/lib/engine';
import type { TimingAligner } from '@/lib/engine/alignment';
import { openDecoder } from '@/lib/engine/families/seq2seq';
import { externalData, type InferenceRuntime } from '@/lib/engine/runtime';
import { openTokenizer } from '@/lib/engine/words';
import { ENCODER_OUTPUT, MoonshineEncoder, SAMPLES_PER_FRAME } from './encoder';
import { MoonshineModel, parseMoonshineConfig } from './model';

/**
 * Opens a Moonshine model as the hub has them: tiny and base, of any of their languages.
 * @param aligner gives word times, which the model has none of; released with the model
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, MODEL_UNSUPPORTED, BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openMoonshine(
  runtime: InferenceRuntime,
  files: ModelFiles,
  { languages }: Pick<PublishedModel, 'languages'>,
  aligner: TimingAligner | null,
): Promise<SpeechModel> {
  const text = async (role: string) => new TextDecoder().decode(await files.read(role));
  const tokenizer = openTokenizer(await text('tokenizer'));
  const config = parseMoonshineConfig(await text('config'));
  const session = await runtime.open(await files.read('encoder'), {
    externalData: await externalData(files, 'encoderData'),
    outputsOnGpu: [ENCODER_OUTPUT],
  });
  try {
    const encoder = new MoonshineEncoder(runtime, session);
    const decoder = await openDecoder(runtime, await files.read('decoder'), {
      externalData: await externalData(files, 'decoderData'),
      heads: config.decoderHeads,
      headSize: config.decoderHeadSize,
      vocabulary: config.vocabularySize,
      maskPerFrame: SAMPLES_PER_FRAME,
    });
    const language = languages.length === 1 ? (languages[0] ?? null) : null;
    const runs = [{ part: 'encoder', by: 'graph', reason: null } as const, decoder.run];
    return new MoonshineModel({ encoder, decoder, config, tokenizer, aligner, language, runs });
  } catch (error) {
    await session.release();
    throw error;
  }
}
