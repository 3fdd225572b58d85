// How often the wrong speaker is found, in conversations made of recordings of several people:
//   npm run der -- --manifest FILE.jsonl --embedding FILE.onnx [--segmentation FILE.onnx]
// Each line of the manifest names a recording (`audio`) and its speaker (`speaker`). Everything runs in this
// process on one thread, by the code that the app runs.
import { readFileSync, writeFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { SAMPLE_RATE_HZ } from '../../lib/engine/audio/constants';
import {
  Diarisation,
  type Listener,
  openEmbedding,
  openSegmentation,
  SegmentedListener,
  SpeechListener,
} from '../../lib/engine/diarisation';
import type { SpeakerCount } from '../../lib/engine/diarisation/types';
import { createInferenceRuntime, runtimeError } from '../../lib/engine/runtime';
import { segmenterOptions, type VadNetwork, VadSession } from '../../lib/engine/vad';
import { loadNetwork } from '../../workers/segment/network';
import { readRecording } from '../audio/recordings';
import { PlainError, UsageError } from '../command/errors';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { tableLines } from '../command/table';
import { makeConversation, randomOf, readVoices, trimmed } from './conversation';
import { type DiarisationErrors, diarisationErrors, errorRate, sumErrors } from './error-rate';

/** Samples given at once. */
const BLOCK_SAMPLES = 160_000;
const RUNTIME_URL = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href;
const VAD = '../../node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx';

const nothing = async () => undefined;

/** Listens to recordings as the app does, on one thread. */
export interface SpeakerListener {
  process(pcm: Float32Array): Promise<Diarisation>;
}

/**
 * @param files graphs; without a segmentation the app's own VAD finds speech
 */
async function openListener(files: {
  embedding: string;
  segmentation?: string;
}): Promise<SpeakerListener> {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = RUNTIME_URL;
  const runtime = createInferenceRuntime({
    backend: 'wasm',
    threads: 1,
    ort,
    translate: runtimeError,
  });
  const embedding = await openEmbedding(runtime, readFileSync(files.embedding));
  if (files.segmentation === undefined) {
    const vad = await openVad();
    return { process: (pcm) => diariseSpeech(pcm, new SpeechListener(embedding), vad) };
  }
  const segmentation = await openSegmentation(runtime, readFileSync(files.segmentation));
  return { process: (pcm) => diariseAll(pcm, new SegmentedListener(segmentation, embedding)) };
}

async function diariseAll(pcm: Float32Array, listener: Listener): Promise<Diarisation> {
  for (let at = 0; at < pcm.length; at += BLOCK_SAMPLES)
    await listener.push({ startSample: at, pcm: pcm.slice(at, at + BLOCK_SAMPLES) }, nothing);
  await listener.finish(nothing);
  return new Diarisation(listener);
}

async function diariseSpeech(
  pcm: Float32Array,
  listener: Listener,
  vad: VadNetwork,
): Promise<Diarisation> {
  const session = new VadSession(vad, segmenterOptions(), null);
  const found = [...(await session.push(0, pcm, nothing)), ...(await session.finish(nothing))];
  for (const speech of found) await listener.push(speech, nothing);
  return new Diarisation(listener);
}

function openVad(): Promise<VadNetwork> {
  const bytes = readFileSync(new URL(VAD, import.meta.url));
  const modelUrl = `data:application/octet-stream;base64,${bytes.toString('base64')}`;
  return loadNetwork(ort, { modelUrl, runtimeUrl: RUNTIME_URL });
}

const COMMAND = {
  name: 'der',
  text: 'how often the wrong speaker is found in made conversations',
  options: {
    manifest: { value: 'FILES', text: 'JSONL with audio and speaker; several with commas; needed' },
    embedding: { value: 'FILE.onnx', text: 'the graph that says how a voice sounds; needed' },
    segmentation: { value: 'FILE.onnx', text: 'the graph that tells voices apart; else the VAD' },
    speakers: { value: 'LIST', text: 'numbers of speakers: 2,3,4 when not given' },
    seeds: { value: 'N', least: 1, text: 'conversations for each number of speakers: 5' },
    seconds: { value: 'N', least: 10, text: 'about how long each lasts: 120' },
    json: { value: 'FILE', text: 'writes the report there as well' },
  },
} as const satisfies Command;

/** Recordings of one speaker that conversations are made of, at most. */
const MAX_RECORDINGS = 40;
/** Share of turns that begin before the last has ended. */
const INTERRUPTIONS = 0.2;
const COLLARS_SECONDS = [0.25, 0];
/** Behind the seeds of the conversations that settings were chosen on. */
const FIRST_SEED = 101;

interface Judged {
  speakers: number;
  asked: 'auto' | 'exact';
  found: number;
  /** By the collars, in their order. */
  errors: DiarisationErrors[];
}

interface Report {
  conversations: Judged[];
  audioSeconds: number;
  listenSeconds: number;
}

async function measure(options: Options): Promise<Report> {
  const voices = readVoices(options.manifest.split(','));
  const listener = await openListener(options);
  const report: Report = { conversations: [], audioSeconds: 0, listenSeconds: 0 };
  for (const speakers of options.speakers)
    for (let seed = FIRST_SEED; seed < FIRST_SEED + options.seeds; seed++) {
      const chosen = drawn(voices, speakers, seed * 1000 + speakers);
      const { pcm, turns } = makeConversation({
        voices: chosen.map((paths) => paths.map((path) => trimmed(readRecording(path)))),
        seed,
        seconds: options.seconds,
        interruptions: INTERRUPTIONS,
      });
      const startedMs = performance.now();
      const diarisation = await listener.process(pcm);
      report.listenSeconds += (performance.now() - startedMs) / 1000;
      report.audioSeconds += pcm.length / SAMPLE_RATE_HZ;
      const counts = { auto: 'auto', exact: { exact: speakers } } satisfies Record<
        string,
        SpeakerCount
      >;
      for (const asked of ['auto', 'exact'] as const) {
        const found = diarisation.turns(counts[asked]);
        const errors = COLLARS_SECONDS.map((collar) =>
          diarisationErrors(turns, found.turns, collar),
        );
        report.conversations.push({ speakers, asked, found: found.speakers, errors });
      }
    }
  return report;
}

/** Draws people, and what they say. */
function drawn(voices: ReadonlyMap<string, string[]>, count: number, seed: number): string[][] {
  if (voices.size < count)
    throw new PlainError(`The manifests have ${voices.size} speakers: ${count} are needed.`);
  const draw = randomOf(seed);
  const shuffled = <T>(all: readonly T[]): T[] =>
    all
      .map((one) => ({ one, order: draw() }))
      .sort((a, b) => a.order - b.order)
      .map(({ one }) => one);
  return shuffled([...voices.values()])
    .slice(0, count)
    .map((paths) => shuffled(paths).slice(0, MAX_RECORDINGS));
}

function print({ conversations, audioSeconds, listenSeconds }: Report): void {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  const groups = grouped(conversations, ({ speakers, asked }) => `${speakers} ${asked}`);
  const all = grouped(conversations, ({ asked }) => `all ${asked}`);
  const rows = [...groups, ...all].flatMap(([name, group]) =>
    COLLARS_SECONDS.map((collar, at) => {
      const sum = sumErrors(group.flatMap(({ errors }) => errors[at] ?? []));
      const right = group.filter(({ speakers, found }) => speakers === found).length;
      return [
        name,
        `${collar} s`,
        `${(100 * errorRate(sum)).toFixed(1)} %`,
        percent(sum.missedSeconds, sum.speechSeconds),
        percent(sum.falseSeconds, sum.speechSeconds),
        percent(sum.confusedSeconds, sum.speechSeconds),
        `${right} of ${group.length}`,
        group.map(({ found }) => found).join(' '),
      ];
    }),
  );
  const head = ['speakers', 'collar', 'DER', 'missed', 'false', 'confused', 'count right', 'found'];
  for (const line of tableLines(head, rows)) console.log(line);
  const speed = audioSeconds / listenSeconds;
  console.log(`${audioSeconds.toFixed(0)} s of audio, ${speed.toFixed(1)} × real time`);
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

type Options = ReturnType<typeof readOptions>;

function readOptions() {
  const { manifest, embedding, segmentation, ...rest } = readCommand(COMMAND).values;
  if (!manifest || !embedding) throw new UsageError('--manifest and --embedding are needed.');
  const speakers = (rest.speakers ?? '2,3,4').split(',').map(Number);
  if (!speakers.every((count) => Number.isInteger(count) && count > 0))
    throw new UsageError('--speakers is a list of numbers: 2,3,4.');
  const { seeds = 5, seconds = 120, json } = rest;
  const graphs = { embedding, ...(segmentation ? { segmentation } : {}) };
  return { manifest, ...graphs, speakers, seeds, seconds, json };
}

await main(async () => {
  const options = readOptions();
  const report = await measure(options);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  print(report);
});
