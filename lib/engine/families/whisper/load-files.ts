import type { ModelFiles } from '@/lib/engine';
import {
  type DecoderOptions,
  type OpenedDecoder,
  openDecoder,
} from '@/lib/engine/families/seq2seq';
import { externalData, type InferenceRuntime } from '@/lib/engine/runtime';
import { openTokenizer, type WritingTokenizer } from '@/lib/engine/words';
import { parseWhisperConfig, type WhisperConfig } from './config';
import { openEncoder, type WhisperEncoder } from './network';
import { frameCounts } from './windows';

/** What the files of a Whisper model hold, loaded. */
export interface LoadedFiles {
  encoder: WhisperEncoder;
  decoder: OpenedDecoder;
  config: WhisperConfig;
  tokenizer: WritingTokenizer;
}

/**
 * Loads the files of a Whisper model. What they take is freed again when one of them fails.
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, MODEL_UNSUPPORTED, BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function loadFiles(
  runtime: InferenceRuntime,
  files: ModelFiles,
  options: Pick<DecoderOptions, 'stepwise' | 'checked'> = {},
): Promise<LoadedFiles> {
  const text = async (role: string) => new TextDecoder().decode(await files.read(role));
  const tokenizer = openTokenizer(await text('tokenizer'));
  const config = parseWhisperConfig(await text('config'), await text('generation'), tokenizer);
  const encoder = await openEncoder(
    runtime,
    await files.read('encoder'),
    await externalData(files, 'encoderData'),
    config,
  );
  try {
    const readDecoder = async () => ({
      graph: await files.read('decoder'),
      externalData: await externalData(files, 'decoderData'),
    });
    const file = await readDecoder();
    const decoder = await openDecoder(runtime, file.graph, {
      ...options,
      externalData: file.externalData,
      readAgain: readDecoder,
      heads: config.decoderHeads,
      headSize: config.decoderHeadSize,
      vocabulary: config.vocabularySize,
      frames: frameCounts(config.shortestWindow).map((frames) => frames / 2),
      rows: encoder.maxRows,
    });
    return { encoder, decoder, config, tokenizer };
  } catch (error) {
    await encoder.release();
    throw error;
  }
}
