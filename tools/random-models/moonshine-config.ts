import type { GraphBuilder } from './graph';
import { WORDS } from './words';

/** Sizes of a Moonshine network. */
export interface MoonshineSize {
  width: number;
  /** Of encoder and decoder, each. */
  layers: number;
  heads: number;
  /** Units of the feed-forward layers. */
  hidden: number;
}

/** Part of a head that turns with the position. */
const ROTARY_FACTOR = 0.9;

/** Most tokens of one text. */
const TARGET_POSITIONS = 194;

/** Tokens of the published models, and of these the special ones `<<ST_0>>` ... at the end. */
const PUBLISHED = { size: 32_768, special: 768 };

/** Special tokens of a small vocabulary. */
const FEW_SPECIAL = 8;

/** `<unk>`, `<s>`, `</s>`, then one token for each byte, then text. */
export const START = 1;
export const END = 2;
export const FIRST_BYTE = 3;
export const FIRST_TEXT = FIRST_BYTE + 256;

/** Dimensions of a head that turn: pairs. */
function rotaryDimensions(headSize: number): number {
  return 2 * Math.floor((headSize * ROTARY_FACTOR) / 2);
}

export interface MoonshineTokens {
  /** All tokens, by id. */
  pieces: string[];
  merges: string[];
  /** Ids of whole words. */
  words: Set<number>;
  /** Id of `<<ST_0>>`. */
  firstSpecial: number;
}

/** SentencePiece-like BPE: letters, then what the merges make; other letters are bytes. */
export function moonshineTokens(published: boolean): MoonshineTokens {
  const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0');
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${hex(byte)}>`);
  // three bytes each: what has no token of its own comes as bytes
  const words = WORDS.filter((word) => !/[一-鿿]/.test(word)).map((word) => `▁${word}`);
  const pieces = ['<unk>', '<s>', '</s>', ...bytes, ...new Set(words.join(''))];
  const known = new Set(pieces);
  const merges: string[] = [];
  const whole = new Set<number>();
  for (const word of words) {
    let start = '';
    for (const letter of word) {
      if (start && !known.has(start + letter)) {
        merges.push(`${start} ${letter}`);
        pieces.push(start + letter);
        known.add(start + letter);
      }
      start += letter;
    }
    whole.add(pieces.indexOf(word));
  }
  const special = published ? PUBLISHED.special : FEW_SPECIAL;
  if (published)
    while (pieces.length < PUBLISHED.size - special) pieces.push(`unused${pieces.length}`);
  const firstSpecial = pieces.length;
  for (let index = 0; index < special; index++) pieces.push(`<<ST_${index}>>`);
  return { pieces, merges, words: whole, firstSpecial };
}

/** `tokenizer.json`. */
export function moonshineTokenizer({ pieces, merges, firstSpecial }: MoonshineTokens): object {
  const added = (content: string, id: number) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const start = { id: '<s>', type_id: 0 };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      ...pieces.slice(0, FIRST_BYTE).map(added),
      ...pieces.slice(firstSpecial).map((content, index) => added(content, firstSpecial + index)),
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: start }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { '<s>': { id: '<s>', ids: [START], tokens: ['<s>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(
        pieces.slice(0, firstSpecial).map((piece, index) => [piece, index]),
      ),
      merges,
    },
  };
}

/** `config.json`, with the fields that the published models have and loaders read. */
export function moonshineConfig(size: MoonshineSize, tokens: MoonshineTokens): object {
  const { width, layers, heads, hidden } = size;
  return {
    architectures: ['MoonshineForConditionalGeneration'],
    attention_bias: false,
    bos_token_id: START,
    decoder_hidden_act: 'silu',
    decoder_num_attention_heads: heads,
    decoder_num_hidden_layers: layers,
    decoder_num_key_value_heads: heads,
    decoder_start_token_id: START,
    encoder_hidden_act: 'gelu',
    encoder_num_attention_heads: heads,
    encoder_num_hidden_layers: layers,
    encoder_num_key_value_heads: heads,
    eos_token_id: END,
    hidden_size: width,
    intermediate_size: hidden,
    is_encoder_decoder: true,
    max_position_embeddings: TARGET_POSITIONS,
    model_type: 'moonshine',
    partial_rotary_factor: ROTARY_FACTOR,
    rope_theta: 10_000,
    use_cache: true,
    vocab_size: tokens.pieces.length,
  };
}

/** `generation_config.json`. */
export const MOONSHINE_GENERATION = {
  bos_token_id: START,
  decoder_start_token_id: START,
  eos_token_id: END,
  max_length: TARGET_POSITIONS,
  pad_token_id: END,
};

/** `preprocessor_config.json`. */
export const MOONSHINE_PREPROCESSOR = {
  do_normalize: false,
  feature_extractor_type: 'MoonshineFeatureExtractor',
  feature_size: 1,
  padding_side: 'right',
  padding_value: 0,
  processor_class: 'MoonshineProcessor',
  return_attention_mask: false,
  sampling_rate: 16_000,
};

/** `tokenizer_config.json`. */
export const MOONSHINE_TOKENIZER_CONFIG = {
  bos_token: '<s>',
  clean_up_tokenization_spaces: false,
  eos_token: '</s>',
  model_max_length: 2048,
  pad_token: '</s>',
  tokenizer_class: 'PreTrainedTokenizerFast',
  unk_token: '<unk>',
};

/** Cosines and sines of positions, each [time, dimensions / 2]: made once, used by all layers. */
export interface Rotation {
  cosine: string;
  sine: string;
}

/** Angles of the positions from `first` up to but without `end`: names of scalars. */
export function rotation(
  graph: GraphBuilder,
  headSize: number,
  first: string,
  end: string,
): Rotation {
  const pairs = rotaryDimensions(headSize) / 2;
  const places = graph.op('Cast', [graph.op('Range', [first, end, graph.int(1)])], { to: 1 });
  const frequencies = graph.constant('rotary.frequencies', () => ({
    dims: [1, pairs],
    data: Float32Array.from({ length: pairs }, (_, pair) => 10_000 ** (-pair / pairs)),
  }));
  const angles = graph.op('Mul', [graph.op('Unsqueeze', [places, graph.ints(1)]), frequencies]);
  return { cosine: graph.op('Cos', [angles]), sine: graph.op('Sin', [angles]) };
}

/**
 * Rotary position embedding (Su et al. 2021) over the first part of each head: x [batch, heads,
 * time, size]. The pairs are the two halves of that part, not neighbours as in the published model.
 */
export function rotate(
  graph: GraphBuilder,
  x: string,
  headSize: number,
  { cosine, sine }: Rotation,
): string {
  const half = rotaryDimensions(headSize) / 2;
  const slice = (from: number, to: number) =>
    graph.op('Slice', [x, graph.ints(from), graph.ints(to), graph.ints(3)]);
  const [a, b] = [slice(0, half), slice(half, 2 * half)];
  const times = (left: string, right: string) => graph.op('Mul', [left, right]);
  const turned = [
    graph.op('Sub', [times(a, cosine), times(b, sine)]),
    graph.op('Add', [times(b, cosine), times(a, sine)]),
  ];
  return graph.op('Concat', [...turned, slice(2 * half, headSize)], { axis: 3 });
}
