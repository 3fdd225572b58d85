// Our engine and transformers.js: one Chromium, the same files, audio, precision and threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../command/errors';
import { root } from '../../command/root';
import type { BenchContext } from '../benchmark';
import { type Figure, missing } from '../figures';
import { canMeasureMemory, MEMORY_REASON } from '../process-memory';
import { writeSpeech } from './audio';
import { openPeersPage } from './browser';
import { measureMemory } from './memory';
import { modelsFolder, type PeerModel, prepareModel } from './models';
import type { Dtype, GpuFacts, Place } from './protocol';
import { memoryFigures, missingSpeed, printMemory, printSpeed, speedFigures } from './report';
import { serveFolders } from './server';
import { buildPeersSite } from './site';
import { type Amount, compareSpeed } from './speed';

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
    writeSpeech(join(folder, 'audio'));
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
