// What each rule that keeps Whisper from inventing is worth: the app's own modules in Node, with one rule
// after the other switched off.
//   node scripts/accuracy/ablation.mjs --model FOLDER --manifest A.jsonl,B.jsonl --every 5 --limit 40
// FOLDER is laid out as a repository. Sounds in which nobody speaks are made here, and where flite is
// installed three voices that repeat themselves. What a window gives at a temperature is kept, so that a rule
// costs only the windows in which it decides.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { runnerImport } from 'vite';
import { buildKernels } from '../build-kernels.mjs';
import { ensureInstalled, main, PlainError, root } from '../lib/app.mjs';
import { readManifest } from '../lib/manifest.mjs';
import { readCommand } from '../lib/options.mjs';
import { scoreOutcomes } from '../lib/score.mjs';
import { tableLines } from '../lib/table.mjs';
import { rememberingParts } from './ablation-memory.mjs';
import { RULES, withoutRule } from './ablation-rules.mjs';
import { readRecording } from './recordings.mjs';
import { SOUNDS } from './sounds.mjs';

const RATE_HZ = 16_000;
const SOUND_SECONDS = 60;
/** Of sound without VAD: as long as the longest segments are with it. */
const PIECE_SAMPLES = 20 * RATE_HZ;
const RUNTIME_URL = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href;
const VAD = join(root, 'node_modules', '@ricky0123', 'vad-web', 'dist', 'silero_vad_v6.onnx');

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
};

async function importWithout(rule) {
  const plugin = withoutRule(rule);
  const { module } = await runnerImport(join(root, 'scripts/accuracy/ablation-app.ts'), {
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { alias: { '@': root } },
    plugins: [plugin],
  });
  const missing = plugin.missing();
  if (missing.length > 0) throw new PlainError(`The rule is not there any more: ${missing}`);
  return module;
}

const filesOf = (folder, ending) => {
  const names = {
    encoder: `onnx/encoder_model${ending}.onnx`,
    decoder: `onnx/decoder_model_merged${ending}.onnx`,
    tokenizer: 'tokenizer.json',
    config: 'config.json',
    generation: 'generation_config.json',
  };
  return {
    has: (role) => role in names,
    nameOf: (role) => basename(names[role]),
    read: async (role) => Uint8Array.from(readFileSync(join(folder, names[role]))),
  };
};

/** Draft, which times the words of English in the app. */
async function openTimes({ openAligner, optionalAligner, nodeRuntime }) {
  const models = join(root, 'public', 'models');
  const { models: entries } = JSON.parse(readFileSync(join(models, 'catalogue.json'), 'utf8'));
  const entry = entries.find(({ family }) => family === 'ctc');
  const { files } = entry.backends.wasm;
  const read = (role) => Uint8Array.from(readFileSync(join(models, files[role].path)));
  const given = Object.fromEntries(
    ['network', 'vocabulary', 'languageModel'].map((role) => [role, read(role)]),
  );
  return optionalAligner('en', () => openAligner(nodeRuntime, given, entry));
}

function spoken(voice, text) {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-flite-'));
  try {
    const path = join(folder, 'spoken.wav');
    execFileSync('flite', ['-voice', voice, '-t', text, '-o', path]);
    return readRecording(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasFlite() {
  try {
    execFileSync('flite', ['-lv'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // it is not installed, and then these are not measured
  }
}

/** Speech, and a minute of a quiet room behind it. */
function withRoom(pcm) {
  const room = SOUNDS.room(SOUND_SECONDS);
  const whole = new Float32Array(pcm.length + room.length);
  whole.set(pcm);
  whole.set(room, pcm.length);
  return whole;
}

function sets({ manifest, every = 1, limit }) {
  const made = manifest.split(',').map((path) => {
    const name = basename(path, '.jsonl');
    const utterances = readManifest(path)
      .filter((_, at) => at % every === 0)
      .slice(0, limit);
    return {
      name,
      items: utterances.map((one) => ({ text: one.text, pcm: readRecording(one.path) })),
    };
  });
  const behind = made[0].items.slice(0, 5).map(({ text, pcm }) => ({ text, pcm: withRoom(pcm) }));
  made.push({ name: 'a minute of room behind', items: behind });
  if (hasFlite()) {
    const say = (name, text) =>
      made.push({ name, items: VOICES.map((voice) => ({ text, pcm: spoken(voice, text) })) });
    say('"No" 16 times', REPEATED);
    say('dollars and cents', MONEY);
  }
  const sounds = Object.values(SOUNDS).map((make) => ({ text: '', pcm: make(SOUND_SECONDS) }));
  return { speech: made, sounds };
}

function pieces(pcm) {
  const made = [];
  for (let at = 0; at < pcm.length; at += PIECE_SAMPLES)
    made.push(pcm.slice(at, at + PIECE_SAMPLES));
  return made;
}

const countWords = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

await main(async () => {
  const { values } = readCommand(COMMAND);
  if (!values.model || !values.manifest) throw new PlainError('--model and --manifest are needed.');
  ensureInstalled();
  await buildKernels();
  ort.env.logLevel = 'error';
  const usual = await importWithout({ name: 'none' });
  const parts = await usual.loadFiles(
    usual.nodeRuntime,
    filesOf(values.model, values.ending ?? '_quantized'),
  );
  const memory = rememberingParts({ ...parts, aligner: await openTimes(usual) });
  const network = await usual.loadNetwork(ort, {
    runtimeUrl: RUNTIME_URL,
    modelUrl: `data:application/octet-stream;base64,${readFileSync(VAD).toString('base64')}`,
  });
  const { signal } = new AbortController();
  const heard = new Map();
  const segmentsOf = async (pcm) => {
    const known = heard.get(pcm);
    if (known) return known;
    const session = new usual.VadSession(network, usual.segmenterOptions(), null);
    const breathe = async () => undefined;
    const found = [...(await session.push(0, pcm, breathe)), ...(await session.finish(breathe))];
    const segments = found.map((one) => one.pcm);
    heard.set(pcm, segments);
    return segments;
  };
  const { speech, sounds } = sets(values);
  const rows = [];
  const rules = RULES.filter(({ name }) => !values.rule || name === values.rule);
  for (const rule of rules) {
    const app = rule.changes ? await importWithout(rule) : usual;
    const model = new app.WhisperModel({
      ...memory.parts(rule.search ? rule.name : ''),
      runs: [],
      onsetHeads: null,
      rules: app.usualRules(parts.config),
      onlyLanguage: null,
    });
    const hear = async (segments) => {
      const texts = [];
      for (const segment of segments) {
        const options = { hotWords: [], language: 'en', task: 'transcribe' };
        const { hypotheses } = await model.recognise([segment], options, signal);
        texts.push(...hypotheses.flatMap(({ words }) => words.map(({ text }) => text)));
      }
      return texts.join(' ');
    };
    const row = { rule: rule.name, sets: {}, invented: {} };
    for (const { name, items } of speech) {
      const outcomes = [];
      for (const { text, pcm } of items) {
        const segments = rule.everywhere ? pieces(pcm) : await segmentsOf(pcm);
        outcomes.push({ audio: name, reference: text, hypothesis: await hear(segments) });
      }
      const { wer, words, items: scored } = await scoreOutcomes(outcomes);
      row.sets[name] = { wer, words, texts: scored.map(({ hypothesis }) => hypothesis) };
    }
    for (const everywhere of [false, true]) {
      const texts = [];
      for (const { pcm } of sounds)
        texts.push(await hear(everywhere ? pieces(pcm) : await segmentsOf(pcm)));
      row.invented[everywhere ? 'without VAD' : 'as in the app'] = {
        words: texts.reduce((sum, text) => sum + countWords(text), 0),
        texts,
      };
    }
    rows.push(row);
    console.log(JSON.stringify(shown(row)));
    if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  }
  const head = ['without', ...speech.map(({ name }) => name), 'invented', 'and without VAD'];
  for (const line of tableLines(head, rows.map(shown))) console.log(line);
});

function shown({ rule, sets: measured, invented }) {
  return [
    rule,
    ...Object.values(measured).map(({ wer }) => `${(100 * wer).toFixed(2)} %`),
    ...Object.values(invented).map(({ words }) => String(words)),
  ];
}
