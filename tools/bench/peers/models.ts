// The models of the comparison: generated ones of the published sizes, or real ones of MODEL_DIR.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { PublishedModel } from '../../../lib/catalogue/catalogue';
import { readCatalogue } from '../../catalogue/catalogue';
import { root } from '../../command/root';
import { generate } from '../../random-models/presets';
import type { Dtype, ModelSetting } from './protocol';

const GENERATED = join(root, '.bench', 'models');

/** A model of the comparison. */
export type PeerModel = 'whisper-tiny' | 'whisper-base' | 'moonshine-tiny' | 'whisper-random';

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
export function modelsFolder(): string {
  return process.env.MODEL_DIR ?? GENERATED;
}

/** What the workers need to know of a model; generates it where there is none. */
export function prepareModel(id: PeerModel, dtype: Dtype): ModelSetting {
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
