import { AppError } from '@/lib/core';
import { type ModelInterface, type ModelValue, readInterface } from '@/lib/engine/onnx';

/** What a segmentation graph takes and gives. */
export interface SegmentationGraph {
  kind: 'segmentation';
  input: string;
  output: string;
  windowSamples: number;
  /** Samples from one frame of the output to the next, and samples that one frame sees. */
  frameSamples: number;
  fieldSamples: number;
  speakers: number;
  /** Speakers that speak at the same time, at most. */
  atOnce: number;
  classes: number;
}

/** What an embedding graph takes and gives. */
export interface EmbeddingGraph {
  kind: 'embedding';
  input: string;
  output: string;
  /**
   * `kaldi`: Kaldi's filter banks [1, frames, 80] without their mean; `nemo`: NeMo's log-mel
   * [1, 80, frames] with their number; `waveform`: samples.
   */
  takes:
    | { features: 'kaldi'; window: 'povey' | 'hamming'; scale: number }
    | { features: 'nemo'; lengthInput: string }
    | { features: 'waveform'; rank: 2 | 3 };
}

/** pyannote's segmentation 3.0, where a file does not say otherwise: windows of 10 s. */
const PYANNOTE = {
  window_size: 160_000,
  receptive_field_shift: 270,
  receptive_field_size: 991,
  num_speakers: 3,
  powerset_max_classes: 2,
};

/**
 * What a graph is good for, by its inputs, its outputs and what its publisher wrote into it.
 * @returns `null`: neither segmentation nor embedding of speakers
 */
export function describeSpeakerModel(graph: Uint8Array): SegmentationGraph | EmbeddingGraph | null {
  let model: ModelInterface;
  try {
    model = readInterface(graph);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return segmentationOf(model) ?? embeddingOf(model);
}

/** @throws MODEL_UNSUPPORTED */
export function requireSegmentation(graph: Uint8Array): SegmentationGraph {
  const found = describeSpeakerModel(graph);
  if (found?.kind === 'segmentation') return found;
  throw new AppError('MODEL_UNSUPPORTED', 'The graph does not segment speakers.');
}

/** @throws MODEL_UNSUPPORTED */
export function requireEmbedding(graph: Uint8Array): EmbeddingGraph {
  const found = describeSpeakerModel(graph);
  if (found?.kind === 'embedding') return found;
  throw new AppError('MODEL_UNSUPPORTED', 'The graph does not embed voices.');
}

function segmentationOf({ inputs, outputs, metadata }: ModelInterface): SegmentationGraph | null {
  const [input] = inputs;
  const [output] = outputs;
  if (!input || !output || inputs.length > 1 || !isFloat(input, 3) || !isFloat(output, 3))
    return null;
  const [, channels, samples] = input.dims;
  if (channels !== 1 && channels !== null) return null;
  const parameter = (key: keyof typeof PYANNOTE) => positive(metadata.get(key)) ?? PYANNOTE[key];
  const speakers = parameter('num_speakers');
  const atOnce = parameter('powerset_max_classes');
  const classes = output.dims[2] ?? positive(metadata.get('num_classes'));
  if (!classes || classes !== setsOf(speakers, atOnce) || speakers > 8) return null;
  return {
    kind: 'segmentation',
    input: input.name,
    output: output.name,
    windowSamples: samples ?? parameter('window_size'),
    frameSamples: parameter('receptive_field_shift'),
    fieldSamples: parameter('receptive_field_size'),
    speakers,
    atOnce,
    classes,
  };
}

function embeddingOf({ inputs, outputs, metadata }: ModelInterface): EmbeddingGraph | null {
  const input = inputs.find(({ type }) => type === 'float32');
  const vectors = outputs.filter(({ type, dims }) => type === 'float32' && dims.length === 2);
  // NeMo's graphs also give the scores of the speakers in their training data
  const output = vectors.find(({ name }) => /^emb/.test(name)) ?? vectors[0];
  if (!input || !output) return null;
  const about = { kind: 'embedding', input: input.name, output: output.name } as const;
  const lengths = inputs.find(({ type, dims }) => type === 'int64' && dims.length === 1);
  if (lengths && inputs.length === 2 && isFloat(input, 3))
    return { ...about, takes: { features: 'nemo', lengthInput: lengths.name } };
  if (inputs.length !== 1) return null;
  if (isFloat(input, 2)) return { ...about, takes: { features: 'waveform', rank: 2 } };
  if (!isFloat(input, 3)) return null;
  if (input.dims[1] === 1) return { ...about, takes: { features: 'waveform', rank: 3 } };
  // 3D-Speaker trains with torchaudio's defaults, WeSpeaker with integers and a Hamming window
  const is3dSpeaker = metadata.get('framework') === '3d-speaker';
  const isScaled = is3dSpeaker || metadata.get('normalize_samples') === '1';
  return {
    ...about,
    takes: {
      features: 'kaldi',
      window: is3dSpeaker ? 'povey' : 'hamming',
      scale: isScaled ? 1 : 32_768,
    },
  };
}

const isFloat = ({ type, dims }: ModelValue, rank: number) =>
  type === 'float32' && dims.length === rank;

function positive(text: string | undefined): number | null {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** How many sets of up to `atOnce` of the speakers there are. */
function setsOf(speakers: number, atOnce: number): number {
  let sets = 1;
  let ofSize = 1;
  for (let size = 1; size <= atOnce; size++) {
    ofSize = (ofSize * (speakers - size + 1)) / size;
    sets += ofSize;
  }
  return sets;
}
