import type { Shape } from './graph';
import { all, balanced, matrix } from './shapes';
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

/** Dimensions of a point in time: two pairs of cosine and sine, the second one eight times as fast. */
export const TIME_DIMENSIONS = 4;

/**
 * A point in the 30 s of a window as an angle: equal times match, and the further apart two are the
 * less. @param step 20 ms each
 */
export function timeDimensions(step: number): number[] {
  const angle = (Math.PI * step) / SOURCE_POSITIONS;
  return [Math.cos(angle), Math.sin(angle), Math.cos(8 * angle), Math.sin(8 * angle)];
}

/** What a random Whisper tends to do. */
export interface WhisperHabits {
  /** Standard deviation of text logits, about: small for a model that is sure of nothing. */
  contrast: number;
  /** Repeats the same few tokens without end. */
  looping: boolean;
  /** Says "no speech" of everything. */
  silent: boolean;
}

/**
 * What the first dimensions of the decoder mean; the others are random, and no layer but those
 * named here reads or writes these.
 */
export const DECODED = {
  /** How likely a token is by itself. */
  prior: 0,
  /** Grows from token to token, towards the end of text. */
  end: 1,
  /** Where in the window the text is by now. */
  time: 2,
  /** Carried by `<|notimestamps|>` ... */
  noTimesMark: 6,
  /** ... which the first layer's first head looks for, to keep times away. */
  noTimes: 7,
  random: 8,
};

/** Scale of the last normalisation in the dimensions with a meaning. */
const MEANING = 5;
/** Logit of a prior of 1. */
const PRIOR = 20;
/** What makes times about as likely, all together, as the likeliest word. */
const TIME_PRIOR = -1.4;
/** Deviation of embeddings in the random dimensions, times the root of their number: of logits. */
const EMBEDDING = 6.5;
/** 20 ms steps of audio for each token. */
const STEPS_PER_TOKEN = 14;

/**
 * Signs of the last normalisation take turns: with equal ones a token would be the likeliest after
 * itself, since it is read and written by the same weights.
 */
function sign(column: number, habits: WhisperHabits): number {
  return column % 2 === 1 && !habits.looping ? -1 : 1;
}

/** Scales of the last normalisation. */
export function lastScale(width: number, habits: WhisperHabits): Shape {
  return (data) => {
    for (let column = DECODED.random; column < width; column++)
      data[column] = sign(column, habits) * (habits.contrast / EMBEDDING);
    data.fill(MEANING, 0, DECODED.random);
    data[DECODED.prior] = 0;
    data[DECODED.noTimesMark] = 0;
  };
}

/** Offsets of the last normalisation: what the priors are multiplied with. */
export const lastBias: Shape = (data) => {
  data[DECODED.prior] = PRIOR;
};

/** Deviation of embeddings in their random dimensions. */
export function embeddingDeviation(width: number): number {
  return EMBEDDING / Math.sqrt(width - DECODED.random);
}

/** Embeddings of the tokens, which also are the output layer. */
export function embeddings(tokens: WhisperTokens, width: number, habits: WhisperHabits): Shape {
  const meaning = tokenShape(tokens, width, habits);
  return habits.looping ? meaning : all(balanced(width, DECODED.random), meaning);
}

/** Embeddings in the dimensions with a meaning. */
function tokenShape(tokens: WhisperTokens, width: number, habits: WhisperHabits): Shape {
  const { prior, end, time, noTimes, noTimesMark, random } = DECODED;
  return matrix(width, (set) => {
    const clear = (id: number, value: number) => {
      for (let column = 0; column < random; column++) set(id, column, 0);
      set(id, prior, value);
    };
    // parts of words are rare, bytes more so, and most of all what only fills the vocabulary
    tokens.text.forEach((text, id) => {
      const part = id < 256 ? -0.75 : -0.3;
      clear(id, tokens.words.has(id) ? 0 : text.startsWith('unused') ? -1.25 : part);
    });
    for (let id = tokens.text.length; id < tokens.firstTime; id++) clear(id, -1.25);
    for (let id = tokens.firstTime; id < tokens.size; id++) {
      clear(id, TIME_PRIOR);
      timeDimensions(id - tokens.firstTime).forEach((value, index) => {
        set(id, time + index, value * (index < 2 ? 4 : 2));
      });
      set(id, noTimes, -3);
    }
    set(tokens.end, prior, habits.looping ? -1.25 : -0.3);
    set(tokens.end, end, habits.looping ? 0 : 3);
    set(tokens.noTimestamps, noTimesMark, 4);
    if (habits.silent) set(tokens.noSpeech, prior, 1.25);
  });
}

/** Positions in the dimensions with a meaning. */
export function positionShape(width: number): Shape {
  return matrix(width, (set) => {
    for (let position = 0; position < TARGET_POSITIONS; position++) {
      for (let column = 0; column < DECODED.random; column++) set(position, column, 0);
      set(position, DECODED.end, Math.min(position, 100) / 25);
      const step = Math.min(Math.max(0, position - 2) * STEPS_PER_TOKEN, SOURCE_POSITIONS);
      timeDimensions(step).forEach((value, index) => {
        set(position, DECODED.time + index, 2 * value);
      });
    }
  });
}
