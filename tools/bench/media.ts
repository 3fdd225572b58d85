// The recordings of the benchmarks, made once into .bench/ from the tests' speech.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { loopMp3 } from '../audio/mp3';
import { loopWav } from '../audio/wav';
import { runFfmpeg } from '../browser/ffmpeg-page';
import { root } from '../command/root';

const FOLDER = join(root, '.bench');
const SPEECH = join(root, 'e2e', 'fixtures', 'audio');

/** A recorder's. */
const WAV_FORMAT = { rateHz: 44_100, channels: 2 };

/** Makes a file unless it is there; a half-made one never gets its name. */
async function once(name: string, make: (path: string) => Promise<void> | void): Promise<string> {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  console.log(`Making ${name}…`);
  const partial = join(FOLDER, `partial-${name}`);
  await make(partial);
  renameSync(partial, path);
  return path;
}

/** Speech as mp3 (44.1 kHz stereo, constant rate) of at least this many seconds. */
export function speechMp3(seconds: number): Promise<string> {
  return once(`speech-${seconds}s.mp3`, (path) => {
    writeFileSync(path, loopMp3(readFileSync(join(SPEECH, 'speech-cbr.mp3')), seconds));
  });
}

/** One turn of the speech: its samples alone, 16 bits each. */
function shortPcm(): Promise<string> {
  const { rateHz, channels } = WAV_FORMAT;
  const form = ['-ar', String(rateHz), '-ac', String(channels), '-c:a', 'pcm_s16le', '-f', 's16le'];
  return once('speech-short.pcm', (path) =>
    runFfmpeg(join(SPEECH, 'speech-cbr.mp3'), ['-i', 'INPUT', ...form], path),
  );
}

/** How each format is made: copied where its container can be repeated, encoded where not. */
const MAKERS = {
  mp3: speechMp3,
  wav: async (seconds: number) => {
    const source = await shortPcm();
    return once(`speech-${seconds}s.wav`, (path) => loopWav(source, WAV_FORMAT, path, seconds));
  },
  m4a: (seconds: number) => repeated('speech.m4a', seconds, ['-c', 'copy', '-f', 'ipod']),
  'ogg-opus': (seconds: number) =>
    repeated('speech-opus.ogg', seconds, ['-c', 'copy', '-f', 'ogg']),
  // a copy would keep the short file's length in its header
  flac: (seconds: number) =>
    repeated('speech.flac', seconds, ['-ar', '44100', '-c:a', 'flac', '-f', 'flac']),
};

/** A format that decoding is measured for. */
export type Format = keyof typeof MAKERS;

/** The formats that decoding is measured for. */
export const FORMATS: readonly Format[] = ['mp3', 'wav', 'm4a', 'ogg-opus', 'flac'];

/** Speech in this format, of about this many seconds. @returns its path */
export function speechIn(format: Format, seconds: number): Promise<string> {
  return MAKERS[format](seconds);
}

function repeated(name: string, seconds: number, output: readonly string[]): Promise<string> {
  const source = join(SPEECH, name);
  return once(`speech-${seconds}s${extname(name)}`, (path) =>
    runFfmpeg(
      source,
      ['-stream_loop', '-1', '-i', 'INPUT', '-t', String(seconds), '-vn', ...output],
      path,
    ),
  );
}
