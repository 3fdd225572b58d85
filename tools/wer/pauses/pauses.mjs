// Real speech with long pauses, through the app, held to the same speech without them:
//   node tools/wer/pauses/pauses.mjs --manifest FILE.jsonl --seconds 10800
// Recordings are joined with pauses of half a second to a minute and a half at known places, every other one
// digital silence, the rest a quiet room. No recording may be without words, no pause with any, nothing said
// twice at a seam. The nightly tests run it where PAUSES_MANIFEST names recordings.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, main } from '../../app/app.mjs';
import { withServedApp } from '../../app/served-app.mjs';
import { readRecording } from '../../audio/recordings.mjs';
import { SOUNDS } from '../../audio/sounds.mjs';
import { soundWav } from '../../audio/wav.mjs';
import { addFiles, openApp, readWords, waitForJobs } from '../../browser/app-browser.mjs';
import { readCommand } from '../../command/options.mjs';
import { tableLines } from '../../command/table.mjs';
import { importTypeScript } from '../../command/typescript.mjs';
import { readManifest } from '../manifest.mjs';
import { scoreOutcomes } from '../score.mjs';
import { wordsByPlace, writtenTwice } from './seams.mjs';

const RATE_HZ = 16_000;
const [SHORTEST_S, LONGEST_S] = [0.5, 90];
/** What pauses may cost, of the word error rate: a sentence by itself has less around it to be heard by. */
const MOST_APART = 0.01;

const COMMAND = {
  name: 'pauses',
  text: 'what long pauses between real recordings cost',
  options: {
    manifest: { value: 'FILE.jsonl', text: 'recordings, and what was said; needed' },
    seconds: { value: 'N', least: 1, text: 'recordings come again until it lasts so long' },
    every: { value: 'N', least: 1, text: 'takes every Nth recording alone' },
    model: { value: 'ID', text: 'one that comes with the app' },
    json: { value: 'FILE', text: 'writes the report there as well' },
  },
};

/** From short to long and back, each length as often: the golden ratio scatters evenly. */
function pauseSeconds(number) {
  return SHORTEST_S * (LONGEST_S / SHORTEST_S) ** ((number * 0.618_034) % 1);
}

/**
 * Recordings one behind the other.
 * @param {(number: number) => number} pauseOf seconds of silence behind each
 * @returns {{pcm: Float32Array, places: {audio: string, text: string, startMs: number, endMs: number}[]}}
 */
function joined(utterances, pauseOf, leastSeconds) {
  const room = SOUNDS.room(LONGEST_S + 1);
  const parts = [];
  const places = [];
  let samples = 0;
  const add = (pcm) => {
    parts.push(pcm);
    samples += pcm.length;
  };
  for (let number = 0; number < utterances.length || samples < leastSeconds * RATE_HZ; number++) {
    const { pcm, audio, text } = utterances[number % utterances.length];
    const startMs = (samples / RATE_HZ) * 1000;
    add(pcm);
    places.push({ audio, text, startMs, endMs: (samples / RATE_HZ) * 1000 });
    const pause = Math.round(pauseOf(number) * RATE_HZ);
    add(number % 2 === 0 ? new Float32Array(pause) : room.subarray(0, pause));
  }
  const pcm = new Float32Array(samples);
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length;
  }
  return { pcm, places };
}

async function judge(places, words) {
  const { normaliseEnglish } = await importTypeScript('tools/wer/english/normalise.ts');
  const { heard, nowhere } = wordsByPlace(places, words);
  const outcomes = places.map(({ audio, text }, at) => ({
    audio,
    reference: text,
    hypothesis: heard[at],
  }));
  const { items, ...sums } = await scoreOutcomes(outcomes);
  const split = (text) => normaliseEnglish(text).split(' ');
  const [said, written] = [places, words].map((all) =>
    split(all.map(({ text }) => text).join(' ')),
  );
  return {
    ...sums,
    empty: items.filter(({ hypothesis }) => hypothesis === '').map(({ audio }) => audio),
    nowhere,
    twice: writtenTwice(said, written),
    items,
  };
}

async function hear(name, sound, model) {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-pauses-'));
  const path = join(folder, name);
  writeFileSync(path, soundWav(sound.pcm));
  try {
    return await withServedApp(async (url) => {
      const app = await openApp(url, { backend: 'wasm', modelId: model });
      try {
        await addFiles(app.page, [path]);
        const [job] = await waitForJobs(app.page, [name]);
        const words = (await readWords(app.page, [job.id]))[job.id] ?? [];
        return { model: job.model?.id ?? null, ...(await judge(sound.places, words)) };
      } finally {
        await app.close();
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(async () => {
  const { values } = readCommand(COMMAND);
  const manifest = values.manifest ?? process.env.PAUSES_MANIFEST;
  if (!manifest) {
    console.log('Not measured: no recordings here (--manifest; docs/models.md).');
    return;
  }
  ensureInstalled();
  const utterances = readManifest(manifest)
    .filter((_, at) => at % (values.every ?? 1) === 0)
    .map((one) => ({ ...one, pcm: readRecording(one.path) }));
  const sounds = {
    'with pauses': joined(utterances, pauseSeconds, values.seconds ?? 0),
    without: joined(utterances, () => SHORTEST_S, 0),
  };
  const reports = {};
  for (const [name, sound] of Object.entries(sounds))
    reports[name] = {
      seconds: sound.pcm.length / RATE_HZ,
      ...(await hear(`${name}.wav`, sound, values.model)),
    };
  const rows = Object.entries(reports).map(([name, report]) => [
    name,
    `${(report.seconds / 60).toFixed(1)} min`,
    `${report.referenceWords}`,
    `${(100 * report.wer).toFixed(2)} %`,
    `${report.empty.length}`,
    `${report.nowhere.length}`,
    `${report.twice.length}`,
  ]);
  const head = [
    '',
    'length',
    'words',
    'WER',
    'recordings lost',
    'words in pauses',
    'phrases twice',
  ];
  for (const line of tableLines(head, rows)) console.log(line);
  for (const { empty, nowhere, twice } of Object.values(reports))
    for (const what of [...empty, ...nowhere, ...twice]) console.log(what);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
  const [paused, whole] = [reports['with pauses'], reports.without];
  const faults = [paused.empty, paused.nowhere, paused.twice].flat();
  if (faults.length > 0 || paused.wer - whole.wer > MOST_APART) process.exitCode = 1;
});
