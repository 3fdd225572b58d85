// Real speech with long pauses, through the app, held to the same speech without them:
//   node tools/run.mjs tools/wer/pauses/pauses.ts --manifest FILE.jsonl --seconds 10800
// Recordings are joined with pauses of half a second to a minute and a half at known places, every other one
// digital silence, the rest a quiet room. No recording may be without words, no pause with any, nothing said
// twice at a seam. The nightly tests run it where PAUSES_MANIFEST names recordings.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_RATE_HZ as RATE_HZ } from '../../../lib/engine/audio/constants';
import type { Word } from '../../../lib/transcript/types';
import { withServedApp } from '../../app/server';
import { soundWav } from '../../audio/media-files';
import { readRecording } from '../../audio/recordings';
import { SOUNDS } from '../../audio/sounds';
import { addFiles, openApp } from '../../browser/app-browser';
import { readWords, waitForJobs } from '../../browser/stored';
import { main } from '../../command/main';
import { type Command, readCommand } from '../../command/options';
import { tableLines } from '../../command/table';
import { normaliseEnglish } from '../english/normalise';
import { readManifest, type Utterance } from '../manifest';
import { type OutcomeScores, scoreOutcomes } from '../score';
import { type Place, wordsByPlace, writtenTwice } from './seams';

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
} as const satisfies Command;

interface Recording extends Utterance {
  pcm: Float32Array;
}

/** Where a recording lies, and what is said there. */
interface SaidPlace extends Place {
  audio: string;
  text: string;
}

/** Recordings one after the other. */
interface Joined {
  pcm: Float32Array;
  places: SaidPlace[];
}

/** What became of them. */
interface Judged extends Omit<OutcomeScores, 'words'> {
  /** Recordings in which nothing was heard. */
  empty: string[];
  /** Words in pauses. */
  nowhere: string[];
  /** Phrases written twice. */
  twice: string[];
}

interface Report extends Judged {
  seconds: number;
  model: string | null;
}

/** From short to long and back, each length as often: the golden ratio scatters evenly. */
function pauseSeconds(number: number): number {
  return SHORTEST_S * (LONGEST_S / SHORTEST_S) ** ((number * 0.618_034) % 1);
}

/** Joins recordings. @param pauseOf seconds of silence after each, by its number */
function joined(
  recordings: readonly Recording[],
  pauseOf: (number: number) => number,
  leastSeconds: number,
): Joined {
  const room = SOUNDS.room(LONGEST_S + 1);
  const parts: Float32Array[] = [];
  const places: SaidPlace[] = [];
  let samples = 0;
  const add = (pcm: Float32Array) => {
    parts.push(pcm);
    samples += pcm.length;
  };
  for (let number = 0; number < recordings.length || samples < leastSeconds * RATE_HZ; number++) {
    const recording = recordings[number % recordings.length];
    if (!recording) break;
    const { pcm, audio, text } = recording;
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

function judge(places: readonly SaidPlace[], words: readonly Word[]): Judged {
  const { heard, nowhere } = wordsByPlace(places, words);
  const outcomes = places.map(({ audio, text }, at) => ({
    audio,
    reference: text,
    hypothesis: heard[at] ?? '',
  }));
  const { items, words: _, ...sums } = scoreOutcomes(outcomes);
  const normalised = (text: string) => normaliseEnglish(text).split(' ').filter(Boolean);
  return {
    ...sums,
    empty: items.filter(({ hypothesis }) => hypothesis === '').map(({ audio }) => audio),
    nowhere,
    twice: writtenTwice(
      places.map(({ text }) => normalised(text)),
      places.map((_, at) => normalised(heard[at] ?? '')),
    ),
    items,
  };
}

async function hear(name: string, sound: Joined, model: string | undefined): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-pauses-'));
  const file = `${name}.wav`;
  writeFileSync(join(folder, file), soundWav(sound.pcm));
  try {
    return await withServedApp(async (url) => {
      const { page, close } = await openApp(url, { backend: 'wasm', modelId: model });
      try {
        await addFiles(page, [join(folder, file)]);
        const [job] = await waitForJobs(page, [file]);
        if (!job) throw new Error(`${file} has no job.`);
        const words = (await readWords(page, [job.id]))[job.id] ?? [];
        return {
          seconds: sound.pcm.length / RATE_HZ,
          model: job.model?.id ?? null,
          ...judge(sound.places, words),
        };
      } finally {
        await close();
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(name: string, { seconds, referenceWords, wer, empty, nowhere, twice }: Report) {
  return [
    name,
    `${(seconds / 60).toFixed(1)} min`,
    `${referenceWords}`,
    `${(100 * wer).toFixed(2)} %`,
    `${empty.length}`,
    `${nowhere.length}`,
    `${twice.length}`,
  ];
}

const HEAD = ['', 'length', 'words', 'WER', 'recordings lost', 'words in pauses', 'phrases twice'];

await main(async () => {
  const { values } = readCommand(COMMAND);
  const manifest = values.manifest ?? process.env.PAUSES_MANIFEST;
  if (!manifest) {
    console.log('Not measured: no recordings here (--manifest; docs/models.md).');
    return;
  }
  const recordings = readManifest(manifest)
    .filter((_, at) => at % (values.every ?? 1) === 0)
    .map((one) => ({ ...one, pcm: readRecording(one.path) }));
  const paused = joined(recordings, pauseSeconds, values.seconds ?? 0);
  const whole = joined(recordings, () => SHORTEST_S, 0);
  const reports = {
    'with pauses': await hear('with pauses', paused, values.model),
    without: await hear('without', whole, values.model),
  };
  const rows = Object.entries(reports).map(([name, report]) => rowOf(name, report));
  for (const line of tableLines(HEAD, rows)) console.log(line);
  for (const { empty, nowhere, twice } of Object.values(reports))
    for (const what of [...empty, ...nowhere, ...twice]) console.log(what);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
  const { empty, nowhere, twice, wer } = reports['with pauses'];
  const hasFaults = [empty, nowhere, twice].some((faults) => faults.length > 0);
  if (hasFaults || wer - reports.without.wer > MOST_APART) process.exitCode = 1;
});
