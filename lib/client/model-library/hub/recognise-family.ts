import { z } from 'zod';
import {
  FAMILY_ROLES,
  type PublishedFile,
  type PublishedModel,
  type PublishedVariant,
  type RecogniserModel,
  type SpeakerModel,
} from '@/lib/catalogue';
import { AppError } from '@/lib/core';

/** A file that a repository or a folder offers. */
export type OfferedFile = PublishedFile;

/** Numeric forms of weights, as file names state them. */
type Precision = 'fp32' | 'fp16' | 'q8' | 'q4';

/** A graph with its weights: in the file itself, or in a second one beside it. */
interface OfferedGraph {
  graph: OfferedFile;
  data: OfferedFile | null;
  precision: Precision;
}

/** What publishers put between a graph's name and its ending. */
const MARKS: Record<Precision, readonly string[]> = {
  fp32: [''],
  fp16: ['_fp16', '.fp16', '-fp16'],
  q8: ['_quantized', '.int8', '_int8', '-int8'],
  q4: ['_q4'],
};

/** Folders in which publishers put graphs. */
const FOLDERS = ['onnx/', ''];

/**
 * The largest graph with its weights that can be loaded, in bytes: browsers do not read more than
 * 2 GB into one buffer, and a tab needs some of its memory for the rest.
 */
const MAX_GRAPH_BYTES = 1_900_000_000;

/** The files of a repository or a folder, found by what publishers call them. */
class OfferedFiles {
  private readonly byPath: Map<string, OfferedFile>;

  constructor(files: readonly OfferedFile[]) {
    this.byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** The first of these paths that there is. */
  first(paths: readonly string[]): OfferedFile | null {
    for (const path of paths) {
      const file = this.byPath.get(path);
      if (file) return file;
    }
    return null;
  }

  /** Whether there is a graph of this name, in whatever precision. */
  hasGraph(name: string): boolean {
    return Object.values(MARKS).some((marks) => this.first(graphPaths(name, marks)) !== null);
  }

  /** A graph that can be loaded, or `null`. @param name without mark and ending */
  graph(name: string, precision: Precision): OfferedGraph | null {
    const graph = this.first(graphPaths(name, MARKS[precision]));
    return graph && this.withData(graph, precision);
  }

  /** The graph of a repository or folder with a single one, whatever its name; else `null`. */
  onlyGraph(): OfferedGraph | null {
    const [graph, ...others] = [...this.byPath.values()].filter(({ path }) =>
      path.endsWith('.onnx'),
    );
    return graph && others.length === 0 ? this.withData(graph, 'fp32') : null;
  }

  private withData(graph: OfferedFile, precision: Precision): OfferedGraph | null {
    const data = this.first([`${graph.path}_data`, `${graph.path}.data`]);
    // weights in several pieces have names of which we know only the first
    const isSplit = this.first([`${graph.path}_data_1`, `${graph.path}_data_00001`]) !== null;
    const bytes = (graph.bytes ?? 0) + (data?.bytes ?? 0);
    return isSplit || bytes > MAX_GRAPH_BYTES ? null : { graph, data, precision };
  }
}

function graphPaths(name: string, marks: readonly string[]): string[] {
  return FOLDERS.flatMap((folder) => marks.map((mark) => `${folder}${name}${mark}.onnx`));
}

type SpeakerFamily = SpeakerModel['family'];
type Family = RecogniserModel['family'];
type Variants = PublishedModel['backends'];

/** `model_type` in `config.json`, as transformers and onnx-asr write it. */
const MODEL_TYPES: Record<string, PublishedModel['family']> = {
  whisper: 'whisper',
  moonshine: 'moonshine',
  'nemo-conformer-ctc': 'nemo-ctc',
  parakeet_ctc: 'nemo-ctc',
  'nemo-conformer-tdt': 'tdt',
  parakeet_tdt: 'tdt',
  pyannote: 'speaker-segmentation',
  'wespeaker-resnet': 'speaker-embedding',
};

/** How repositories of speaker models are named; their files mostly come without a description. */
const SPEAKER_NAMES: readonly [pattern: RegExp, family: SpeakerFamily][] = [
  [/pyannote|segmentation/i, 'speaker-segmentation'],
  [
    /wespeaker|titanet|speakernet|campp|cam\+\+|eres2net|ecapa|redimnet|speaker/i,
    'speaker-embedding',
  ],
];

/** The graphs of each family by role, and the other files by role, in order of preference. */
const FILES: Record<
  Family,
  { graphs: Record<string, string>; others: Record<string, readonly string[]> }
> = {
  whisper: {
    graphs: { encoder: 'encoder_model', decoder: 'decoder_model_merged' },
    others: {
      tokenizer: ['tokenizer.json'],
      config: ['config.json'],
      generation: ['generation_config.json'],
    },
  },
  moonshine: {
    graphs: { encoder: 'encoder_model', decoder: 'decoder_model_merged' },
    others: { tokenizer: ['tokenizer.json'], config: ['config.json'] },
  },
  'nemo-ctc': {
    graphs: { network: 'model' },
    others: { tokens: ['vocab.txt', 'tokens.txt', 'tokenizer.json'] },
  },
  tdt: {
    graphs: { encoder: 'encoder-model', decoder: 'decoder_joint-model' },
    others: { tokens: ['vocab.txt', 'tokens.txt'] },
  },
  'phone-ctc': {
    graphs: { network: 'model' },
    others: { vocabulary: ['vocab.json'], languageModel: ['lm.bin'], search: ['search.json'] },
  },
};

/** A model's family, and the files that each backend loads. */
export interface RecognisedModel {
  family: PublishedModel['family'];
  backends: Variants;
}

/** What is known besides the files' names. */
export interface FamilyHints {
  /** `owner/name`, or the folder's name. */
  title?: string;
  /** What the only graph turned out to be, if it could be inspected. */
  speakers?: SpeakerFamily | undefined;
}

/**
 * Which of our families these files are, and which of them each backend is to load.
 * @param config the parsed `config.json`; `null` where there is none
 * @throws MODEL_UNSUPPORTED (`details.reason`: `family` or `missing-files`)
 */
export function recogniseFamily(
  offered: readonly OfferedFile[],
  config: unknown,
  hints: FamilyHints = {},
): RecognisedModel {
  const files = new OfferedFiles(offered);
  const family = hints.speakers ?? familyOf(files, config, hints.title ?? '');
  if (family === 'speaker-segmentation' || family === 'speaker-embedding')
    return speakerModel(files, family);
  const others = otherFiles(files, family);
  const backends = {
    wasm: variantOf(family, others, (name) => forWasm(files, name)),
    webgpu: variantOf(family, others, (name, role) =>
      // Four bits, as in the catalogue and in the demos of transformers.js: on WebGPU, decoders in 8 bits were
      // reported to write gibberish (huggingface/transformers.js#1317), those in fp16 fail on some GPUs (#894), and fp32 is a larger
      // download.
      role === 'decoder' && (family === 'whisper' || family === 'moonshine')
        ? (files.graph(name, 'q4') ?? forWebGpu(files, name))
        : forWebGpu(files, name),
    ),
  };
  if (!backends.wasm && !backends.webgpu)
    throw new AppError('MODEL_UNSUPPORTED', `No graphs of family "${family}" that can be loaded.`, {
      details: { reason: 'missing-files', family, missing: 'graphs' },
    });
  return { family, backends };
}

/**
 * Full precision on `wasm`: ONNX Runtime's WebGPU backend has no LSTM, and the thresholds were measured with
 * embeddings of unquantised models.
 */
function speakerModel(files: OfferedFiles, family: SpeakerFamily): RecognisedModel {
  const picked = files.graph('model', 'fp32') ?? files.onlyGraph();
  if (!picked)
    throw new AppError('MODEL_UNSUPPORTED', 'No graph that is known to be the model.', {
      details: { reason: 'missing-files', family, missing: 'graphs' },
    });
  const { graph, data } = picked;
  const variant: PublishedVariant = {
    precision: 'fp32',
    files: { network: graph, ...(data ? { networkData: data } : {}) },
    approximateBytes: Math.max(1, (graph.bytes ?? 0) + (data?.bytes ?? 0)),
    needs: [],
  };
  return { family, backends: { wasm: variant, webgpu: null } };
}

function familyOf(files: OfferedFiles, config: unknown, title: string): PublishedModel['family'] {
  const parsed = z.object({ model_type: z.string() }).safeParse(config);
  if (parsed.success) {
    const type = parsed.data.model_type;
    const family = Object.hasOwn(MODEL_TYPES, type) ? MODEL_TYPES[type] : undefined;
    if (family) return family;
    throw new AppError('MODEL_UNSUPPORTED', `Models of type "${type}" are not supported.`, {
      details: { reason: 'family', modelType: type },
    });
  }
  // NeMo exports mostly come without a description
  if (files.hasGraph('encoder-model') && files.hasGraph('decoder_joint-model')) return 'tdt';
  if (files.hasGraph('model') && files.first(['vocab.txt', 'tokens.txt'])) return 'nemo-ctc';
  if (files.hasGraph('model') && files.first(['lm.bin'])) return 'phone-ctc';
  const [, named] = SPEAKER_NAMES.find(([pattern]) => pattern.test(title)) ?? [];
  if (named && files.onlyGraph()) return named;
  throw new AppError('MODEL_UNSUPPORTED', 'The files are of no family that is supported.', {
    details: { reason: 'family', modelType: null },
  });
}

function otherFiles(files: OfferedFiles, family: Family): Record<string, OfferedFile> {
  const found: Record<string, OfferedFile> = {};
  const { needed } = FAMILY_ROLES[family];
  for (const [role, paths] of Object.entries(FILES[family].others)) {
    const file = files.first(paths);
    if (file) found[role] = file;
    else if (needed.includes(role))
      throw new AppError('MODEL_UNSUPPORTED', `The model has no ${paths.join(' or ')}.`, {
        details: { reason: 'missing-files', family, missing: paths.join(', ') },
      });
  }
  return found;
}

/** q8 is the fastest on a CPU, where q4 is still faster than fp16. */
function forWasm(files: OfferedFiles, name: string): OfferedGraph | null {
  for (const precision of ['q8', 'fp32', 'q4', 'fp16'] as const) {
    const graph = files.graph(name, precision);
    if (graph) return graph;
  }
  return null;
}

/**
 * Full precision if its weights are in the graph's own file, else half; 8-bit weights are slow or wrong on GPUs.
 */
function forWebGpu(files: OfferedFiles, name: string): OfferedGraph | null {
  const full = files.graph(name, 'fp32');
  return full && !full.data ? full : (files.graph(name, 'fp16') ?? full);
}

function variantOf(
  family: Family,
  others: Record<string, OfferedFile>,
  pick: (name: string, role: string) => OfferedGraph | null,
): PublishedVariant | null {
  const roles: Record<string, OfferedFile> = { ...others };
  const precisions: [role: string, precision: Precision][] = [];
  for (const [role, name] of Object.entries(FILES[family].graphs)) {
    const picked = pick(name, role);
    if (!picked) return null;
    roles[role] = picked.graph;
    if (picked.data) roles[`${role}Data`] = picked.data;
    precisions.push([role, picked.precision]);
  }
  const bytes = Object.values(roles).reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  const isOne = new Set(precisions.map(([, precision]) => precision)).size === 1;
  return {
    precision: isOne
      ? (precisions[0]?.[1] ?? 'fp32')
      : precisions.map(([role, precision]) => `${precision} ${role}`).join(', '),
    files: roles,
    approximateBytes: Math.max(1, bytes),
    needs: precisions.some(([, precision]) => precision === 'fp16') ? ['shader-f16'] : [],
  };
}
