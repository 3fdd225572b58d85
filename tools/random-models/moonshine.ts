import { GraphBuilder, type Precision } from './graph';
import { json } from './json';
import {
  attention,
  conv,
  dimension,
  gelu,
  layerNorm,
  linear,
  mergeHeads,
  splitHeads,
} from './layers';
import {
  MOONSHINE_GENERATION,
  MOONSHINE_PREPROCESSOR,
  MOONSHINE_TOKENIZER_CONFIG,
  type MoonshineSize,
  moonshineConfig,
  moonshineTokenizer,
  moonshineTokens,
  type Rotation,
  rotate,
  rotation,
} from './moonshine-config';
import { moonshineDecoder } from './moonshine-decoder';
import { all, centredColumns, centredFilters } from './shapes';

/** Kernel and stride of the three convolutions over samples. */
const FRONT = { first: [127, 64], second: [7, 3], third: [3, 2] } as const;

/**
 * `encoder_model.onnx`: input_values [batch, samples] to last_hidden_state [batch, frames, width],
 * one frame for 384 samples.
 */
function moonshineEncoder(
  size: MoonshineSize,
  { seed, precision }: { seed: number; precision: Precision },
): Uint8Array<ArrayBuffer> {
  const { width, layers, heads } = size;
  const graph = new GraphBuilder({ seed, precision });
  const samples = graph.input('input_values', ['batch_size', 'num_samples']);
  const wave = graph.op('Unsqueeze', [samples, graph.ints(1)]);
  const first = conv(graph, wave, 'encoder.conv1', 1, width, [FRONT.first[0]], {
    stride: [FRONT.first[1]],
    bias: false,
    deviation: 0.5,
  });
  const normal = groupNorm(graph, graph.op('Tanh', [first]), width);
  const filters = (kernel: number, inputs: number, factor: number) => ({
    deviation: factor / Math.sqrt(kernel * inputs),
    shape: centredFilters(kernel * inputs),
  });
  const second = conv(graph, normal, 'encoder.conv2', width, 2 * width, [FRONT.second[0]], {
    stride: [FRONT.second[1]],
    ...filters(FRONT.second[0], width, 1.5),
  });
  const third = conv(
    graph,
    gelu(graph, second),
    'encoder.conv3',
    2 * width,
    width,
    [FRONT.third[0]],
    {
      stride: [FRONT.third[1]],
      ...filters(FRONT.third[0], 2 * width, 3),
    },
  );
  let x = graph.op('Transpose', [gelu(graph, third)], { perm: [0, 2, 1] });
  const turn = rotation(graph, width / heads, graph.int(0), dimension(graph, x, 1));
  for (let layer = 0; layer < layers; layer++) x = encoderLayer(graph, x, layer, size, turn);
  const output = layerNorm(graph, x, 'encoder.layer_norm', width, { bias: false });
  graph.output('last_hidden_state', ['batch_size', 'encoder_sequence_length', width], output);
  return graph.write('moonshine-encoder');
}

/** Normalisation over channels and time together, then a scale and an offset for each channel. */
function groupNorm(graph: GraphBuilder, x: string, width: number): string {
  const one = graph.constant('groupnorm.one', () => ({ dims: [1], data: Float32Array.of(1) }));
  const zero = graph.constant('groupnorm.zero', () => ({ dims: [1], data: Float32Array.of(0) }));
  const flat = graph.op('Reshape', [x, graph.ints(0, 1, -1)]);
  const normal = graph.op('InstanceNormalization', [flat, one, zero], { epsilon: { float: 1e-5 } });
  const shaped = graph.op('Reshape', [normal, graph.op('Shape', [x])]);
  const scale = graph.weight('encoder.groupnorm.weight', [width, 1], 0.3, (data) => {
    for (let at = 0; at < data.length; at++) data[at] = 1 + (data[at] ?? 0);
  });
  const bias = graph.weight('encoder.groupnorm.bias', [width, 1], 0.1);
  return graph.op('Add', [graph.op('Mul', [shaped, scale]), bias]);
}

function encoderLayer(
  graph: GraphBuilder,
  x: string,
  layer: number,
  { width, heads, hidden }: MoonshineSize,
  turn: Rotation,
): string {
  const name = `encoder.layers.${layer}`;
  const head = width / heads;
  const normal = layerNorm(graph, x, `${name}.input_layernorm`, width, { bias: false });
  const project = (part: string) => {
    const to = linear(graph, normal, `${name}.self_attn.${part}`, width, width, { bias: false });
    return splitHeads(graph, to, heads, head);
  };
  const query = rotate(graph, project('q_proj'), head, turn);
  const key = rotate(graph, project('k_proj'), head, turn);
  const { mixed } = attention(graph, [query, key, project('v_proj')], head);
  const merged = mergeHeads(graph, mixed, width);
  const out = linear(graph, merged, `${name}.self_attn.o_proj`, width, width, {
    bias: false,
    deviation: 0.5 / Math.sqrt(width),
  });
  const middle = graph.op('Add', [x, out]);
  const second = layerNorm(graph, middle, `${name}.post_attention_layernorm`, width, {
    bias: false,
  });
  const wide = linear(graph, second, `${name}.mlp.fc1`, width, hidden);
  const narrow = linear(graph, gelu(graph, wide), `${name}.mlp.fc2`, hidden, width, {
    shape: all(centredColumns(width)),
  });
  return graph.op('Add', [middle, narrow]);
}

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
