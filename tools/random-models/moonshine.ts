import type { Precision } from './graph';
import { json } from './json';
import {
  MOONSHINE_GENERATION,
  MOONSHINE_PREPROCESSOR,
  MOONSHINE_TOKENIZER_CONFIG,
  type MoonshineSize,
  moonshineConfig,
  moonshineTokenizer,
  moonshineTokens,
} from './moonshine-config';
import { moonshineDecoder } from './moonshine-decoder';
import { moonshineEncoder } from './moonshine-encoder';

/** What a random Moonshine is to be like. */
export interface MoonshineOptions {
  seed: number;
  size: MoonshineSize;
  precision: Precision;
  /** As many tokens as the published models have. */
  publishedVocabulary: boolean;
}

/** The files of a Moonshine repository, by path. */
export function moonshineFiles(options: MoonshineOptions): Map<string, Uint8Array<ArrayBuffer>> {
  const { size, precision, publishedVocabulary } = options;
  const tokens = moonshineTokens(publishedVocabulary);
  const suffix = precision === 'q8' ? '_quantized' : '';
  return new Map([
    [`onnx/encoder_model${suffix}.onnx`, moonshineEncoder(size, options)],
    [`onnx/decoder_model_merged${suffix}.onnx`, moonshineDecoder(size, tokens, options)],
    ['config.json', json(moonshineConfig(size, tokens))],
    ['generation_config.json', json(MOONSHINE_GENERATION)],
    ['preprocessor_config.json', json(MOONSHINE_PREPROCESSOR)],
    ['tokenizer.json', json(moonshineTokenizer(tokens))],
    ['tokenizer_config.json', json(MOONSHINE_TOKENIZER_CONFIG)],
  ]);
}
