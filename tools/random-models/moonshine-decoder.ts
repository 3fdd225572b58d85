import { GraphBuilder, type Precision, type Shape } from './graph';
import {
  attention,
  causalMask,
  dimension,
  layerNorm,
  linear,
  mergeHeads,
  silu,
  splitHeads,
  tiedEmbedding,
} from './layers';
import { type KeyValue, type LayerPast, mergedDecoder } from './merged';
import {
  END,
  FIRST_TEXT,
  type MoonshineSize,
  type MoonshineTokens,
  type Rotation,
  rotate,
  rotation,
  START,
} from './moonshine-config';
import { all, balanced, centredColumns, matrix, withoutColumns, withoutRows } from './shapes';

/**
 * What the first dimensions of the decoder mean; the others are random. Without embedded positions
 * and without biases of the attention, some take the place of these.
 */
const DECODED = {
  /** The same in every token: what has no bias reads this. */
  one: 0,
  /** How likely a token is by itself. */
  prior: 1,
  /** Only the start token has it. */
  start: 2,
  /** The start's share of all tokens so far: falls as the text grows, so that it comes to an end. */
  share: 3,
  random: 4,
};

/** Scale of the last normalisation in the dimensions with a meaning. */
const MEANING = 5;
/** What the last layer writes for the prior. */
const PRIOR = 4;
/** Deviation of text logits, about. */
const CONTRAST = 4.5;
/** Deviation of embeddings in the random dimensions, times the root of their number. */
const EMBEDDING = 6.5;

/** `decoder_model_merged.onnx`. */
export function moonshineDecoder(
  size: MoonshineSize,
  tokens: MoonshineTokens,
  { seed, precision }: { seed: number; precision: Precision },
): Uint8Array<ArrayBuffer> {
  const { width, layers, heads } = size;
  const graph = new GraphBuilder({ seed, precision, weights: 'int8' });
  const headSize = width / heads;
  const vocabulary = tokens.pieces.length;
  const merged = { width, layers, heads, headSize, vocabulary, frames: 'encoder_sequence_length' };
  mergedDecoder(graph, merged, { crossAttentions: false }, (ids, encoded, past) => {
    const embedding = tiedEmbedding(
      graph,
      'decoder.embed_tokens.weight',
      [vocabulary, width],
      EMBEDDING / Math.sqrt(width - DECODED.random),
      all(balanced(width, DECODED.random), tokenShape(tokens, width)),
    );
    const before = past?.[0] ? dimension(graph, past[0].decoder[0], 2) : graph.int(0);
    const count = dimension(graph, ids, 1);
    const turn = rotation(graph, headSize, before, graph.op('Add', [before, count]));
    const mask = causalMask(graph, before, count);
    let x = embedding.rows(ids);
    const decoder: KeyValue[] = [];
    const encoder: KeyValue[] = [];
    for (let layer = 0; layer < layers; layer++) {
      const given = { layer, size, past: past?.[layer] ?? null };
      const own = selfAttention(graph, x, { ...given, turn, mask });
      const cross = crossAttention(graph, own.x, { ...given, encoded });
      x = feedForward(graph, cross.x, layer, size);
      decoder.push(own.present);
      encoder.push(cross.present);
    }
    const last = layerNorm(graph, x, 'decoder.norm', width, {
      bias: false,
      scaleShape: (data) => {
        for (let column = DECODED.random; column < width; column++)
          data[column] = (column % 2 === 1 ? -1 : 1) * (CONTRAST / EMBEDDING);
        data[DECODED.one] = 0;
        data[DECODED.prior] = MEANING;
        data[DECODED.start] = 0;
        data[DECODED.share] = MEANING;
      },
    });
    return { logits: embedding.logits(last), decoder, encoder, crossAttentions: [] };
  });
  return graph.write('moonshine-decoder');
}

/** So that many layers together write no more than two. */
function layerScale({ layers }: MoonshineSize): number {
  return Math.sqrt(2 / layers);
}

interface LayerOptions {
  layer: number;
  size: MoonshineSize;
  past: LayerPast | null;
}

/** Layers write to no dimension with a meaning. */
function write(width: number): Shape {
  return withoutColumns(width, 0, DECODED.random);
}

function selfAttention(
  graph: GraphBuilder,
  x: string,
  { layer, size, past, turn, mask }: LayerOptions & { turn: Rotation; mask: string },
) {
  const { width, heads } = size;
  const head = width / heads;
  const name = `decoder.layers.${layer}.self_attn`;
  const normal = layerNorm(graph, x, `decoder.layers.${layer}.input_layernorm`, width, {
    bias: false,
  });
  const { one, start, share } = DECODED;
  const project = (part: string, shape: Shape) => {
    const meaning = all(withoutRows(width, DECODED.random), layer === 0 ? shape : () => undefined);
    const to = linear(graph, normal, `${name}.${part}`, width, width, {
      bias: false,
      shape: meaning,
    });
    return splitHeads(graph, to, heads, head);
  };
  const draw = (part: string, row: number, deviation: number, from: number) =>
    matrix(width, (set) => {
      const values = graph.random(`${name}.${part}.${row}`, [width], deviation);
      for (let column = from; column < width; column++) set(row, column, values[column] ?? 0);
    });
  // In the first layer, the first head looks at all tokens alike: its value is the start's share.
  // The others look at the start more or less, as they turn with the distance: they tell positions.
  const query = project('q_proj', all(withoutColumns(width, 0, head), draw('q', one, 2, head)));
  const key = project('k_proj', all(withoutColumns(width, 0, head), draw('k', start, 1, head)));
  const value = project(
    'v_proj',
    all(
      withoutColumns(width, 0, head),
      draw('v', start, 0.5, head),
      matrix(width, (set) => set(start, 0, 1)),
    ),
  );
  const newKey = rotate(graph, key, head, turn);
  const present: KeyValue = past
    ? [
        graph.op('Concat', [past.decoder[0], newKey], { axis: 2 }),
        graph.op('Concat', [past.decoder[1], value], { axis: 2 }),
      ]
    : [newKey, value];
  const parts: [string, string, string] = [rotate(graph, query, head, turn), ...present];
  const { mixed } = attention(graph, parts, head, mask);
  const first = matrix(width, (set) => set(0, share, 4));
  const out = linear(graph, mergeHeads(graph, mixed, width), `${name}.o_proj`, width, width, {
    bias: false,
    deviation: (0.8 * layerScale(size)) / Math.sqrt(width),
    shape: layer === 0 ? all(withoutRows(width, 1), write(width), first) : write(width),
  });
  return { x: graph.op('Add', [x, out]), present };
}

function crossAttention(
  graph: GraphBuilder,
  x: string,
  { layer, size, past, encoded }: LayerOptions & { encoded: string },
) {
  const { width, heads } = size;
  const head = width / heads;
  const name = `decoder.layers.${layer}.encoder_attn`;
  const scale = `decoder.layers.${layer}.post_attention_layernorm`;
  const normal = layerNorm(graph, x, scale, width, { bias: false });
  const project = (part: string, from: string, shape: Shape, deviation: number) => {
    const options = { bias: false, shape, deviation: deviation / Math.sqrt(width) };
    const to = linear(graph, from, `${name}.${part}`, width, width, options);
    return splitHeads(graph, to, heads, head);
  };
  const query = project('q_proj', normal, withoutRows(width, DECODED.random), 2.5);
  const free: Shape = () => undefined;
  const present: KeyValue = past
    ? past.encoder
    : [project('k_proj', encoded, free, 1), project('v_proj', encoded, free, 1)];
  const { mixed } = attention(graph, [query, ...present], head);
  const out = linear(graph, mergeHeads(graph, mixed, width), `${name}.o_proj`, width, width, {
    bias: false,
    deviation: (1.5 * layerScale(size)) / Math.sqrt(width),
    shape: write(width),
  });
  return { x: graph.op('Add', [x, out]), present };
}

/** Gated: SwiGLU (Shazeer 2020). */
function feedForward(graph: GraphBuilder, x: string, layer: number, size: MoonshineSize): string {
  const { width, hidden, layers } = size;
  const name = `decoder.layers.${layer}`;
  const normal = layerNorm(graph, x, `${name}.final_layernorm`, width, { bias: false });
  const wide = linear(graph, normal, `${name}.mlp.fc1`, width, 2 * hidden, {
    shape: withoutRows(2 * hidden, DECODED.random),
  });
  const [value = '', gate = ''] = graph.ops('Split', [wide], 2, { axis: -1 });
  const gated = graph.op('Mul', [value, silu(graph, gate)]);
  const narrow = linear(graph, gated, `${name}.mlp.fc2`, hidden, width, {
    deviation: (3 * layerScale(size)) / Math.sqrt(hidden),
    shape: all(centredColumns(width), write(width)),
    biasShape: (data) => {
      data.fill(0, 0, DECODED.random);
      if (layer === layers - 1) data[DECODED.prior] = PRIOR;
    },
  });
  return graph.op('Add', [x, narrow]);
}

/** Embeddings in the dimensions with a meaning. */
function tokenShape(tokens: MoonshineTokens, width: number): Shape {
  const { one, prior, start, share, random } = DECODED;
  return matrix(width, (set) => {
    tokens.pieces.forEach((piece, id) => {
      for (let column = 0; column < random; column++) set(id, column, 0);
      set(id, one, 2);
      const rare = id < FIRST_TEXT || id >= tokens.firstSpecial;
      set(id, prior, rare ? -1.5 : tokens.words.has(id) ? 0 : -0.5);
      if (piece.startsWith('unused')) set(id, prior, -4);
    });
    set(START, start, 4);
    set(END, prior, 1.2);
    set(END, share, -6);
  });
}
