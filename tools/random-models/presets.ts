import { type MoonshineOptions, moonshineFiles } from './moonshine';
import { nemoCtcFiles, tdtFiles } from './nemo';
import { pyannoteFiles, titanetFiles, wespeakerFiles } from './speakers';
import { type WhisperOptions, whisperFiles } from './whisper';

/** The files of a repository, by path. */
export type ModelBytes = Map<string, Uint8Array<ArrayBuffer>>;

/** Small enough for a test: 1.5 MB with the tokenizer. The seed gives early first times. */
const WHISPER: WhisperOptions = {
  seed: 1,
  size: { width: 48, layers: 2, heads: 3, hidden: 96, mels: 80 },
  precision: 'fp32',
  multilingual: true,
  publishedVocabulary: false,
  crossAttentions: false,
  habits: { contrast: 4.5, looping: false, silent: false },
};

/** The true sizes of published models: for benchmarks. */
const WHISPER_TINY: WhisperOptions = {
  ...WHISPER,
  size: { width: 384, layers: 4, heads: 6, hidden: 1536, mels: 80 },
  publishedVocabulary: true,
};
const WHISPER_BASE: WhisperOptions = {
  ...WHISPER_TINY,
  size: { width: 512, layers: 6, heads: 8, hidden: 2048, mels: 80 },
};

/** The seed gives varied words. */
const MOONSHINE: MoonshineOptions = {
  seed: 3,
  size: { width: 48, layers: 2, heads: 4, hidden: 96 },
  precision: 'fp32',
  publishedVocabulary: false,
};
const MOONSHINE_TINY: MoonshineOptions = {
  ...MOONSHINE,
  size: { width: 288, layers: 6, heads: 8, hidden: 1152 },
  publishedVocabulary: true,
};

const MAKERS: Record<string, () => ModelBytes> = {
  'whisper-tiny-random': () => whisperFiles(WHISPER),
  'whisper-tiny-random-q8': () => whisperFiles({ ...WHISPER, precision: 'q8' }),
  'whisper-en-random': () => whisperFiles({ ...WHISPER, multilingual: false }),
  // as large-v3 and turbo: 128 mel bands, and one language more
  'whisper-v3-random': () => whisperFiles({ ...WHISPER, size: { ...WHISPER.size, mels: 128 } }),
  'whisper-timestamped-random': () => whisperFiles({ ...WHISPER, crossAttentions: true }),
  'whisper-short-random': () => whisperFiles({ ...WHISPER, shortestWindow: 2 }),
  // hears no speech anywhere, and is sure of no word
  'whisper-silent-random': () =>
    whisperFiles({ ...WHISPER, habits: { contrast: 1.5, looping: false, silent: true } }),
  'whisper-looping-random': () =>
    whisperFiles({ ...WHISPER, habits: { ...WHISPER.habits, looping: true } }),
  'whisper-tiny-shape': () => whisperFiles(WHISPER_TINY),
  'whisper-tiny-shape-q8': () => whisperFiles({ ...WHISPER_TINY, precision: 'q8' }),
  'whisper-base-shape': () => whisperFiles(WHISPER_BASE),
  'whisper-base-shape-q8': () => whisperFiles({ ...WHISPER_BASE, precision: 'q8' }),
  'moonshine-random': () => moonshineFiles(MOONSHINE),
  'moonshine-random-q8': () => moonshineFiles({ ...MOONSHINE, precision: 'q8' }),
  'moonshine-tiny-shape': () => moonshineFiles(MOONSHINE_TINY),
  'moonshine-tiny-shape-q8': () => moonshineFiles({ ...MOONSHINE_TINY, precision: 'q8' }),
  'nemo-ctc-random': () => nemoCtcFiles(),
  'tdt-random': () => tdtFiles(),
  'pyannote-random': () => pyannoteFiles(),
  // hears other sets of voices from one second to the next: the words have several speakers
  'pyannote-changing-random': () => pyannoteFiles(20),
  'wespeaker-random': () => wespeakerFiles(),
  'titanet-random': () => titanetFiles(),
};

/** The names that `generate` takes. */
export const PRESETS = Object.keys(MAKERS);

/**
 * The files of a model with fixed random weights and a published interface, by their paths in the
 * repository. The same bytes every time.
 * @throws RangeError no preset of this name
 */
export function generate(name: string): ModelBytes {
  const make = MAKERS[name];
  if (!make) throw new RangeError(`No model is called "${name}": there are ${PRESETS.join(', ')}.`);
  return make();
}
