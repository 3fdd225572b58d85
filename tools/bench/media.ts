// The recordings of the benchmarks, made once into .bench/ from the tests' speech.
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { loopMp3, loopWav } from '../audio/media-files';
import { CHROMIUM_ARGS, findChromium } from '../browser/chromium';
import { root } from '../command/root';
import { listenLocally } from '../services/listen';

// The project's own ffmpeg (wasm) as a command, inside a headless Chromium: no native tool needed.

const CORE = join(root, 'node_modules', '@ffmpeg', 'core', 'dist', 'esm');

/** In the worker: one call of ffmpeg with the input in its memory; the output goes back as a body. */
const WORKER = `
import createCore from '/ffmpeg-core.js';
self.onmessage = async ({ data: args }) => {
  try {
    const urls = { wasmURL: location.origin + '/ffmpeg-core.wasm', workerURL: '' };
    const core = await createCore({
      mainScriptUrlOrBlob: location.origin + '/ffmpeg-core.js#' + btoa(JSON.stringify(urls)),
    });
    let log = '';
    core.setLogger(({ message }) => { log = (log + message + '\\n').slice(-2000); });
    core.FS.writeFile('input', new Uint8Array(await (await fetch('/input')).arrayBuffer()));
    core.exec('-nostdin', '-hide_banner', ...args, 'output');
    if (core.ret !== 0) throw new Error('ffmpeg: ' + log);
    const answer = await fetch('/output', { method: 'POST', body: core.FS.readFile('output') });
    if (!answer.ok) throw new Error('The output could not be written.');
    postMessage(null);
  } catch (error) {
    postMessage(String(error?.message ?? error));
  }
};
`;

/**
 * Runs ffmpeg on one file.
 * @param source path of the input
 * @param args with INPUT where the input's name goes; the output's name is added
 * @param target path of the output
 */
async function runFfmpeg(source: string, args: readonly string[], target: string): Promise<void> {
  const server = createServer((request, response) => {
    serve(request, response, source, target).catch((error: Error) => {
      response.destroy(error);
    });
  });
  const port = await listenLocally(server);
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    headless: true,
    args: CHROMIUM_ARGS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const problem = await page.evaluate(
      (given) =>
        new Promise<string | null>((resolve) => {
          const worker = new Worker('/worker.js', { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => resolve(message || 'The ffmpeg worker failed.');
          worker.postMessage(given);
        }),
      args.map((arg) => (arg === 'INPUT' ? 'input' : arg)),
    );
    if (problem !== null) throw new Error(problem);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    await browser.close();
    server.close();
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  source: string,
  target: string,
): Promise<void> {
  const send = (type: string, path: string) => {
    response.writeHead(200, { 'content-type': type });
    return pipeline(createReadStream(path), response);
  };
  switch (request.url) {
    case '/':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
      return;
    case '/worker.js':
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(WORKER);
      return;
    case '/ffmpeg-core.js':
      return send('text/javascript', join(CORE, 'ffmpeg-core.js'));
    case '/ffmpeg-core.wasm':
      return send('application/wasm', join(CORE, 'ffmpeg-core.wasm'));
    case '/input':
      return send('application/octet-stream', source);
    case '/output':
      await pipeline(request, createWriteStream(target));
      response.writeHead(200).end();
      return;
    default:
      response.writeHead(404).end();
  }
}

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
