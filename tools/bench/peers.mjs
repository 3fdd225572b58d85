// Our engine and transformers.js: one Chromium, the same files, audio, precision and threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../app/app.mjs';
import { missing } from './jobs.mjs';
import { writeSpeech } from './peers/audio.mjs';
import { openPeersPage } from './peers/browser.mjs';
import { measureMemory } from './peers/memory.mjs';
import { modelsFolder, prepareModel } from './peers/models.mjs';
import {
  memoryFigures,
  missingSpeed,
  printMemory,
  printSpeed,
  speedFigures,
} from './peers/report.mjs';
import { serveFolders } from './peers/server.mjs';
import { buildSite } from './peers/site.mjs';
import { compareSpeed } from './peers/speed.mjs';
import { canMeasureMemory, MEMORY_REASON } from './process-memory.mjs';

const TARGET_WHISPER_WASM = 2;
const TARGET = 1;

/** As many windows as a batch of a job holds. They are few: the whole is to take a quarter of an hour on two cores. */
const SPEED = [
  { id: 'whisper-tiny', dtype: 'q8', rounds: 1, windows: 4 },
  { id: 'whisper-tiny', dtype: 'fp32', rounds: 1, windows: 4 },
  { id: 'whisper-base', dtype: 'q8', rounds: 1, windows: 4 },
  // it runs segments together that have the same length, and those of real speech have not
  { id: 'moonshine-tiny', dtype: 'q8', rounds: 3, windows: 1 },
];

const BACKENDS = [
  { backend: 'wasm', threads: 1, name: 'wasm 1 thread' },
  { backend: 'wasm', threads: 2, name: 'wasm 2 threads' },
  { backend: 'webgpu', threads: 1, name: 'webgpu' },
];

const [, WASM, WEBGPU] = BACKENDS;

/** Windows after which memory is read. */
const READ_AFTER = [1, 2, 5, 20];
const MEMORY = [
  { id: 'whisper-tiny', dtype: 'q8', on: WASM },
  { id: 'moonshine-tiny', dtype: 'q8', on: WASM },
];
const GPU_MEMORY = { id: 'whisper-tiny', dtype: 'fp32', on: WEBGPU };

/** Without a GPU a window takes half a minute even for the smallest model. */
const SOFTWARE_GPU_MEMORY = {
  ...{ id: 'whisper-random', dtype: 'fp32', on: WEBGPU },
  readAfter: [1, 2, 5],
  maxTokens: 16,
};

const NO_GPU = 'There is no GPU here, only a processor that stands in for one.';

/**
 * Both engines side by side; rows are printed as they come.
 * @param {{rows?: string}} context `rows`: only rows whose name has this text
 */
export async function peers({ rows = '' } = {}) {
  const isWanted = (row) => row.includes(rows);
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-peers-site-'));
  try {
    writeSpeech(join(folder, 'audio'));
    await buildSite(join(folder, 'site'));
    const server = await serveFolders({
      site: join(folder, 'site'),
      audio: join(folder, 'audio'),
      models: modelsFolder(),
      ort: join(root, 'node_modules/onnxruntime-web/dist'),
      kernels: join(root, 'public', 'kernels'),
      'ort-transformers': join(
        root,
        'node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist',
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

async function findGpu(url) {
  const page = await openPeersPage(url);
  try {
    const gpu = await page.describeGpu();
    console.log(`WebGPU: ${gpu ? `${gpu.name}${gpu.isSoftware ? ' (software)' : ''}` : 'none'}`);
    return gpu;
  } finally {
    await page.close();
  }
}

async function allSpeeds(url, gpu, isWanted) {
  const figures = [];
  for (const { id, dtype, ...amount } of SPEED)
    for (const { name, ...place } of BACKENDS) {
      const label = `${id} ${dtype}, ${name}`;
      if (!isWanted(`${label}: speed`)) continue;
      if (place.backend === 'webgpu' && (!gpu || gpu.isSoftware)) {
        figures.push(...missingSpeed(label, NO_GPU));
        continue;
      }
      const page = await openPeersPage(url);
      try {
        const setting = { ...(await prepareModel(id, dtype)), ...place };
        const result = await compareSpeed(page, setting, amount);
        printSpeed(label, result);
        const target = id.startsWith('whisper') && place.backend === 'wasm';
        figures.push(...speedFigures(label, result, target ? TARGET_WHISPER_WASM : TARGET));
      } catch (error) {
        console.error(`${label}: ${error.message}`, page.problems);
        figures.push(...missingSpeed(label, error.message));
      } finally {
        await page.close();
      }
    }
  return figures;
}

async function allMemory(url, gpu, isWanted) {
  const rows = gpu ? [...MEMORY, gpu.isSoftware ? SOFTWARE_GPU_MEMORY : GPU_MEMORY] : MEMORY;
  const noGpu = 'There is no WebGPU here.';
  const figures =
    gpu || !isWanted('webgpu: memory')
      ? []
      : [missing('peers', 'webgpu: memory', 'MB', 'lower', null, noGpu)];
  for (const { id, dtype, on, readAfter = READ_AFTER, ...limits } of rows) {
    const { name, ...place } = on;
    const label = `${id} ${dtype}, ${name}`;
    if (!isWanted(`${label}: memory`)) continue;
    try {
      if (!canMeasureMemory()) throw new Error(MEMORY_REASON);
      const setting = { ...(await prepareModel(id, dtype)), ...place, ...limits };
      const ours = await measureMemory(url, 'ours', setting, readAfter);
      const theirs = await measureMemory(url, 'transformers', setting, readAfter);
      printMemory(label, ours, theirs);
      figures.push(...memoryFigures(label, ours, theirs, place.backend));
    } catch (error) {
      console.error(`${label}: ${error.message}`);
      figures.push(missing('peers', `${label}: memory`, 'MB', 'lower', null, error.message));
    }
  }
  return figures;
}
