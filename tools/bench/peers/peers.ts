// Our engine and transformers.js: one Chromium, the same files, audio, precision and threads.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { PublishedModel } from '../../../lib/catalogue/catalogue';
import { readWavPcm } from '../../../lib/engine/audio/wav-layout';
import { readCatalogue } from '../../catalogue/catalogue';
import { messageOf } from '../../command/errors';
import { root } from '../../command/root';
import { generate } from '../../random-models/presets';
import { type BenchContext, type Figure, missing } from '../figures';
import { canMeasureMemory, MEMORY_REASON } from '../process-memory';
import { openPeersPage } from './browser';
import type { Dtype, GpuFacts, ModelSetting, Place } from './protocol';
import { memoryFigures, missingSpeed, printMemory, printSpeed, speedFigures } from './report';
import { buildPeersSite, serveFolders } from './site';
import { type Amount, compareSpeed, measureMemory } from './speed';

// The models of the comparison: generated ones of the published sizes, or real ones of MODEL_DIR.

const GENERATED = join(root, '.bench', 'models');

/** A model of the comparison. */
type PeerModel = 'whisper-tiny' | 'whisper-base' | 'moonshine-tiny' | 'whisper-random';

interface Source {
  /** Of the generator. */
  preset: string;
  /** Where published weights lie below MODEL_DIR. */
  repository: string | null;
}

/** By the catalogue's id. */
const SOURCES: Readonly<Record<PeerModel, Source>> = {
  'whisper-tiny': { preset: 'whisper-tiny-shape', repository: 'onnx-community/whisper-tiny' },
  'whisper-base': { preset: 'whisper-base-shape', repository: 'onnx-community/whisper-base' },
  'moonshine-tiny': {
    preset: 'moonshine-tiny-shape',
    repository: 'onnx-community/moonshine-tiny-ONNX',
  },
  // so small that a processor can stand in for a GPU
  'whisper-random': { preset: 'whisper-tiny-random', repository: null },
};

/** What is read of `generation_config.json`. */
const generationSchema = z.object({
  is_multilingual: z.boolean().default(false),
  suppress_tokens: z.array(z.number()),
  no_timestamps_token_id: z.number(),
});

/** Generated weights never end a text. */
const GENERATED_TOKENS = 64;
/** What fits behind the longest prompt, or what moonshine allows for 30 s. */
const REAL_TOKENS = { whisper: 440, moonshine: 180 };

/** The folder that is served as `/models`. */
function modelsFolder(): string {
  return process.env.MODEL_DIR ?? GENERATED;
}

/** What the workers need to know of a model; generates it where there is none. */
function prepareModel(id: PeerModel, dtype: Dtype): ModelSetting {
  const { preset, repository } = SOURCES[id];
  const real = process.env.MODEL_DIR === undefined ? null : repository;
  const folder = real ?? generated(dtype === 'q8' ? `${preset}-q8` : preset);
  const family = id.startsWith('whisper') ? 'whisper' : 'moonshine';
  const generation = family === 'whisper' ? readGeneration(join(modelsFolder(), folder)) : null;
  return {
    model: {
      family,
      folder,
      entry: catalogueEntry(id),
      multilingual: generation?.is_multilingual ?? false,
    },
    dtype,
    maxTokens: real === null ? GENERATED_TOKENS : REAL_TOKENS[family],
    asPeer: real === null,
    suppressed: generation && suppressedTokens(generation),
  };
}

function readGeneration(folder: string) {
  const path = join(folder, 'generation_config.json');
  return generationSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** What transformers.js leaves out of text with times. */
function suppressedTokens({
  suppress_tokens: suppressed,
  no_timestamps_token_id: noTimes,
}: z.infer<typeof generationSchema>): number[] {
  return [...suppressed.filter((id) => id >= 0), noTimes];
}

function catalogueEntry(id: PeerModel): PublishedModel {
  const own = id === 'whisper-random' ? 'whisper-tiny' : id;
  const entry = readCatalogue().models.find((model) => model.id === own);
  if (!entry || entry.family === 'ctc') throw new Error(`The catalogue has no ${own}.`);
  return entry;
}

/** Makes a preset's folder unless it is there; a half-made one never gets its name. */
function generated(preset: string): string {
  const target = join(GENERATED, preset);
  if (existsSync(target)) return preset;
  console.log(`Making ${preset}…`);
  const partial = join(GENERATED, `partial-${preset}`);
  rmSync(partial, { recursive: true, force: true });
  for (const [path, bytes] of generate(preset)) {
    const file = join(partial, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  renameSync(partial, target);
  return preset;
}

const SPEECH = join(root, 'e2e', 'fixtures', 'audio', 'speech.wav');

/**
 * Writes `speech.f32`: the speech of SPEECH_WAV, else that of the tests, as 32-bit floats in [-1, 1].
 * Real weights want real speech, of which the project has none.
 */
async function writeSpeech(folder: string): Promise<void> {
  const file = new Blob([readFileSync(process.env.SPEECH_WAV ?? SPEECH)]);
  const samples = await readWavPcm(file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'speech.f32'), samples);
}

const TARGET_WHISPER_WASM = 2;
const TARGET = 1;

/** A model in one precision. */
interface Row {
  id: PeerModel;
  dtype: Dtype;
}

/** As many windows as a batch of a job holds. They are few: the whole is to take a quarter of an hour on two cores. */
const SPEED: readonly (Row & Amount)[] = [
  { id: 'whisper-tiny', dtype: 'q8', rounds: 1, windows: 4 },
  { id: 'whisper-tiny', dtype: 'fp32', rounds: 1, windows: 4 },
  { id: 'whisper-base', dtype: 'q8', rounds: 1, windows: 4 },
  // it runs segments together that have the same length, and those of real speech have not
  { id: 'moonshine-tiny', dtype: 'q8', rounds: 3, windows: 1 },
];

interface NamedPlace extends Place {
  name: string;
}

const WASM: NamedPlace = { backend: 'wasm', threads: 2, name: 'wasm 2 threads' };
const WEBGPU: NamedPlace = { backend: 'webgpu', threads: 1, name: 'webgpu' };
const PLACES: readonly NamedPlace[] = [
  { backend: 'wasm', threads: 1, name: 'wasm 1 thread' },
  WASM,
  WEBGPU,
];

interface MemoryRow extends Row {
  on: NamedPlace;
  /** Windows after which memory is read. */
  readAfter: readonly number[];
  maxTokens?: number;
}

const READ_AFTER = [1, 2, 5, 20];
const MEMORY: readonly MemoryRow[] = [
  { id: 'whisper-tiny', dtype: 'q8', on: WASM, readAfter: READ_AFTER },
  { id: 'moonshine-tiny', dtype: 'q8', on: WASM, readAfter: READ_AFTER },
];
const GPU_MEMORY: MemoryRow = {
  id: 'whisper-tiny',
  dtype: 'fp32',
  on: WEBGPU,
  readAfter: READ_AFTER,
};

/** Without a GPU a window takes half a minute even for the smallest model. */
const SOFTWARE_GPU_MEMORY: MemoryRow = {
  id: 'whisper-random',
  dtype: 'fp32',
  on: WEBGPU,
  readAfter: [1, 2, 5],
  maxTokens: 16,
};

const NO_GPU = 'There is no GPU here, only a processor that stands in for one.';

type IsWanted = (row: string) => boolean;

/** Both engines side by side; rows are printed as they come. */
export async function peers({ rows = '' }: BenchContext): Promise<Figure[]> {
  const isWanted = (row: string) => row.includes(rows);
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-peers-site-'));
  try {
    await writeSpeech(join(folder, 'audio'));
    await buildPeersSite(join(folder, 'site'));
    const packages = join(root, 'node_modules');
    const server = await serveFolders({
      site: join(folder, 'site'),
      audio: join(folder, 'audio'),
      models: modelsFolder(),
      ort: join(packages, 'onnxruntime-web/dist'),
      kernels: join(root, 'public', 'kernels'),
      'ort-transformers': join(
        packages,
        '@huggingface/transformers/node_modules/onnxruntime-web/dist',
      ),
    });
    try {
      const gpu = await findGpu(server.url);
      return [
        ...(await allSpeeds(server.url, gpu, isWanted)),
        ...(await allMemory(server.url, gpu, isWanted)),
      ];
    } finally {
      await server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findGpu(url: string): Promise<GpuFacts | null> {
  const page = await openPeersPage(url);
  try {
    const gpu = await page.describeGpu();
    console.log(`WebGPU: ${gpu ? `${gpu.name}${gpu.isSoftware ? ' (software)' : ''}` : 'none'}`);
    return gpu;
  } finally {
    await page.close();
  }
}

async function allSpeeds(url: string, gpu: GpuFacts | null, isWanted: IsWanted): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { id, dtype, ...amount } of SPEED)
    for (const { name, ...place } of PLACES) {
      const label = `${id} ${dtype}, ${name}`;
      if (!isWanted(`${label}: speed`)) continue;
      if (place.backend === 'webgpu' && (!gpu || gpu.isSoftware)) {
        figures.push(...missingSpeed(label, NO_GPU));
        continue;
      }
      const page = await openPeersPage(url);
      try {
        const setting = { ...prepareModel(id, dtype), ...place };
        const result = await compareSpeed(page, setting, amount);
        printSpeed(label, result);
        const target = id.startsWith('whisper') && place.backend === 'wasm';
        figures.push(...speedFigures(label, result, target ? TARGET_WHISPER_WASM : TARGET));
      } catch (error) {
        const reason = messageOf(error);
        console.error(`${label}: ${reason}`, page.problems);
        figures.push(...missingSpeed(label, reason));
      } finally {
        await page.close();
      }
    }
  return figures;
}

async function allMemory(url: string, gpu: GpuFacts | null, isWanted: IsWanted): Promise<Figure[]> {
  const rows = gpu ? [...MEMORY, gpu.isSoftware ? SOFTWARE_GPU_MEMORY : GPU_MEMORY] : MEMORY;
  const noGpu = 'There is no WebGPU here.';
  const figures =
    gpu || !isWanted('webgpu: memory')
      ? []
      : [missing('peers', 'webgpu: memory', 'MB', 'lower', null, noGpu)];
  for (const { id, dtype, on, readAfter, maxTokens } of rows) {
    const { name, ...place } = on;
    const label = `${id} ${dtype}, ${name}`;
    if (!isWanted(`${label}: memory`)) continue;
    try {
      if (!canMeasureMemory()) throw new Error(MEMORY_REASON);
      const prepared = prepareModel(id, dtype);
      const setting = { ...prepared, ...place, maxTokens: maxTokens ?? prepared.maxTokens };
      const ours = await measureMemory(url, 'ours', setting, readAfter);
      const theirs = await measureMemory(url, 'transformers', setting, readAfter);
      printMemory(label, ours, theirs);
      figures.push(...memoryFigures(label, ours, theirs, place.backend));
    } catch (error) {
      const reason = messageOf(error);
      console.error(`${label}: ${reason}`);
      figures.push(missing('peers', `${label}: memory`, 'MB', 'lower', null, reason));
    }
  }
  return figures;
}
