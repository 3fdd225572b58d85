// The published models of the catalogue. The schema is in lib/catalogue/catalogue.ts, the roles of the files in
// lib/catalogue/families.ts.
//
// Precisions are those that give the right text on each backend:
// - wasm: 8 bits (`_quantized`, int8). Moonshine's encoder stays fp32: its 8-bit export is poor.
// - webgpu: never 8 bits, which come out as gibberish there. Encoder fp32, decoder q4; Whisper
//   turbo in fp16, which needs `shader-f16`: without it the weights load and give empty text.
// - Parakeet 0.6B has no WebGPU variant: int8 is wrong there, the fp32 encoder is 2.4 GB, and the
//   repositories have no fp16.
// Whisper's `_timestamped` exports carry the cross attentions that word times are taken from.
import type { PublishedModel, PublishedVariant } from '../../lib/catalogue/catalogue';

/** Paths in a repository, by the role of the file. */
type Paths = Readonly<Record<string, string>>;

const MB = 1_000_000;

/** Those of the tokenizer, in its order, as BCP 47 (Whisper writes `jw` for Javanese). */
const WHISPER_LANGUAGES =
  `en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur
  hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si
  km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha
  ba jv su`.split(/\s+/);

const PARAKEET_V3_LANGUAGES =
  'bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro ru sk sl es sv uk'.split(' ');

const LEADERBOARD = 'Open ASR Leaderboard, May 2026';

/** Word error rates in percent: LibriSpeech test-clean, test-other, mean of the eight test sets. */
const rates = (clean: number, other: number, mean: number): PublishedModel['scores'] => [
  { percent: clean, on: 'LibriSpeech test-clean', source: LEADERBOARD },
  { percent: other, on: 'LibriSpeech test-other', source: LEADERBOARD },
  { percent: mean, on: 'mean of 8 English test sets', source: LEADERBOARD },
];

/** Files by role. Lengths and hashes come from the hub. */
const files = (paths: Paths): PublishedVariant['files'] =>
  Object.fromEntries(
    Object.entries(paths).map(([role, path]) => [role, { path, bytes: null, sha256: null }]),
  );

const variant = (
  precision: string,
  paths: Paths,
  megabytes: number,
  needs: PublishedVariant['needs'] = [],
): PublishedVariant => ({
  precision,
  files: files(paths),
  approximateBytes: Math.round(megabytes * MB),
  needs,
});

const WHISPER_TEXTS = {
  tokenizer: 'tokenizer.json',
  config: 'config.json',
  generation: 'generation_config.json',
};

const whisperFiles = (encoder: string, decoder: string): Paths => ({
  encoder: `onnx/encoder_model${encoder}.onnx`,
  decoder: `onnx/decoder_model_merged${decoder}.onnx`,
  ...WHISPER_TEXTS,
});

const whisperOnGpu = (megabytes: number) =>
  variant('fp32 encoder, q4 decoder', whisperFiles('', '_q4'), megabytes);

/** What all entries say. */
interface Facts {
  name: string;
  description: string;
  scores?: PublishedModel['scores'];
}

/** @param facts sizes of downloads in megabytes */
function whisper({
  size,
  name,
  description,
  wasm,
  webgpu,
  scores = [],
  more = {},
}: Facts & {
  size: string;
  wasm: number;
  webgpu: PublishedVariant;
  /** In place of what is usual. */
  more?: Partial<PublishedModel>;
}): PublishedModel {
  const isEnglish = size.endsWith('.en');
  return {
    id: `whisper-${size}`,
    family: 'whisper',
    name: `Whisper ${name}`,
    description,
    languages: isEnglish ? ['en'] : WHISPER_LANGUAGES,
    licence: 'Apache-2.0',
    credits: ['Whisper by OpenAI', 'ONNX export by onnx-community'],
    repository: `onnx-community/whisper-${size}_timestamped`,
    revision: 'main',
    scores,
    backends: {
      wasm: variant('q8', whisperFiles('_quantized', '_quantized'), wasm),
      webgpu,
    },
    ...more,
  };
}

function moonshine({
  size,
  name,
  description,
  wasm,
  webgpu,
  scores = [],
}: Facts & { size: string; wasm: number; webgpu: number }): PublishedModel {
  const paths = (decoder: string): Paths => ({
    encoder: 'onnx/encoder_model.onnx',
    decoder: `onnx/decoder_model_merged${decoder}.onnx`,
    tokenizer: 'tokenizer.json',
    config: 'config.json',
  });
  return {
    id: `moonshine-${size}`,
    family: 'moonshine',
    name: `Moonshine ${name}`,
    description,
    languages: ['en'],
    licence: 'MIT',
    credits: ['Moonshine by Useful Sensors', 'ONNX export by onnx-community'],
    repository: `onnx-community/moonshine-${size}-ONNX`,
    revision: 'main',
    scores,
    backends: {
      wasm: variant('fp32 encoder, q8 decoder', paths('_quantized'), wasm),
      webgpu: variant('fp32 encoder, q4 decoder', paths('_q4'), webgpu),
    },
  };
}

/** A repository holds one precision of this model, so it is listed once for each. */
function parakeet110({
  id,
  name,
  description,
  repository,
  backends,
}: Facts & Pick<PublishedModel, 'id' | 'repository' | 'backends'>): PublishedModel {
  return {
    id,
    family: 'nemo-ctc',
    name,
    description,
    languages: ['en'],
    licence: 'CC-BY-4.0',
    credits: ['Parakeet TDT-CTC 110M by NVIDIA', 'ONNX export by csukuangfj (sherpa-onnx)'],
    repository,
    revision: 'main',
    scores: rates(2.4, 5.22, 7.49),
    backends,
  };
}

function parakeet600({
  version,
  description,
  languages,
  megabytes,
  scores = [],
}: Omit<Facts, 'name'> & {
  version: string;
  languages: string[];
  megabytes: number;
}): PublishedModel {
  return {
    id: `parakeet-tdt-0.6b-${version}`,
    family: 'tdt',
    name: `Parakeet 0.6B ${version}`,
    description,
    languages,
    licence: 'CC-BY-4.0',
    credits: [`Parakeet TDT 0.6B ${version} by NVIDIA`, 'ONNX export by istupakov'],
    repository: `istupakov/parakeet-tdt-0.6b-${version}-onnx`,
    revision: 'main',
    scores,
    backends: {
      wasm: variant(
        'int8',
        {
          encoder: 'encoder-model.int8.onnx',
          decoder: 'decoder_joint-model.int8.onnx',
          tokens: 'vocab.txt',
        },
        megabytes,
      ),
      webgpu: null,
    },
  };
}

/** A model that tells speakers apart: on the processor, in full precision. */
function speakers({
  megabytes,
  path,
  ...facts
}: Pick<
  PublishedModel,
  'id' | 'family' | 'name' | 'description' | 'licence' | 'credits' | 'repository'
> & { megabytes: number; path: string }): PublishedModel {
  return {
    ...facts,
    languages: ['mul'],
    revision: 'main',
    scores: [],
    backends: { wasm: variant('fp32', { network: path }, megabytes), webgpu: null },
  };
}

/** Every model that is offered for download, small to large within a family. */
export const publishedModels: readonly PublishedModel[] = [
  whisper({
    size: 'tiny.en',
    name: 'Tiny, English',
    description: 'The smallest Whisper. Quick on any device; expect errors in names and in noise.',
    wasm: 43,
    webgpu: whisperOnGpu(120),
    scores: rates(5.66, 15.45, 12.81),
  }),
  whisper({
    size: 'tiny',
    name: 'Tiny',
    description:
      'The smallest Whisper that knows other languages and can translate into English. Good enough for a rough text in the larger languages only.',
    wasm: 43,
    webgpu: whisperOnGpu(120),
  }),
  whisper({
    size: 'base.en',
    name: 'Base, English',
    description: 'A step up from Tiny at twice its size. Writes punctuation and capitals.',
    wasm: 80,
    webgpu: whisperOnGpu(206),
    scores: rates(4.25, 10.35, 10.32),
  }),
  whisper({
    size: 'base',
    name: 'Base',
    description: 'Many languages at a moderate size. Translates into English.',
    wasm: 80,
    webgpu: whisperOnGpu(206),
  }),
  whisper({
    size: 'small.en',
    name: 'Small, English',
    description: 'Good English text. Slow without a graphics processor.',
    wasm: 253,
    webgpu: whisperOnGpu(586),
    scores: rates(3.05, 7.25, 8.59),
  }),
  whisper({
    size: 'small',
    name: 'Small',
    description:
      'Good text in the larger languages. Translates into English. Slow without a graphics processor.',
    wasm: 253,
    webgpu: whisperOnGpu(586),
  }),
  whisper({
    size: 'large-v3-turbo',
    name: 'Large v3 Turbo',
    description:
      'The most accurate Whisper that fits into a browser, in many languages. It needs a good graphics processor or much patience, and several gigabytes of memory. It does not translate.',
    wasm: 1088,
    webgpu: variant('fp16', whisperFiles('_fp16', '_fp16'), 1620, ['shader-f16']),
    scores: rates(2.1, 4.24, 7.83),
    more: {
      // its vocabulary has Cantonese, which the smaller ones lack
      languages: [...WHISPER_LANGUAGES, 'yue'],
      licence: 'MIT',
    },
  }),
  moonshine({
    size: 'tiny',
    name: 'Tiny',
    description: 'Small and quick, above all on short recordings. English only.',
    wasm: 55,
    webgpu: 79,
    scores: rates(4.55, 11.68, 12.65),
  }),
  moonshine({
    size: 'base',
    name: 'Base',
    description:
      'Between Whisper Base and Whisper Small, with less work for short recordings. English only.',
    wasm: 127,
    webgpu: 158,
    scores: rates(3.38, 8.15, 9.99),
  }),
  parakeet110({
    id: 'parakeet-ctc-110m',
    name: 'Parakeet 110M',
    description:
      'Much accuracy for its size: one pass over the audio, so it is quick without a graphics processor too. The export has the CTC half of the model; the published rates are those of the whole.',
    repository: 'csukuangfj/sherpa-onnx-nemo-parakeet_tdt_ctc_110m-en-36000-int8',
    backends: {
      wasm: variant('int8', { network: 'model.int8.onnx', tokens: 'tokens.txt' }, 132),
      webgpu: null,
    },
  }),
  parakeet110({
    id: 'parakeet-ctc-110m-fp32',
    name: 'Parakeet 110M, for graphics processors',
    description:
      'The same model in full precision, as a graphics processor needs it. The export has the CTC half of the model; the published rates are those of the whole.',
    repository: 'csukuangfj/sherpa-onnx-nemo-parakeet_tdt_ctc_110m-en-36000',
    backends: {
      wasm: null,
      webgpu: variant('fp32', { network: 'model.onnx', tokens: 'tokens.txt' }, 458),
    },
  }),
  parakeet600({
    version: 'v2',
    description:
      'The lowest error rate here for English, with punctuation, capitals and exact word times. Large, and it runs on the main processor only.',
    languages: ['en'],
    megabytes: 661,
    scores: rates(1.69, 3.19, 6.05),
  }),
  parakeet600({
    version: 'v3',
    description:
      'Twenty-five European languages, which it tells apart by itself. Punctuation, capitals and exact word times. Large, and it runs on the main processor only.',
    languages: PARAKEET_V3_LANGUAGES,
    megabytes: 670,
    scores: rates(1.92, 3.59, 6.32),
  }),
  speakers({
    id: 'pyannote-segmentation-3.0',
    family: 'speaker-segmentation',
    name: 'pyannote segmentation 3.0',
    description:
      'Finds who speaks when within ten seconds, also where two speak at once. It needs a model that compares voices beside it, to follow speakers through a whole recording.',
    licence: 'MIT',
    credits: ['segmentation-3.0 by pyannote', 'ONNX export by onnx-community'],
    repository: 'onnx-community/pyannote-segmentation-3.0',
    path: 'onnx/model.onnx',
    megabytes: 5.99,
  }),
  speakers({
    id: 'wespeaker-resnet34-lm',
    family: 'speaker-embedding',
    name: 'WeSpeaker ResNet34-LM',
    description:
      'Compares voices, so that a speaker keeps one label throughout. The one that pyannote itself uses.',
    licence: 'CC-BY-4.0',
    credits: ['ResNet34-LM by WeSpeaker, trained on VoxCeleb', 'ONNX file by hbredin'],
    repository: 'hbredin/wespeaker-voxceleb-resnet34-LM',
    path: 'speaker-embedding.onnx',
    megabytes: 26.5,
  }),
  speakers({
    id: 'campplus-en',
    family: 'speaker-embedding',
    name: 'CAM++',
    description: 'Compares voices, so that a speaker keeps one label throughout.',
    licence: 'Apache-2.0',
    credits: [
      'CAM++ by 3D-Speaker, trained on VoxCeleb',
      'ONNX export by csukuangfj (sherpa-onnx)',
    ],
    repository: 'csukuangfj/speaker-embedding-models',
    path: '3dspeaker_speech_campplus_sv_en_voxceleb_16k.onnx',
    megabytes: 29.6,
  }),
  speakers({
    id: 'titanet-small',
    family: 'speaker-embedding',
    name: 'TitaNet Small',
    description:
      'Compares voices, so that a speaker keeps one label throughout. Others found it the most accurate of the three in real meetings.',
    licence: 'CC-BY-4.0',
    credits: ['TitaNet Small by NVIDIA', 'ONNX export by csukuangfj (sherpa-onnx)'],
    repository: 'csukuangfj/speaker-embedding-models',
    path: 'nemo_en_titanet_small.onnx',
    megabytes: 40,
  }),
];
