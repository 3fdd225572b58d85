// What each rule that keeps Whisper from inventing is worth: the app's own modules in Node, with one rule
// after the other switched off.
//   node tools/run.mjs tools/wer/ablation/ablation.ts --model FOLDER --manifest A.jsonl,B.jsonl --every 5 --limit 40
// FOLDER is laid out as a repository. Sounds in which nobody speaks are made here, and where flite is
// installed three voices that repeat themselves. What a window gives at a temperature is kept, so that a rule
// costs only the windows in which it decides.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';
import { runnerImport } from 'vite';
import type { TimingAligner } from '../../../lib/engine/alignment/optional-aligner';
import { SAMPLE_RATE_HZ as RATE_HZ } from '../../../lib/engine/audio/constants';
import type { ModelFiles } from '../../../lib/engine/families/speech-model';
import type { ErrorCounts } from '../../../lib/engine/runtime/word-error-rate';
import { buildKernels } from '../../app/build-kernels';
import { readRecording } from '../../audio/recordings';
import { SOUNDS } from '../../audio/sounds';
import { readCatalogue } from '../../catalogue/catalogue';
import { PlainError } from '../../command/errors';
import { main } from '../../command/main';
import { type Command, readCommand } from '../../command/options';
import { root } from '../../command/root';
import { tableLines } from '../../command/table';
import { readManifest } from '../manifest';
import { scoreOutcomes } from '../score';
import type * as app from './ablation-app';
import { cachedDependencies } from './ablation-memory';
import { RULES, type Rule, withoutRule } from './ablation-rules';

/** The app's modules, with or without a rule. */
type App = typeof app;

const SOUND_SECONDS = 60;
/** Of sound without VAD: as long as the longest segments are with it. */
const PIECE_SAMPLES = 20 * RATE_HZ;
const PACKAGES = join(root, 'node_modules');
const RUNTIME_URL = pathToFileURL(join(PACKAGES, 'onnxruntime-web', 'dist', '/')).href;
const VAD = join(PACKAGES, '@ricky0123', 'vad-web', 'dist', 'silero_vad_v6.onnx');

const VOICES = ['slt', 'rms', 'awb'];
const REPEATED = `No, no, no, no, no. I said no.${' No,'.repeat(9)} no.`;
const MONEY = 'The bill came to one thousand two hundred and fifty dollars and thirty cents.';

const COMMAND = {
  name: 'ablation',
  text: 'what each rule that keeps Whisper from inventing is worth',
  options: {
    model: { value: 'FOLDER', text: 'laid out as a repository; needed' },
    ending: { value: 'TEXT', text: 'of its graphs; _quantized, unless it is given' },
    manifest: { value: 'FILES', text: 'recordings and what was said, separated by commas; needed' },
    every: { value: 'N', least: 1, text: 'takes every Nth recording alone' },
    limit: { value: 'N', least: 1, text: 'so many recordings of each at most' },
    rule: { value: 'NAME', text: 'switches this one off alone' },
    json: { value: 'FILE', text: 'writes the report there as well' },
  },
} as const satisfies Command;

/** A recording, and what is said in it. */
interface Item {
  text: string;
  pcm: Float32Array;
}

/** Recordings that are measured together. */
interface ItemSet {
  name: string;
  items: Item[];
}

/** What a model does without a rule. */
interface Row {
  rule: string;
  sets: Record<string, { wer: number; words: ErrorCounts; texts: string[] }>;
  /** Where nobody speaks. */
  invented: Record<'as in the app' | 'without VAD', { words: number; texts: string[] }>;
}

async function importWithout(rule: Rule): Promise<App> {
  const plugin = withoutRule(rule);
  const { module } = await runnerImport<App>(join(root, 'tools/wer/ablation/ablation-app.ts'), {
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { alias: { '@': root } },
    plugins: [plugin],
  });
  const missing = plugin.missing();
  if (missing.length > 0)
    throw new PlainError(`The rule is not there any more: ${missing.join(', ')}`);
  return module;
}

function filesOf(folder: string, ending: string): ModelFiles {
  const names = new Map([
    ['encoder', `onnx/encoder_model${ending}.onnx`],
    ['decoder', `onnx/decoder_model_merged${ending}.onnx`],
    ['tokenizer', 'tokenizer.json'],
    ['config', 'config.json'],
    ['generation', 'generation_config.json'],
  ]);
  const nameOf = (role: string) => names.get(role) ?? '';
  return {
    has: (role) => names.has(role),
    nameOf: (role) => basename(nameOf(role)),
    read: async (role) => bytesAt(join(folder, nameOf(role))),
  };
}

const bytesAt = (path: string) => Uint8Array.from(readFileSync(path));

/** Draft, which times the words of English in the app. */
function openTimes({ openAligner, optionalAligner, nodeRuntime }: App): TimingAligner {
  const [entry] = readCatalogue().models;
  const { network, vocabulary, languageModel } = entry.backends.wasm.files;
  const read = ({ path }: { path: string }) => bytesAt(join(root, 'public', 'models', path));
  const given = {
    network: read(network),
    vocabulary: read(vocabulary),
    languageModel: read(languageModel),
  };
  return optionalAligner('en', () => openAligner(nodeRuntime, given, entry));
}

function spoken(voice: string, text: string): Float32Array {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-flite-'));
  try {
    const path = join(folder, 'spoken.wav');
    execFileSync('flite', ['-voice', voice, '-t', text, '-o', path]);
    return readRecording(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasFlite(): boolean {
  try {
    execFileSync('flite', ['-lv'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // it is not installed, and then these are not measured
  }
}

/** Speech, and a minute of a quiet room behind it. */
function withRoom(pcm: Float32Array): Float32Array {
  const room = SOUNDS.room(SOUND_SECONDS);
  const whole = new Float32Array(pcm.length + room.length);
  whole.set(pcm);
  whole.set(room, pcm.length);
  return whole;
}

function speechSets(manifests: readonly string[], every: number, limit?: number): ItemSet[] {
  const made = manifests.map((path): ItemSet => {
    const utterances = readManifest(path)
      .filter((_, at) => at % every === 0)
      .slice(0, limit);
    const items = utterances.map((one) => ({ text: one.text, pcm: readRecording(one.path) }));
    return { name: basename(path, '.jsonl'), items };
  });
  const behind = made[0]?.items.slice(0, 5) ?? [];
  made.push({
    name: 'a minute of room behind',
    items: behind.map(({ text, pcm }) => ({ text, pcm: withRoom(pcm) })),
  });
  if (hasFlite()) {
    const say = (name: string, text: string) =>
      made.push({ name, items: VOICES.map((voice) => ({ text, pcm: spoken(voice, text) })) });
    say('"No" 16 times', REPEATED);
    say('dollars and cents', MONEY);
  }
  return made;
}

function pieces(pcm: Float32Array): Float32Array[] {
  const made = [];
  for (let at = 0; at < pcm.length; at += PIECE_SAMPLES)
    made.push(pcm.slice(at, at + PIECE_SAMPLES));
  return made;
}

const countWords = (text: string) =>
  text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** The segments of a sound as the app finds them; each sound is listened to once. */
async function openSegmenter({ loadNetwork, VadSession, segmenterOptions }: App) {
  const network = await loadNetwork(ort, {
    runtimeUrl: RUNTIME_URL,
    modelUrl: `data:application/octet-stream;base64,${readFileSync(VAD).toString('base64')}`,
  });
  const heard = new Map<Float32Array, Float32Array[]>();
  return async (pcm: Float32Array): Promise<Float32Array[]> => {
    const known = heard.get(pcm);
    if (known) return known;
    const session = new VadSession(network, segmenterOptions(), null);
    const yieldToEventLoop = async () => undefined;
    const found = [
      ...(await session.push(0, pcm, yieldToEventLoop)),
      ...(await session.finish(yieldToEventLoop)),
    ];
    const segments = found.map((one) => one.pcm);
    heard.set(pcm, segments);
    return segments;
  };
}

await main(async () => {
  const { values } = readCommand(COMMAND);
  if (!values.model || !values.manifest) throw new PlainError('--model and --manifest are needed.');
  await buildKernels();
  ort.env.logLevel = 'error';
  const usual = await importWithout({ name: 'none' });
  const parts = await usual.loadFiles(
    usual.nodeRuntime,
    filesOf(values.model, values.ending ?? '_quantized'),
  );
  const partsFor = cachedDependencies(parts, openTimes(usual));
  const segmentsOf = await openSegmenter(usual);
  const speech = speechSets(values.manifest.split(','), values.every ?? 1, values.limit);
  const sounds = Object.values(SOUNDS).map((make) => make(SOUND_SECONDS));

  const measure = async (rule: Rule): Promise<Row> => {
    const { WhisperModel, usualRules } = rule.changes ? await importWithout(rule) : usual;
    const model = new WhisperModel({
      ...partsFor(rule.search ? rule.name : ''),
      runs: [],
      onsetHeads: null,
      rules: usualRules(parts.config),
      onlyLanguage: null,
    });
    const hear = async (pcm: Float32Array, everywhere: boolean): Promise<string> => {
      const texts: string[] = [];
      for (const segment of everywhere ? pieces(pcm) : await segmentsOf(pcm)) {
        const { hypotheses } = await model.recognise(
          [segment],
          { hotWords: [], language: 'en', task: 'transcribe' },
          new AbortController().signal,
        );
        texts.push(...hypotheses.flatMap(({ words }) => words.map(({ text }) => text)));
      }
      return texts.join(' ');
    };
    const sets: Row['sets'] = {};
    for (const { name, items } of speech) {
      const outcomes = [];
      for (const { text, pcm } of items) {
        const hypothesis = await hear(pcm, rule.everywhere ?? false);
        outcomes.push({ audio: name, reference: text, hypothesis });
      }
      const { wer, words, items: scored } = scoreOutcomes(outcomes);
      sets[name] = { wer, words, texts: scored.map(({ hypothesis }) => hypothesis) };
    }
    const invent = async (everywhere: boolean) => {
      const texts: string[] = [];
      for (const pcm of sounds) texts.push(await hear(pcm, everywhere));
      return { words: texts.reduce((sum, text) => sum + countWords(text), 0), texts };
    };
    const invented = {
      'as in the app': await invent(false),
      'without VAD': await invent(true),
    };
    return { rule: rule.name, sets, invented };
  };

  const rows: Row[] = [];
  for (const rule of RULES.filter(({ name }) => !values.rule || name === values.rule)) {
    const row = await measure(rule);
    rows.push(row);
    console.log(JSON.stringify(shown(row)));
    if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  }
  const head = ['without', ...speech.map(({ name }) => name), 'invented', 'and without VAD'];
  for (const line of tableLines(head, rows.map(shown))) console.log(line);
});

function shown({ rule, sets, invented }: Row): string[] {
  return [
    rule,
    ...Object.values(sets).map(({ wer }) => `${(100 * wer).toFixed(2)} %`),
    ...Object.values(invented).map(({ words }) => String(words)),
  ];
}
