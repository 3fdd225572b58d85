// The models of the comparison: generated ones of the published sizes, or real ones of MODEL_DIR.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../app/app.mjs';
import { importTypeScript } from '../../command/typescript.mjs';

const GENERATED = join(root, '.bench', 'models');

/** By the catalogue's id: the generator's preset, and where published weights lie below MODEL_DIR. */
const SOURCES = {
  'whisper-tiny': { preset: 'whisper-tiny-shape', repository: 'onnx-community/whisper-tiny' },
  'whisper-base': { preset: 'whisper-base-shape', repository: 'onnx-community/whisper-base' },
  'moonshine-tiny': {
    preset: 'moonshine-tiny-shape',
    repository: 'onnx-community/moonshine-tiny-ONNX',
  },
  // so small that a processor can stand in for a GPU
  'whisper-random': { preset: 'whisper-tiny-random', repository: null },
};

/** Generated weights never end a text. */
const GENERATED_TOKENS = 64;
/** What fits behind the longest prompt, or what moonshine allows for 30 s. */
const REAL_TOKENS = { whisper: 440, moonshine: 180 };

/** The folder that is served as `/models`. */
export function modelsFolder() {
  return process.env.MODEL_DIR ?? GENERATED;
}

/**
 * What the workers need to know of a model; generates it where there is none.
 * @param {string} id of the catalogue, or `whisper-random`
 * @param {'q8' | 'fp32'} dtype
 */
export async function prepareModel(id, dtype) {
  const { preset, repository } = SOURCES[id];
  const real = Boolean(process.env.MODEL_DIR && repository);
  const folder = real ? repository : await generated(dtype === 'q8' ? `${preset}-q8` : preset);
  const family = id.startsWith('whisper') ? 'whisper' : 'moonshine';
  const generation = readJson(join(modelsFolder(), folder, 'generation_config.json'));
  return {
    model: {
      family,
      folder,
      entry: catalogueEntry(id),
      multilingual: generation?.is_multilingual ?? false,
    },
    dtype,
    maxTokens: real ? REAL_TOKENS[family] : GENERATED_TOKENS,
    asPeer: !real,
    suppressed: family === 'whisper' ? suppressedTokens(generation) : null,
  };
}

/** What transformers.js leaves out of text with times. */
function suppressedTokens({ suppress_tokens: suppressed, no_timestamps_token_id: noTimes }) {
  return [...suppressed.filter((id) => id >= 0), noTimes];
}

function catalogueEntry(id) {
  const { models } = readJson(join(root, 'public', 'models', 'catalogue.json'));
  const own = id === 'whisper-random' ? 'whisper-tiny' : id;
  return models.find((model) => model.id === own);
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Makes a preset's folder unless it is there; a half-made one never gets its name. */
async function generated(preset) {
  const target = join(GENERATED, preset);
  if (existsSync(target)) return preset;
  console.log(`Making ${preset}…`);
  const partial = join(GENERATED, `partial-${preset}`);
  rmSync(partial, { recursive: true, force: true });
  const presets = await importTypeScript('tools/random-models/presets.ts');
  for (const [path, bytes] of presets.generate(preset)) {
    const file = join(partial, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  renameSync(partial, target);
  return preset;
}
