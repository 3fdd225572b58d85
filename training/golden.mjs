// Makes the numbers that the tests of lib/asr/ctc hold the app's search against:
//   node training/golden.mjs
// Sentences are spoken by flite, run through the fp32 network, and searched by the reference.
// Needs flite and ffmpeg. Several are misheard on purpose: a search is tested by doubt.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, inProject, openNetwork, readModel, referenceOf } from './node-model.mjs';

const SENTENCES = [
  ['slt', 'She opened the door of the house and found that the whole family was waiting.'],
  ['awb', 'It was a cold morning, and the children ran quickly along the road to school.'],
  ['kal16', 'The little boat went slowly down the river to their two sons.'],
  ['rms', "I'm sure I've seen her before, but I can't tell you where."],
  ['slt', 'Which witch would write the right rite?'],
];

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
const model = readModel();
const run = await openNetwork(model, 'webgpu');
const reference = referenceOf(model);
const units = model.vocabulary.phones.length;
const recordings = [];
const scores = [];
for (const [voice, sentence] of SENTENCES) {
  const path = join(folder, 'speech.wav');
  execFileSync('flite', ['-voice', voice, '-t', sentence, '-o', path]);
  const pcm = decode(readFileSync(path));
  const logProbs = await run(pcm);
  scores.push(Buffer.from(logProbs.slice().buffer));
  const words = reference.search(logProbs, units);
  recordings.push({ voice, sentence, samples: pcm.length, frames: logProbs.length / units, words });
}
rmSync(folder, { recursive: true });

const out = inProject('lib/asr/ctc/fixtures');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'golden.bin'), Buffer.concat(scores));
const golden = { command: 'node training/golden.mjs', units, search: model.entry.search, recordings };
writeFileSync(join(out, 'golden.json'), `${JSON.stringify(golden, null, 2)}\n`);
for (const { words } of recordings) console.log(words.map(({ word }) => word).join(' '));
process.exit(0); // the runtime's wasm keeps Node alive
