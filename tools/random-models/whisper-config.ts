import type { WhisperTokens } from './whisper-tokens';

/** Sizes of a Whisper network. */
export interface WhisperSize {
  width: number;
  layers: number;
  heads: number;
  /** Units of the feed-forward layers. */
  hidden: number;
  mels: 80 | 128;
}

/** Positions of the encoder (30 s) and of the decoder. */
export const SOURCE_POSITIONS = 1500;
export const TARGET_POSITIONS = 448;

/** ASCII that is no speech: suppressed by the published models; as text tokens these are bytes. */
const NO_SPEECH_CHARACTERS = '"#()*+/:;<=>@[\\]^_`{|}~';

/** `config.json`, with the fields that the published models have and loaders read. */
export function whisperConfig(size: WhisperSize, tokens: WhisperTokens): object {
  const { width, layers, heads, hidden, mels } = size;
  return {
    activation_function: 'gelu',
    architectures: ['WhisperForConditionalGeneration'],
    begin_suppress_tokens: [tokens.text.indexOf('Ġ'), tokens.end],
    bos_token_id: tokens.end,
    d_model: width,
    decoder_attention_heads: heads,
    decoder_ffn_dim: hidden,
    decoder_layers: layers,
    decoder_start_token_id: tokens.start,
    encoder_attention_heads: heads,
    encoder_ffn_dim: hidden,
    encoder_layers: layers,
    eos_token_id: tokens.end,
    is_encoder_decoder: true,
    max_length: TARGET_POSITIONS,
    max_source_positions: SOURCE_POSITIONS,
    max_target_positions: TARGET_POSITIONS,
    median_filter_width: 7,
    model_type: 'whisper',
    num_hidden_layers: layers,
    num_mel_bins: mels,
    pad_token_id: tokens.end,
    scale_embedding: false,
    use_cache: true,
    vocab_size: tokens.size,
  };
}

/** `generation_config.json`. */
export function whisperGeneration(
  tokens: WhisperTokens,
  multilingual: boolean,
  alignmentHeads: [number, number][],
): object {
  const symbols = Array.from(NO_SPEECH_CHARACTERS, (symbol) => tokens.text.indexOf(symbol));
  const tasks = [
    'startoftranscript',
    'translate',
    'transcribe',
    'startoflm',
    'startofprev',
    'nospeech',
  ];
  const common = {
    alignment_heads: alignmentHeads,
    begin_suppress_tokens: [tokens.text.indexOf('Ġ'), tokens.end],
    bos_token_id: tokens.end,
    decoder_start_token_id: tokens.start,
    eos_token_id: tokens.end,
    is_multilingual: multilingual,
    max_initial_timestamp_index: 50,
    max_length: TARGET_POSITIONS,
    no_timestamps_token_id: tokens.noTimestamps,
    pad_token_id: tokens.end,
    prev_sot_token_id: tokens.id('startofprev'),
    return_timestamps: false,
    suppress_tokens: [...symbols, ...tasks.map(tokens.id)],
  };
  if (!multilingual) return { ...common, forced_decoder_ids: [[1, tokens.noTimestamps]] };
  return {
    ...common,
    forced_decoder_ids: [
      [1, null],
      [2, tokens.id('transcribe')],
    ],
    lang_to_id: Object.fromEntries(
      tokens.languages.map((language) => [language, tokens.id(language.slice(2, -2))]),
    ),
    task_to_id: { transcribe: tokens.id('transcribe'), translate: tokens.id('translate') },
  };
}

/** `preprocessor_config.json`. */
export function whisperPreprocessor(mels: number): object {
  return {
    chunk_length: 30,
    feature_extractor_type: 'WhisperFeatureExtractor',
    feature_size: mels,
    hop_length: 160,
    n_fft: 400,
    n_samples: 480_000,
    nb_max_frames: 3000,
    padding_side: 'right',
    padding_value: 0,
    processor_class: 'WhisperProcessor',
    return_attention_mask: false,
    sampling_rate: 16_000,
  };
}

/** `tokenizer_config.json`. */
export const WHISPER_TOKENIZER_CONFIG = {
  add_prefix_space: false,
  bos_token: '<|endoftext|>',
  clean_up_tokenization_spaces: true,
  eos_token: '<|endoftext|>',
  errors: 'replace',
  model_max_length: 1024,
  pad_token: '<|endoftext|>',
  processor_class: 'WhisperProcessor',
  return_attention_mask: false,
  tokenizer_class: 'WhisperTokenizer',
  unk_token: '<|endoftext|>',
};
