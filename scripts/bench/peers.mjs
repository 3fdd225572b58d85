// Our engine and transformers.js: one Chromium, the same files, audio, precision and threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/app.mjs';
import { figure, missing } from './jobs.mjs';
import { writeSpeech } from './peers/audio.mjs';
import { openPeersPage } from './peers/browser.mjs';
import { measureMemory, READ_AFTER } from './peers/memory.mjs';
import { modelsFolder, prepareModel } from './peers/models.mjs';
import { serveFolders } from './peers/server.mjs';
import { buildSite } from './peers/site.mjs';
import { compareSpeed } from './peers/speed.mjs';
import { MEMORY_REASON } from './process-memory.mjs';

const PEER = 'transformers.js 4.3.1';
const TARGET_WHISPER_WASM = 2;
const TARGET = 1;
const TARGET_GROWTH = 1.05;

/** Windows of 30 s are few: the whole is to take a quarter of an hour on two cores. */
const SPEED = [
  { id: 'whisper-tiny', dtype: 'q8', rounds: 2, windows: 2 },
  { id: 'whisper-tiny', dtype: 'fp32', rounds: 1, windows: 2 },
  { id: 'whisper-base', dtype: 'q8', rounds: 1, windows: 2 },
  { id: 'moonshine-tiny', dtype: 'q8', rounds: 2, windows: 2 },
];

const BACKENDS = [
  { backend: 'wasm', threads: 1, name: 'wasm 1 thread' },
  { backend: 'wasm', threads: 2, name: 'wasm 2 threads' },
  { backend: 'webgpu', threads: 1, name: 'webgpu' },
];

const MEMORY = [
  { id: 'whisper-tiny', dtype: 'q8', on: BACKENDS[1] },
  { id: 'moonshine-tiny', dtype: 'q8', on: BACKENDS[1] },
];

const NO_GPU = 'There is no GPU here, only a processor that stands in for one.';

/** Both engines side by side; rows are printed as they come. */
export async function peers() {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-peers-site-'));
  try {
    writeSpeech(join(folder, 'audio'));
    await buildSite(join(folder, 'site'));
    const server = await serveFolders({
      site: join(folder, 'site'),
      audio: join(folder, 'audio'),
      models: modelsFolder(),
      ort: join(root, 'node_modules/onnxruntime-web/dist'),
      'ort-transformers': join(
        root,
        'node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist',
      ),
    });
    try {
      const gpu = await findGpu(server.url);
      return [...(await allSpeeds(server.url, gpu)), ...(await allMemory(server.url, gpu))];
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

async function allSpeeds(url, gpu) {
  const figures = [];
  for (const { id, dtype, ...amount } of SPEED)
    for (const { name, ...place } of BACKENDS) {
      const label = `${id} ${dtype}, ${name}`;
      if (place.backend === 'webgpu' && (!gpu || gpu.isSoftware)) {
        figures.push(...missingSpeed(label, NO_GPU));
        continue;
      }
      const page = await openPeersPage(url);
      try {
        const setting = { ...(await prepareModel(id, dtype)), ...place };
        const result = await compareSpeed(page, setting, amount);
        print(label, result);
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

function print(label, { loaded, ours, transformers, equalWindows, texts }) {
  const times = ({ loadMs, ...side }) =>
    `${side.rtf.toFixed(3)} of real time; a window: features ${side.featuresMs.toFixed(0)} ms, ` +
    `encoder ${side.encoderMs.toFixed(0)} ms, decoder ${side.decoderMs.toFixed(0)} ms ` +
    `(${side.decoderRunsMs.toFixed(0)} ms in the network), ${side.tokens / side.windows} tokens`;
  console.log(`${label}, ${ours.windows} windows of 30 s`);
  console.log(`  ours             ${times(ours)}; ${runtimeOf(loaded.ours)}`);
  console.log(`  transformers.js  ${times(transformers)}; ${runtimeOf(loaded.transformers)}`);
  console.log(`  end to end ${(transformers.rtf / ours.rtf).toFixed(2)} times as fast`);
  if (equalWindows < 1)
    console.log(
      `  WARNING: the same tokens in ${(100 * equalWindows).toFixed(0)} % of the windows`,
    );
  if (process.env.MODEL_DIR)
    for (const [our, their] of texts) console.log(`  ours:  ${our}\n  their: ${their}`);
}

function runtimeOf({ version, runtime, ms }) {
  return `${version}, ${runtime}, loaded in ${(ms / 1000).toFixed(1)} s`;
}

const MEASURES = [
  { key: 'rtf', metric: 'real-time factor, end to end', unit: 's/s', better: 'lower' },
  { key: 'tokensPerSecond', metric: 'decoder', unit: 'tokens/s', better: 'higher' },
  { key: 'encoderMs', metric: 'encoder', unit: 'ms/window', better: 'lower' },
];

function speedFigures(label, { ours, transformers, equalWindows }, endToEndTarget) {
  const figures = MEASURES.flatMap(({ key, metric, unit, better }) => {
    const value = ours[key];
    const theirs = transformers[key];
    const ratio = better === 'lower' ? theirs / value : value / theirs;
    return [
      withPeer(figure('peers', `${label}: ${metric}`, value, unit, better), theirs),
      figure(
        'peers',
        `${label}: ${metric}, times as good as ${PEER}`,
        ratio,
        'x',
        'higher',
        key === 'rtf' ? endToEndTarget : TARGET,
      ),
    ];
  });
  const same = `${label}: windows with the same tokens`;
  return [...figures, figure('peers', same, 100 * equalWindows, '%', 'higher')];
}

function missingSpeed(label, reason) {
  return MEASURES.map(({ metric, unit, better }) =>
    missing('peers', `${label}: ${metric}`, unit, better, null, reason),
  );
}

async function allMemory(url, gpu) {
  const [webgpu] = BACKENDS.slice(2);
  const isReal = gpu && !gpu.isSoftware;
  const rows = gpu
    ? [...MEMORY, { id: isReal ? 'whisper-tiny' : 'whisper-random', dtype: 'fp32', on: webgpu }]
    : MEMORY;
  const figures = gpu
    ? []
    : [missing('peers', 'webgpu: memory', 'MB', 'lower', null, 'There is no WebGPU here.')];
  for (const { id, dtype, on } of rows) {
    const { name, ...place } = on;
    const label = `${id} ${dtype}, ${name}`;
    try {
      if (process.platform !== 'linux') throw new Error(MEMORY_REASON);
      const setting = { ...(await prepareModel(id, dtype)), ...place };
      const ours = await measureMemory(url, 'ours', setting);
      const theirs = await measureMemory(url, 'transformers', setting);
      printMemory(label, ours, theirs);
      figures.push(...memoryFigures(label, ours, theirs));
    } catch (error) {
      console.error(`${label}: ${error.message}`);
      figures.push(missing('peers', `${label}: memory`, 'MB', 'lower', null, error.message));
    }
  }
  return figures;
}

function printMemory(label, ours, theirs) {
  console.log(`${label}: MB above an empty page, held (peak; wasm, GPU buffers)`);
  const mb = (bytes) => (bytes / 1e6).toFixed(0);
  const side = (readings) =>
    readings
      .map(
        ({ after, heldMb, peakMb, bytes }) =>
          `after ${after}: ${heldMb.toFixed(0)} (${peakMb.toFixed(0)}; ${mb(bytes.wasm)}, ${mb(bytes.gpu)})`,
      )
      .join(', ');
  console.log(`  ours             ${side(ours)}`);
  console.log(`  transformers.js  ${side(theirs)}`);
}

function memoryFigures(label, ours, theirs) {
  const held = (readings, windows) => readings.find(({ after }) => after === windows)?.heldMb ?? 0;
  const last = READ_AFTER.at(-1) ?? 0;
  const growth = (readings) => held(readings, last) / held(readings, 2);
  const row = (metric, value, theirValue, unit, target = null) =>
    withPeer(figure('peers', `${label}: ${metric}`, value, unit, 'lower', target), theirValue);
  return [
    ...READ_AFTER.map((windows) =>
      row(`memory after ${windows}`, held(ours, windows), held(theirs, windows), 'MB'),
    ),
    row('memory, peak', ours.at(-1)?.peakMb ?? 0, theirs.at(-1)?.peakMb ?? 0, 'MB'),
    row(`memory, ${last} windows to 2`, growth(ours), growth(theirs), 'ratio', TARGET_GROWTH),
  ];
}

function withPeer(ours, value) {
  return { ...ours, peer: { name: PEER, value } };
}
