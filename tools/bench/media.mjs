// The recordings of the benchmarks, made once into .bench/ from the tests' speech.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { root } from '../app/app.mjs';
import { loopMp3 } from '../audio/mp3.mjs';
import { loopWav } from '../audio/wav.mjs';
import { runFfmpeg } from '../browser/ffmpeg-page.mjs';

const FOLDER = join(root, '.bench');
const SPEECH = join(root, 'e2e', 'fixtures', 'audio');

/** Makes a file unless it is there; a half-made one never gets its name. */
async function once(name, make) {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  console.log(`Making ${name}…`);
  const partial = join(FOLDER, `partial-${name}`);
  await make(partial);
  renameSync(partial, path);
  return path;
}

/** Speech as mp3 (44.1 kHz stereo, constant rate) of at least so many seconds. */
export function speechMp3(seconds) {
  return once(`speech-${seconds}s.mp3`, (path) => {
    writeFileSync(path, loopMp3(readFileSync(join(SPEECH, 'speech-cbr.mp3')), seconds));
  });
}

/** One turn of the speech as WAV, 44.1 kHz stereo like a recorder's. */
function shortWav() {
  return once('speech-short.wav', (path) =>
    runFfmpeg(
      join(SPEECH, 'speech-cbr.mp3'),
      ['-i', 'INPUT', '-c:a', 'pcm_s16le', '-ar', '44100', '-ac', '2', '-f', 'wav'],
      path,
    ),
  );
}

/** How each format is made: copied where its container can be repeated, encoded where not. */
const FORMATS = {
  mp3: async (seconds) => speechMp3(seconds),
  wav: async (seconds) => {
    const source = await shortWav();
    return once(`speech-${seconds}s.wav`, (path) => loopWav(source, path, seconds));
  },
  m4a: (seconds) => repeated('speech.m4a', seconds, ['-c', 'copy', '-f', 'ipod']),
  'ogg-opus': (seconds) => repeated('speech-opus.ogg', seconds, ['-c', 'copy', '-f', 'ogg']),
  // a copy would keep the short file's length in its header
  flac: (seconds) =>
    repeated('speech.flac', seconds, ['-ar', '44100', '-c:a', 'flac', '-f', 'flac']),
};

/** The formats that decoding is measured for. */
export const FORMAT_NAMES = Object.keys(FORMATS);

/** Speech in this format, of about so many seconds. @returns {Promise<string>} */
export function speechIn(format, seconds) {
  return FORMATS[format](seconds);
}

function repeated(name, seconds, output) {
  const source = join(SPEECH, name);
  return once(`speech-${seconds}s${extname(name)}`, (path) =>
    runFfmpeg(
      source,
      ['-stream_loop', '-1', '-i', 'INPUT', '-t', String(seconds), '-vn', ...output],
      path,
    ),
  );
}
