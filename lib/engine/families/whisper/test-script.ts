import * as ort from 'onnxruntime-web/wasm';
import type {
  CachedDecoder,
  DecoderBatch,
  GenerateOptions,
} from '@/lib/engine/families/seq2seq/decoder';
import type { SpeechOptions } from '@/lib/engine/families/speech-model';
import type { WritingTokenizer } from '@/lib/engine/words/tokenizer';
import type { WhisperConfig } from './config';
import { type WhisperDependencies, WhisperModel } from './model';
import { usualRules } from './rules';
import { groupWindows, WHISPER_SECONDS } from './windows';

export const END = 100;
export const TIME = 120;
const WORDS = ['one', 'two', 'three', 'four', 'five', 'six'];
const NO_SPEECH = 118;

export const SCRIPT_CONFIG: WhisperConfig = {
  melBands: 80,
  encoderHeads: 2,
  decoderLayers: 2,
  decoderHeads: 1,
  decoderHeadSize: 8,
  vocabularySize: TIME + 1501,
  maxLength: 448,
  startId: 101,
  endId: END,
  previousId: null,
  noTimesId: 119,
  firstTimeId: TIME,
  noSpeechId: NO_SPEECH,
  languages: new Map([
    ['en', 102],
    ['de', 103],
    ['jw', 104],
  ]),
  tasks: { transcribe: 106, translate: 105 },
  suppressed: [],
  suppressedFirst: [],
  maxInitialTime: 50,
  alignmentHeads: null,
  // what is behind a text that ends early is not read: scripts are short
  shortestWindow: 2,
};

/** Token 0 is " one", and so on. */
const tokenizer: WritingTokenizer = {
  decode: (ids) => ids.map((id) => (id < END ? ` ${WORDS[id] ?? `w${id}`}` : '')).join(''),
  encode: (text) =>
    text.split(/[ ,]/).flatMap((word) => (WORDS.includes(word) ? [WORDS.indexOf(word)] : [])),
  idOf: () => null,
  isSpecial: (id) => id >= END,
};

/** What is scripted in a window, by the value of its first sample. */
export interface ScriptedSpeech {
  tokens: number[];
  /** Of each token; -0.1 when it is not given. */
  logProb?: number;
  /** Probabilities of "en", "de", "jw". */
  languages?: [number, number, number];
  noSpeech?: number;
  /** What is written when another language is asked for, by the language's token. */
  as?: Record<number, { tokens: number[]; logProb: number }>;
}

/** Nothing is asked of the language, nor of words. */
export const SPEECH_OPTIONS: SpeechOptions = { hotWords: [], language: null, task: 'transcribe' };
/** Sound of one value: the script knows the window by it. */
export const sound = (value: number, seconds: number) =>
  new Float32Array(seconds * 16_000).fill(value);
/** The token of a time. */
export const t = (seconds: number) => TIME + Math.round(seconds * 50);
export const heard = (entries: [number, ScriptedSpeech][]) => new Map(entries);
export const textsOf = ({ hypotheses }: { hypotheses: { words: { text: string }[] }[] }) =>
  hypotheses.map(({ words }) => words.map(({ text }) => text).join(' '));

/** What was asked of the network, in order. */
export interface Asked {
  encoded: number[][];
  generated: GenerateOptions[];
  disposed: number;
  steps: string[];
}

/** A Whisper model whose network is a script: windows are known by their first sample. */
export function scriptedModel(
  script: ReadonlyMap<number, ScriptedSpeech>,
  options: Partial<WhisperDependencies> & { maxRows?: number } = {},
): { model: WhisperModel; asked: Asked } {
  const asked: Asked = { encoded: [], generated: [], disposed: 0, steps: [] };
  const config = options.config ?? SCRIPT_CONFIG;
  const encoder: WhisperDependencies['encoder'] = {
    windowSeconds: WHISPER_SECONDS,
    groups: (windows) =>
      groupWindows(
        windows.map(() => 3000),
        options.maxRows ?? 4,
      ),
    features(windows) {
      asked.steps.push('features');
      const values = Float32Array.from(windows, (pcm) => pcm[0] ?? 0);
      return { values, counts: windows.map(() => 3000), frames: 3000 };
    },
    async encode({ values, counts }) {
      asked.steps.push('encode');
      asked.encoded.push([...values]);
      return new ort.Tensor('float32', values, [counts.length, 1, 1]);
    },
    release: async () => void asked.steps.push('release encoder'),
  };
  const decoder: CachedDecoder = {
    vocabularySize: config.vocabularySize,
    takesLengths: false,
    begin: (encoded) => scriptedBatch([...(encoded.data as Float32Array)], script, asked),
    release: async () => void asked.steps.push('release decoder'),
  };
  const model = new WhisperModel({
    ...{ encoder, decoder, config, tokenizer },
    ...{ aligner: null, onsetHeads: null },
    rules: usualRules(config),
    onlyLanguage: null,
    ...options,
  });
  return { model, asked };
}

function scriptedBatch(
  ids: readonly number[],
  script: ReadonlyMap<number, ScriptedSpeech>,
  asked: Asked,
): DecoderBatch {
  const scripted = ids.map((id) => script.get(id) ?? { tokens: [] });
  return {
    rows: ids.length,
    async firstLogits() {
      asked.steps.push('listen');
      return scripted.map(({ languages = [0.98, 0.01, 0.01], noSpeech = 0 }) => {
        const logits = new Float32Array(SCRIPT_CONFIG.vocabularySize).fill(-1000);
        for (const [at, probability] of languages.entries())
          logits[102 + at] = Math.log(probability * (1 - noSpeech));
        logits[NO_SPEECH] = Math.log(noSpeech);
        return logits;
      });
    },
    async generate(options) {
      asked.steps.push('generate');
      asked.generated.push(options);
      return scripted.map((own, row) => {
        const { tokens, logProb = -0.1 } = own.as?.[options.prompts[row]?.[1] ?? -1] ?? own;
        return { tokens, logProbs: new Array(tokens.length + 1).fill(logProb), ended: true };
      });
    },
    crossAttention() {
      asked.steps.push('attend');
      return Promise.resolve(null);
    },
    dispose: () => {
      asked.disposed += 1;
    },
  };
}
