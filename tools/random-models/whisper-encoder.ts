import { GraphBuilder, type Precision } from './graph';
import { attention, conv, gelu, layerNorm, linear, mergeHeads, splitHeads } from './layers';
import { all, centredColumns, centredFilters, matrix, withoutColumns, withoutRows } from './shapes';
import { SOURCE_POSITIONS, timeDimensions, type WhisperSize } from './whisper-config';

/** What the first dimensions of the encoder's output mean; the others are random. */
export const ENCODED = { energy: 0, time: 1, random: 5 };

/** Frames of log-mel features that go in: two for each that comes out. */
const FRAMES = 2 * SOURCE_POSITIONS;

/**
 * `encoder_model.onnx`: input_features [batch, mels, 3000] to last_hidden_state [batch, 1500, width].
 * @param anyLength takes any even number of frames, as the models that come with the app do
 */
export function whisperEncoder(
  size: WhisperSize,
  {
    seed,
    precision,
    anyLength = false,
  }: { seed: number; precision: Precision; anyLength?: boolean },
): Uint8Array<ArrayBuffer> {
  const { width, mels, layers } = size;
  const graph = new GraphBuilder({ seed, precision });
  const features = graph.input('input_features', [
    'batch_size',
    mels,
    anyLength ? 'frames' : FRAMES,
  ]);
  const first = conv(graph, features, 'encoder.conv1', mels, width, [3], {
    pads: [1, 1],
    deviation: 5 / Math.sqrt(3 * mels),
    shape: all(centredFilters(3 * mels), (data) => data.fill(2 / (3 * mels), 0, 3 * mels)),
    biasShape: (data) => data.fill(0.7, 0, 1),
  });
  const second = conv(graph, gelu(graph, first), 'encoder.conv2', width, width, [3], {
    stride: [2],
    pads: [1, 1],
    deviation: 4 / Math.sqrt(3 * width),
    // the energy goes through; the dimensions of time come with the positions
    shape: all(centredFilters(3 * width), (data) => {
      data.fill(0, 0, ENCODED.random * 3 * width);
      data.fill(1, 0, 3);
    }),
    biasShape: (data) => data.fill(0, 0, ENCODED.random),
  });
  const turned = graph.op('Transpose', [gelu(graph, second)], { perm: [0, 2, 1] });
  const positions = graph.constant('encoder.embed_positions.weight', () => ({
    dims: [SOURCE_POSITIONS, width],
    data: sourcePositions(width),
  }));
  const count = () => graph.op('Shape', [turned], { start: 1, end: 2 });
  const zero = graph.ints(0);
  const used = anyLength ? graph.op('Slice', [positions, zero, count(), zero]) : positions;
  let x = graph.op('Add', [turned, used]);
  for (let layer = 0; layer < layers; layer++) x = encoderLayer(graph, x, layer, size);
  const output = layerNorm(graph, x, 'encoder.layer_norm', width);
  const dims = ['batch_size', anyLength ? 'frames / 2' : SOURCE_POSITIONS, width];
  graph.output('last_hidden_state', dims, output);
  return graph.write('whisper-encoder');
}

function encoderLayer(graph: GraphBuilder, x: string, layer: number, size: WhisperSize): string {
  const { width, heads, hidden } = size;
  const name = `encoder.layers.${layer}`;
  const head = width / heads;
  const read = (columns: number) => withoutRows(columns, ENCODED.random);
  const write = withoutColumns(width, 0, ENCODED.random);
  const silent = (data: Float32Array) => data.fill(0, 0, ENCODED.random);
  const normal = layerNorm(graph, x, `${name}.self_attn_layer_norm`, width);
  const project = (part: string, bias = true) => {
    const to = linear(graph, normal, `${name}.self_attn.${part}`, width, width, {
      bias,
      shape: read(width),
    });
    return splitHeads(graph, to, heads, head);
  };
  const parts: [string, string, string] = [
    project('q_proj'),
    project('k_proj', false),
    project('v_proj'),
  ];
  const mixed = mergeHeads(graph, attention(graph, parts, head).mixed, width);
  const out = linear(graph, mixed, `${name}.self_attn.out_proj`, width, width, {
    deviation: 0.5 / Math.sqrt(width),
    shape: write,
    biasShape: silent,
  });
  const middle = graph.op('Add', [x, out]);
  const second = layerNorm(graph, middle, `${name}.final_layer_norm`, width);
  const wide = linear(graph, second, `${name}.fc1`, width, hidden, { shape: read(hidden) });
  const narrow = linear(graph, gelu(graph, wide), `${name}.fc2`, hidden, width, {
    shape: all(centredColumns(width), write),
    biasShape: silent,
  });
  return graph.op('Add', [middle, narrow]);
}

/** Sines and cosines as published (Vaswani et al. 2017), weak; and the dimensions of time. */
function sourcePositions(width: number): Float32Array {
  const half = width / 2;
  const data = new Float32Array(SOURCE_POSITIONS * width);
  for (let position = 0; position < SOURCE_POSITIONS; position++)
    for (let column = 0; column < width; column++) {
      const angle = position * 10_000 ** (-(column % half) / (half - 1));
      data[position * width + column] = 0.15 * (column < half ? Math.sin(angle) : Math.cos(angle));
    }
  matrix(width, (set) => {
    for (let position = 0; position < SOURCE_POSITIONS; position++) {
      set(position, ENCODED.energy, 0);
      timeDimensions(position).forEach((value, index) => {
        set(position, ENCODED.time + index, 1.5 * value);
      });
    }
  })(data);
  return data;
}
