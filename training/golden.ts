// Makes the numbers that the tests of lib/engine/families/ctc hold the app's search against:
//   node tools/run.mjs training/golden.ts
// Sentences are spoken by flite, run through the fp32 network, and searched by the reference
// (decoder.py). Needs flite, ffmpeg and Python. Several are misheard on purpose: a search is tested
// by doubt. Some are searched again with a user's vocabulary.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HotWordReader } from '../lib/engine/search/hot-words';
import { LanguageModel } from '../lib/engine/search/language-model';
import { readRecording } from '../tools/audio/recordings';
import { root } from '../tools/command/root';
import * as node from './node-model';

const FOLDER = join(root, 'lib/engine/families/ctc/fixtures/golden');

/** Voice, sentence, and whether the vocabulary below helps. */
const SENTENCES: readonly [voice: string, sentence: string, isHelped: boolean][] = [
  ['slt', 'She opened the door of the house and found that the whole family was waiting.', false],
  ['awb', 'It was a cold morning, and the children ran quickly along the road to school.', false],
  ['kal16', 'The little boat went slowly down the river to their two sons.', false],
  ['rms', "I'm sure I've seen her before, but I can't tell you where.", false],
  ['slt', 'Which witch would write the right rite?', true],
  ['awb', 'Seven hundred and forty two people voted for the new law.', false],
  ['slt', 'We deploy Kubernetes with Anna Schmidt on Monday.', true],
  ['rms', 'The ASR group will write to Doctor Zamenhof in Bialystok.', true],
  ['kal16', 'Nobody knows which witch told Anna.', true],
];

/** More than the app adds, so that the vocabulary is heard in spite of a synthetic voice. */
const HOT_BONUS = 10;

const HOT_WORDS = ['Kubernetes', 'Anna Schmidt', 'ASR', 'zamenhof in Bialystok', 'which witch', 'Law'];

const model = node.readModel();
const run = await node.openNetwork(node.networkOf(model, 'webgpu'));
const reader = new HotWordReader(new LanguageModel(model.languageModel));
const units = model.vocabulary.phones.length;
const scratch = mkdtempSync(join(tmpdir(), 'golden-'));
const recordings: node.RecordingEntry[] = [];
const scores: Float32Array[] = [];
for (const [voice, sentence, isHelped] of SENTENCES) {
  const path = join(scratch, 'speech.wav');
  execFileSync('flite', ['-voice', voice, '-t', sentence, '-o', path]);
  const pcm = readRecording(path);
  const logProbs = await run(pcm);
  for (const hotWords of isHelped ? [0, 1] : [0]) {
    const name = `${sentence} (${voice}${hotWords ? ', with hot words' : ''})`;
    const frames = logProbs.length / units;
    recordings.push({ name, samples: pcm.length, frames, hotWords, words: [] });
    scores.push(logProbs);
  }
}
rmSync(scratch, { recursive: true });

const hotWords = [];
for (const phrases of [[], HOT_WORDS]) hotWords.push(node.plainHotWords(await reader.read(phrases)));
const search = { ...model.entry.search, hotBonus: HOT_BONUS };
node.writeRecordings(FOLDER, { units, search, hotWords, recordings }, scores);
execFileSync('python3', [join(root, 'training', 'decoder.py'), '--fill', FOLDER]);
const filled: { recordings: { words: { word: string }[] }[] } = JSON.parse(
  readFileSync(join(FOLDER, 'recordings.json'), 'utf8'),
);
for (const { words } of filled.recordings) console.log(words.map(({ word }) => word).join(' '));
process.exit(0); // the runtime's wasm keeps Node alive
