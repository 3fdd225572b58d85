import type { Precision } from './graph';
import { json } from './json';
import {
  WHISPER_TOKENIZER_CONFIG,
  type WhisperHabits,
  type WhisperSize,
  whisperConfig,
  whisperGeneration,
  whisperPreprocessor,
} from './whisper-config';
import { whisperDecoder } from './whisper-decoder';
import { whisperEncoder } from './whisper-encoder';
import { whisperTokenizer, whisperTokens } from './whisper-tokens';

/** What a random Whisper is to be like. */
export interface WhisperOptions {
  seed: number;
  size: WhisperSize;
  precision: Precision;
  /** Else for English only: other ids, and no language or task in the prompt. */
  multilingual: boolean;
  /** As many tokens as the published models have. */
  publishedVocabulary: boolean;
  /** Further outputs `cross_attentions.N`, as the exports for word times have. */
  crossAttentions: boolean;
  /** Seconds that the encoder has to be given at the least; 30 s, and no less, when not given. */
  shortestWindow?: number;
  habits: WhisperHabits;
}

/** The files of a Whisper repository, by path. */
export function whisperFiles(options: WhisperOptions): Map<string, Uint8Array<ArrayBuffer>> {
  const { size, precision, multilingual, seed, crossAttentions, shortestWindow, habits } = options;
  const anyLength = shortestWindow !== undefined;
  const tokens = whisperTokens({
    multilingual,
    // since large-v3, which also was the first with 128 mel bands
    cantonese: size.mels === 128,
    published: options.publishedVocabulary,
  });
  const suffix = precision === 'q8' ? '_quantized' : '';
  // the heads that follow the text: the first one of every layer
  const alignment = Array.from({ length: size.layers }, (_, layer): [number, number] => [layer, 0]);
  return new Map([
    [`onnx/encoder_model${suffix}.onnx`, whisperEncoder(size, { seed, precision, anyLength })],
    [
      `onnx/decoder_model_merged${suffix}.onnx`,
      whisperDecoder(size, tokens, { seed, precision, crossAttentions, anyLength, habits }),
    ],
    [
      'config.json',
      json({
        ...whisperConfig(size, tokens),
        ...(anyLength ? { ai2text_shortest_window: shortestWindow } : {}),
      }),
    ],
    ['generation_config.json', json(whisperGeneration(tokens, multilingual, alignment))],
    ['preprocessor_config.json', json(whisperPreprocessor(size.mels))],
    ['tokenizer.json', json(whisperTokenizer(tokens))],
    ['tokenizer_config.json', json(WHISPER_TOKENIZER_CONFIG)],
  ]);
}
