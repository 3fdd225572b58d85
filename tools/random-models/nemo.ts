import { GraphBuilder, type Precision } from './graph';
import { conv, linear } from './layers';
import { nemoPieces, tokenizerJson, tokenLines } from './nemo-tokens';

interface NemoOptions {
  seed?: number;
  precision?: Precision;
  /** Mel bands of the features. */
  bands?: 80 | 128;
  /** Keeps the weights of the encoder in a file of their own. */
  external?: boolean;
}

interface CtcOptions extends NemoOptions {
  /** `transformers`: features [batch, time, bands] with a mask, and the files of its processor. */
  layout?: 'nemo' | 'transformers';
}

interface TdtOptions extends NemoOptions {
  /** Width of the prediction network's two layers; that of published models when not given. */
  hidden?: number;
}

type ModelBytes = Map<string, Uint8Array<ArrayBuffer>>;

/** Published prediction networks are this wide, and have this many layers. */
const HIDDEN = 640;
const LAYERS = 2;

/** Durations that a token may have, in encoder frames: 0 to 4. */
const DURATIONS = 5;

const WIDTH = 32;
const EMBEDDED = 16;
const JOINT_WIDTH = 48;

/** Scores of the blank by itself, so that most frames have no token, as in speech. */
const CTC_BLANK_BIAS = 17;
const TDT_BLANK_BIAS = 16;
/** Score of no duration by itself: with more of it tokens repeat without end. */
const NO_DURATION_BIAS = -7;

/**
 * A small CTC model with random weights and the interface of `sherpa-onnx-nemo-parakeet_tdt_ctc`,
 * or that of `onnx-community/parakeet-ctc`; both layouts have the same weights.
 */
export function nemoCtcFiles({
  seed = 2,
  precision = 'fp32',
  bands = 80,
  layout = 'nemo',
  external = false,
}: CtcOptions = {}): ModelBytes {
  const graph = new GraphBuilder({ seed, precision });
  const pieces = nemoPieces(layout === 'nemo' ? '<blk>' : '<pad>');
  const classes = pieces.length;
  const inputs = layout === 'nemo' ? nemoInputs(graph, bands) : maskedInputs(graph, bands);
  const { hidden } = encoder(graph, inputs, bands);
  const logits = linear(graph, hidden, 'head', WIDTH, classes, {
    deviation: 1.7,
    biasShape(bias) {
      bias[classes - 1] = CTC_BLANK_BIAS;
    },
  });
  const name = layout === 'nemo' ? 'logprobs' : 'logits';
  const scores = layout === 'nemo' ? graph.op('LogSoftmax', [logits], { axis: -1 }) : logits;
  graph.output(name, ['batch', 'frames', classes], scores);
  if (layout === 'nemo')
    return new Map([
      ...graphFiles(graph, precision === 'q8' ? 'model.int8.onnx' : 'model.onnx', external),
      ['tokens.txt', text(tokenLines(pieces))],
    ]);
  const suffix = precision === 'q8' ? '_quantized' : '';
  return new Map([
    ...graphFiles(graph, `onnx/model${suffix}.onnx`, external),
    ['tokenizer.json', json(tokenizerJson(pieces))],
    ['tokenizer_config.json', json({ tokenizer_class: 'PreTrainedTokenizerFast' })],
    ['config.json', json({ model_type: 'parakeet_ctc', pad_token_id: classes - 1 })],
    ['preprocessor_config.json', json(processorOf(bands))],
  ]);
}

/** A small token-and-duration transducer with random weights and the interface of Parakeet TDT. */
export function tdtFiles({
  seed = 4,
  precision = 'fp32',
  bands = 128,
  external = false,
  hidden = HIDDEN,
}: TdtOptions = {}): ModelBytes {
  const suffix = precision === 'q8' ? '.int8' : '';
  const pieces = nemoPieces('<blk>');
  const network = new GraphBuilder({ seed, precision });
  const { hidden: encoded, lengths } = encoder(network, nemoInputs(network, bands), bands);
  const turned = network.op('Transpose', [encoded], { perm: [0, 2, 1] });
  network.output('outputs', ['batch', WIDTH, 'frames'], turned);
  network.output('encoded_lengths', ['batch'], lengths, 'int64');
  return new Map([
    ...graphFiles(network, `encoder-model${suffix}.onnx`, external),
    [
      `decoder_joint-model${suffix}.onnx`,
      jointNetwork(seed, precision, pieces.length, hidden).write('decoder_joint'),
    ],
    ['vocab.txt', text(tokenLines(pieces))],
  ]);
}

interface EncoderInputs {
  /** [batch, bands, time] */
  features: string;
  /** [batch] */
  lengths: string;
}

function nemoInputs(graph: GraphBuilder, bands: number): EncoderInputs {
  const features = graph.input('audio_signal', ['batch', bands, 'time']);
  return { features, lengths: graph.input('length', ['batch'], 'int64') };
}

function maskedInputs(graph: GraphBuilder, bands: number): EncoderInputs {
  const rows = graph.input('input_features', ['batch', 'time', bands]);
  const mask = graph.input('attention_mask', ['batch', 'time'], 'int64');
  const lengths = graph.op('ReduceSum', [mask, graph.ints(1)], { keepdims: 0 });
  return { features: graph.op('Transpose', [rows], { perm: [0, 2, 1] }), lengths };
}

/**
 * Three convolutions of stride 2 and one that looks around, over valid frames only: what is behind
 * a row's length changes nothing.
 */
function encoder(graph: GraphBuilder, { features, lengths }: EncoderInputs, bands: number) {
  let x = masked(graph, features, lengths);
  let valid = lengths;
  for (let layer = 0; layer < 3; layer++) {
    const wide = conv(graph, x, `down.${layer}`, layer === 0 ? bands : WIDTH, WIDTH, [3], {
      stride: [2],
      pads: [1, 1],
      deviation: (layer === 0 ? 2.2 : 1.7) / Math.sqrt(3 * (layer === 0 ? bands : WIDTH)),
    });
    const more = graph.op('Add', [valid, graph.ints(1)]);
    valid = graph.op('Div', [more, graph.ints(2)]);
    x = masked(graph, graph.op('Tanh', [wide]), valid);
  }
  const around = conv(graph, x, 'around', WIDTH, WIDTH, [5], { pads: [2, 2] });
  const mixed = masked(graph, graph.op('Tanh', [graph.op('Add', [x, around])]), valid);
  return { hidden: graph.op('Transpose', [mixed], { perm: [0, 2, 1] }), lengths: valid };
}

/** Zeros in the frames of x [batch, width, time] that are not below the lengths [batch]. */
function masked(graph: GraphBuilder, x: string, lengths: string): string {
  const time = graph.op('Gather', [graph.op('Shape', [x]), graph.int(2)], { axis: 0 });
  const frames = graph.op('Range', [graph.int(0), time, graph.int(1)]);
  const isValid = graph.op('Less', [frames, graph.op('Unsqueeze', [lengths, graph.ints(1)])]);
  const factor = graph.op('Cast', [isValid], { to: 1 });
  return graph.op('Mul', [x, graph.op('Unsqueeze', [factor, graph.ints(1)])]);
}

/** Prediction and joint network in one graph, as NeMo exports them. */
function jointNetwork(seed: number, precision: Precision, classes: number, hidden: number) {
  const graph = new GraphBuilder({ seed: seed + 1, precision, weights: 'int8' });
  const frames = graph.input('encoder_outputs', ['batch', WIDTH, 'frames']);
  const targets = graph.input('targets', ['batch', 'tokens'], 'int32');
  const lengths = graph.input('target_length', ['batch'], 'int32');
  const states = [1, 2].map((n) => graph.input(`input_states_${n}`, [LAYERS, 'batch', hidden])) as [
    string,
    string,
  ];
  const table = graph.weight('embedding', [classes, EMBEDDED], 1);
  const rows = graph.op('Gather', [table, targets], { axis: 0 });
  let x = graph.op('Transpose', [rows], { perm: [1, 0, 2] });
  const last: string[][] = [[], []];
  for (let layer = 0; layer < LAYERS; layer++) {
    const width = layer === 0 ? EMBEDDED : hidden;
    const bounds = [graph.ints(layer), graph.ints(layer + 1), graph.ints(0)];
    const [y = '', h = '', c = ''] = graph.ops(
      'LSTM',
      [
        x,
        graph.weight(`lstm.${layer}.w`, [1, 4 * hidden, width], 1.5 / Math.sqrt(width)),
        graph.weight(`lstm.${layer}.r`, [1, 4 * hidden, hidden], 1.5 / Math.sqrt(hidden)),
        graph.weight(`lstm.${layer}.b`, [1, 8 * hidden], 0.1),
        '',
        ...states.map((state) => graph.op('Slice', [state, ...bounds])),
      ],
      3,
      { hidden_size: hidden },
    );
    last[0]?.push(h);
    last[1]?.push(c);
    x = graph.op('Squeeze', [y, graph.ints(1)]);
  }
  const predicted = graph.op('Transpose', [x], { perm: [1, 0, 2] });
  const heard = graph.op('Transpose', [frames], { perm: [0, 2, 1] });
  const joined = graph.op('Tanh', [
    graph.op('Add', [
      graph.op('Unsqueeze', [
        linear(graph, heard, 'joint.enc', WIDTH, JOINT_WIDTH, {
          deviation: 2.2 / Math.sqrt(WIDTH),
        }),
        graph.ints(2),
      ]),
      graph.op('Unsqueeze', [
        linear(graph, predicted, 'joint.pred', hidden, JOINT_WIDTH, {
          deviation: 3 / Math.sqrt(hidden),
        }),
        graph.ints(1),
      ]),
    ]),
  ]);
  const scores = linear(graph, joined, 'joint.out', JOINT_WIDTH, classes + DURATIONS, {
    deviation: 1.5,
    biasShape(bias) {
      bias[classes - 1] = TDT_BLANK_BIAS;
      bias[classes] = NO_DURATION_BIAS;
    },
  });
  graph.output('outputs', ['batch', 'frames', 'tokens', classes + DURATIONS], scores);
  graph.output('prednet_lengths', ['batch'], lengths, 'int32');
  for (const [at, parts] of last.entries())
    graph.output(
      `output_states_${at + 1}`,
      [LAYERS, 'batch', hidden],
      graph.op('Concat', parts, { axis: 0 }),
    );
  return graph;
}

function graphFiles(
  graph: GraphBuilder,
  path: string,
  external: boolean,
): [string, Uint8Array<ArrayBuffer>][] {
  if (!external) return [[path, graph.write('nemo')]];
  const dataPath = path.startsWith('onnx/') ? `${path}_data` : `${path}.data`;
  const written = graph.writeExternal('nemo', dataPath.slice(dataPath.lastIndexOf('/') + 1));
  return [
    [path, written.graph],
    [dataPath, written.data],
  ];
}

/** The settings of transformers' feature extractor for these models. */
function processorOf(bands: number) {
  return {
    feature_extractor_type: 'ParakeetFeatureExtractor',
    processor_class: 'ParakeetProcessor',
    feature_size: bands,
    hop_length: 160,
    n_fft: 512,
    win_length: 400,
    preemphasis: 0.97,
    sampling_rate: 16000,
    padding_side: 'right',
    padding_value: 0,
    return_attention_mask: true,
  };
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return text(JSON.stringify(value));
}
