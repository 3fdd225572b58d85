import { bytesField, joinBytes, MODEL } from '../../lib/engine/onnx';
import { GraphBuilder } from './graph';
import { conv, linear } from './layers';
import type { ModelBytes } from './presets';

/** Sizes of the generated graphs: those of published ones where the interface depends on it, small elsewhere. */
const FILTERS = 8;
const HIDDEN = 8;
const EMBEDDED = 24;
const BANDS = 80;
const CHANNELS = 16;
const CLASSES = 7;
const SLOPE = { alpha: { float: 0.01 } };

const text = (value: string) => new TextEncoder().encode(value);
const json = (value: unknown) => text(JSON.stringify(value));

/** What a publisher writes into a model: `metadata_props`, with key and value as fields 1 and 2. */
export function withMetadata(
  model: Uint8Array,
  entries: Readonly<Record<string, string | number>>,
): Uint8Array<ArrayBuffer> {
  return joinBytes([
    model,
    ...Object.entries(entries).flatMap(([key, value]) =>
      bytesField(MODEL.metadata, [
        ...bytesField(1, [text(key)]),
        ...bytesField(2, [text(String(value))]),
      ]),
    ),
  ]);
}

/**
 * A small segmentation network with random weights and the interface of pyannote's 3.0: convolutions with a step
 * of 270 samples and a field of 991, an LSTM in both directions, log probabilities of the seven sets of
 * up to two of three speakers.
 */
export function pyannoteFiles(seed = 11): ModelBytes {
  const graph = new GraphBuilder({ seed });
  const samples = graph.input('input_values', ['batch', 1, 'samples']);
  let x = normalised(graph, samples, 'waveform', 1);
  const filtered = conv(graph, x, 'filters', 1, FILTERS, [251], { stride: [10], bias: false });
  x = pooled(graph, graph.op('Abs', [filtered]), 'pool.0');
  x = pooled(graph, conv(graph, x, 'conv.1', FILTERS, FILTERS, [5]), 'pool.1');
  x = pooled(graph, conv(graph, x, 'conv.2', FILTERS, FILTERS, [5]), 'pool.2');
  const frames = graph.op('Transpose', [x], { perm: [2, 0, 1] });
  const [states = ''] = graph.ops(
    'LSTM',
    [
      frames,
      graph.weight('lstm.w', [2, 4 * HIDDEN, FILTERS], 2 / Math.sqrt(FILTERS)),
      graph.weight('lstm.r', [2, 4 * HIDDEN, HIDDEN], 1 / Math.sqrt(HIDDEN)),
      graph.weight('lstm.b', [2, 8 * HIDDEN], 0.1),
    ],
    1,
    { hidden_size: HIDDEN, direction: 'bidirectional' },
  );
  const both = graph.op('Transpose', [states], { perm: [2, 0, 1, 3] });
  const joined = graph.op('Reshape', [both, graph.ints(0, 0, 2 * HIDDEN)]);
  const scores = linear(graph, joined, 'classifier', 2 * HIDDEN, CLASSES, { deviation: 2 });
  const logits = graph.op('LogSoftmax', [scores], { axis: -1 });
  graph.output('logits', ['batch', 'frames', CLASSES], logits);
  return new Map([
    ['onnx/model.onnx', graph.write('pyannote')],
    ['config.json', json({ model_type: 'pyannote' })],
  ]);
}

/** A small embedding network with random weights and the interface of WeSpeaker's ResNets. */
export function wespeakerFiles(seed = 12): ModelBytes {
  const graph = new GraphBuilder({ seed });
  const features = graph.input('feats', ['batch', 'frames', BANDS]);
  const x = graph.op('Transpose', [features], { perm: [0, 2, 1] });
  graph.output('embs', ['batch', EMBEDDED], embedded(graph, x));
  return new Map([['speaker-embedding.onnx', graph.write('wespeaker')]]);
}

/** A small embedding network with random weights and the interface of TitaNet, as sherpa-onnx publishes it. */
export function titanetFiles(seed = 13): ModelBytes {
  const graph = new GraphBuilder({ seed });
  const features = graph.input('audio_signal', ['batch', BANDS, 'frames']);
  const length = graph.input('length', ['batch'], 'int64');
  const last = graph.op('Sub', [length, graph.ints(1)]);
  const times = graph.op('Range', [
    graph.int(0),
    graph.op('Gather', [graph.op('Shape', [features]), graph.int(2)], { axis: 0 }),
    graph.int(1),
  ]);
  const isBehind = graph.op('Greater', [times, graph.op('Unsqueeze', [last, graph.ints(1)])]);
  const factor = graph.op('Sub', [graph.float(1), graph.op('Cast', [isBehind], { to: 1 })]);
  const x = graph.op('Mul', [features, graph.op('Unsqueeze', [factor, graph.ints(1)])]);
  const vector = embedded(graph, x);
  // the scores of the speakers in the training data come first
  graph.output('logits', ['batch', 5], linear(graph, vector, 'speakers', EMBEDDED, 5));
  graph.output('embs', ['batch', EMBEDDED], vector);
  const metadata = { framework: 'nemo', output_dim: EMBEDDED, sample_rate: 16_000 };
  return new Map([['titanet_small.onnx', withMetadata(graph.write('titanet'), metadata)]]);
}

/** Convolutions over time, and mean and deviation of what they give: [batch, bands, frames] to a vector. */
function embedded(graph: GraphBuilder, features: string): string {
  const padded = { pads: [2, 2] };
  const first = conv(graph, features, 'conv.0', BANDS, CHANNELS, [5], padded);
  const second = conv(graph, graph.op('Relu', [first]), 'conv.1', CHANNELS, CHANNELS, [5], padded);
  const frames = graph.op('Relu', [second]);
  const over = { axes: [2], keepdims: 1 };
  const mean = graph.op('ReduceMean', [frames], over);
  const apart = graph.op('Sub', [frames, mean]);
  const variance = graph.op('ReduceMean', [graph.op('Mul', [apart, apart])], over);
  const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.float(1e-5)])]);
  const both = graph.op('Squeeze', [
    graph.op('Concat', [mean, deviation], { axis: 1 }),
    graph.ints(2),
  ]);
  return linear(graph, both, 'embedding', 2 * CHANNELS, EMBEDDED);
}

function normalised(graph: GraphBuilder, x: string, name: string, width: number): string {
  const ones = graph.weight(`${name}.scale`, [width], 0, (data) => data.fill(1));
  const zeros = graph.weight(`${name}.shift`, [width], 0);
  return graph.op('InstanceNormalization', [x, ones, zeros]);
}

function pooled(graph: GraphBuilder, x: string, name: string): string {
  const most = graph.op('MaxPool', [x], { kernel_shape: [3], strides: [3] });
  return graph.op('LeakyRelu', [normalised(graph, most, name, FILTERS)], SLOPE);
}
