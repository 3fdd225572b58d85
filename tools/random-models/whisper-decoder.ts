import { GraphBuilder, type Precision, type Shape } from './graph';
import {
  attention,
  causalMask,
  dimension,
  gelu,
  layerNorm,
  linear,
  mergeHeads,
  splitHeads,
  tiedEmbedding,
} from './layers';
import { type KeyValue, type LayerPast, mergedDecoder } from './merged';
import { all, centredColumns, matrix, withoutColumns, withoutRows } from './shapes';
import {
  DECODED,
  embeddingDeviation,
  embeddings,
  lastBias,
  lastScale,
  positionShape,
  SOURCE_POSITIONS,
  TARGET_POSITIONS,
  TIME_DIMENSIONS,
  type WhisperHabits,
  type WhisperSize,
} from './whisper-config';
import { ENCODED } from './whisper-encoder';
import type { WhisperTokens } from './whisper-tokens';

/** `decoder_model_merged.onnx`. */
export function whisperDecoder(
  size: WhisperSize,
  tokens: WhisperTokens,
  options: {
    seed: number;
    precision: Precision;
    crossAttentions: boolean;
    /** Takes any number of the encoder's frames. */
    anyLength?: boolean;
    habits: WhisperHabits;
  },
): Uint8Array<ArrayBuffer> {
  const { width, layers, heads } = size;
  const { seed, precision, habits } = options;
  const graph = new GraphBuilder({ seed, precision, weights: 'int8' });
  const headSize = width / heads;
  const merged = {
    ...{ width, layers, heads, headSize },
    vocabulary: tokens.size,
    frames: options.anyLength ? 'encoder_sequence_length' : SOURCE_POSITIONS,
  };
  mergedDecoder(graph, merged, options, (ids, encoded, past) => {
    const embedding = tiedEmbedding(
      graph,
      'decoder.embed_tokens.weight',
      [tokens.size, width],
      embeddingDeviation(width),
      embeddings(tokens, width, habits),
    );
    const before = past?.[0] ? dimension(graph, past[0].decoder[0], 2) : graph.int(0);
    const count = dimension(graph, ids, 1);
    const places = graph.op('Range', [before, graph.op('Add', [before, count]), graph.int(1)]);
    const positions = graph.weight(
      'decoder.embed_positions.weight',
      [TARGET_POSITIONS, width],
      0.7,
      positionShape(width),
    );
    const row = graph.op('Gather', [positions, places], { axis: 0 });
    const mask = causalMask(graph, before, count);
    let x = graph.op('Add', [embedding.rows(ids), row]);
    const decoder: KeyValue[] = [];
    const encoder: KeyValue[] = [];
    const crossAttentions: string[] = [];
    for (let layer = 0; layer < layers; layer++) {
      const own = selfAttention(graph, x, { layer, size, mask, past: past?.[layer] ?? null });
      const cross = crossAttention(graph, own.x, {
        layer,
        size,
        encoded,
        past: past?.[layer] ?? null,
      });
      x = feedForward(graph, cross.x, layer, size);
      decoder.push(own.present);
      encoder.push(cross.present);
      crossAttentions.push(cross.weights);
    }
    const last = layerNorm(graph, x, 'decoder.layer_norm', width, {
      scaleShape: lastScale(width, habits),
      biasShape: lastBias,
    });
    return { logits: embedding.logits(last), decoder, encoder, crossAttentions };
  });
  return graph.write('whisper-decoder');
}

interface LayerOptions {
  layer: number;
  size: WhisperSize;
  past: LayerPast | null;
}

/** Layers read no dimension with a meaning ... */
function read(columns: number): Shape {
  return withoutRows(columns, DECODED.random);
}

/** ... and write to none. */
function write(width: number): { shape: Shape; biasShape: Shape; deviation: number } {
  return {
    shape: withoutColumns(width, 0, DECODED.random),
    biasShape: (data) => data.fill(0, 0, DECODED.random),
    deviation: 0.8 / Math.sqrt(width),
  };
}

function selfAttention(
  graph: GraphBuilder,
  x: string,
  { layer, size, mask, past }: LayerOptions & { mask: string },
) {
  const { width, heads } = size;
  const head = width / heads;
  const name = `decoder.layers.${layer}.self_attn`;
  const normal = layerNorm(graph, x, `${name}_layer_norm`, width);
  const { noTimes, noTimesMark } = DECODED;
  // the first head of the first layer finds <|notimestamps|> and writes it down
  const first = (shape: Shape) => (layer === 0 ? shape : () => undefined);
  const project = (part: string, shape: Shape, biasShape?: Shape) => {
    const to = linear(graph, normal, `${name}.${part}`, width, width, {
      bias: part !== 'k_proj',
      shape: all(read(width), first(shape)),
      ...(biasShape && layer === 0 ? { biasShape } : {}),
    });
    return splitHeads(graph, to, heads, head);
  };
  const query = project('q_proj', withoutColumns(width, 0, head), (data) =>
    data.fill(0, 0, head).fill(10, 0, 1),
  );
  const newKey = project(
    'k_proj',
    all(
      withoutColumns(width, 0, head),
      matrix(width, (set) => set(noTimesMark, 0, 3)),
    ),
  );
  const newValue = project(
    'v_proj',
    all(
      withoutColumns(width, 0, 1),
      matrix(width, (set) => set(noTimesMark, 0, 1)),
    ),
    (data) => data.fill(0, 0, 1),
  );
  const present: KeyValue = past
    ? [
        graph.op('Concat', [past.decoder[0], newKey], { axis: 2 }),
        graph.op('Concat', [past.decoder[1], newValue], { axis: 2 }),
      ]
    : [newKey, newValue];
  const { mixed } = attention(graph, [query, ...present], head, mask);
  const free = write(width);
  const out = linear(graph, mergeHeads(graph, mixed, width), `${name}.out_proj`, width, width, {
    ...free,
    shape: all(
      free.shape,
      first(
        matrix(width, (set) => {
          for (let column = 0; column < width; column++) set(0, column, 0);
          set(0, noTimes, 1);
        }),
      ),
    ),
  });
  return { x: graph.op('Add', [x, out]), present };
}

function crossAttention(
  graph: GraphBuilder,
  x: string,
  { layer, size, encoded, past }: LayerOptions & { encoded: string },
) {
  const { width, heads } = size;
  const head = width / heads;
  const name = `decoder.layers.${layer}.encoder_attn`;
  const normal = layerNorm(graph, x, `${name}_layer_norm`, width);
  // the first head follows the text through the audio; all prefer loud frames
  const asked = linear(graph, normal, `${name}.q_proj`, width, width, {
    deviation: 2 / Math.sqrt(width),
    shape: all(
      read(width),
      withoutColumns(width, 0, head),
      matrix(width, (set) => {
        for (let index = 0; index < TIME_DIMENSIONS; index++)
          set(DECODED.time + index, index, index < 2 ? 8 : 4);
      }),
    ),
    biasShape: (data) => {
      data.fill(0, 0, head);
      data[TIME_DIMENSIONS] = 3;
      for (let at = head; at < width; at += head) data[at] = 4;
    },
  });
  const make = (part: string, shape: Shape) => {
    const bias = part !== 'k_proj';
    const to = linear(graph, encoded, `${name}.${part}`, width, width, { bias, shape });
    return splitHeads(graph, to, heads, head);
  };
  const keys = all(
    withoutRows(width, ENCODED.random),
    withoutColumns(width, 0, head),
    matrix(width, (set) => {
      for (let index = 0; index < TIME_DIMENSIONS; index++) set(ENCODED.time + index, index, 4);
      set(ENCODED.energy, TIME_DIMENSIONS, 4);
      for (let at = head; at < width; at += head) set(ENCODED.energy, at, 4);
    }),
  );
  const present: KeyValue = past
    ? past.encoder
    : [make('k_proj', keys), make('v_proj', withoutRows(width, ENCODED.random))];
  const query = splitHeads(graph, asked, heads, head);
  const { mixed, weights } = attention(graph, [query, ...present], head);
  const merged = mergeHeads(graph, mixed, width);
  const out = linear(graph, merged, `${name}.out_proj`, width, width, write(width));
  return { x: graph.op('Add', [x, out]), present, weights };
}

function feedForward(graph: GraphBuilder, x: string, layer: number, size: WhisperSize): string {
  const { width, hidden } = size;
  const name = `decoder.layers.${layer}`;
  const free = write(width);
  const normal = layerNorm(graph, x, `${name}.final_layer_norm`, width);
  const wide = linear(graph, normal, `${name}.fc1`, width, hidden, { shape: read(hidden) });
  const narrow = linear(graph, gelu(graph, wide), `${name}.fc2`, hidden, width, {
    ...free,
    shape: all(centredColumns(width), free.shape),
    deviation: 2 / Math.sqrt(hidden),
  });
  return graph.op('Add', [x, narrow]);
}
