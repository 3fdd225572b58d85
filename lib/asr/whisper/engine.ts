import type { PublishedModel } from '../../models/catalogue';
import type { ExternalData, Runtime } from '../runtime';
import { openDecoder } from '../seq2seq/open';
import type { ModelFiles, SpeechModel } from '../speech-model';
import type { WordAligner } from '../words/align';
import { openTokenizer } from '../words/tokenizer';
import { parseWhisperConfig } from './config';
import { WhisperModel } from './model';
import { ENCODER_OUTPUT, WhisperEncoder } from './network';
import { usualRules } from './rules';

/**
 * Opens any Whisper model as the hub has them: tiny to large, turbo, distilled ones, of English
 * only or of many languages, with or without the attention that gives word times.
 * @param aligner gives word times to models that have none; released with the model
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, MODEL_UNSUPPORTED, BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openWhisper(
  runtime: Runtime,
  files: ModelFiles,
  model: Pick<PublishedModel, 'languages'>,
  aligner: WordAligner | null,
): Promise<SpeechModel> {
  const text = async (role: string) => new TextDecoder().decode(await files.read(role));
  const tokenizer = openTokenizer(await text('tokenizer'));
  const config = parseWhisperConfig(await text('config'), await text('generation'), tokenizer);
  const session = await runtime.open(await files.read('encoder'), {
    externalData: await externalData(files, 'encoderData'),
    outputsOnGpu: [ENCODER_OUTPUT],
  });
  try {
    const encoder = new WhisperEncoder(runtime, session, config.melBands);
    const decoder = await openDecoder(runtime, await files.read('decoder'), {
      externalData: await externalData(files, 'decoderData'),
      heads: config.decoderHeads,
      headSize: config.decoderHeadSize,
      vocabulary: config.vocabularySize,
    });
    const [only, ...others] = model.languages;
    return new WhisperModel({
      encoder,
      decoder,
      config,
      tokenizer,
      aligner,
      rules: usualRules(config),
      onlyLanguage: others.length === 0 ? (only ?? null) : null,
    });
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function externalData(files: ModelFiles, role: string): Promise<ExternalData[]> {
  if (!files.has(role)) return [];
  return [{ path: files.nameOf(role), data: await files.read(role) }];
}
