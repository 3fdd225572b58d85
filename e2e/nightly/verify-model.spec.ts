import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { wordErrorRate } from '../../lib/engine/runtime/word-error-rate';
import { writeModelZip } from '../../tools/models/model-zip';
import { generate } from '../../tools/random-models/presets';
import { type Hub, startHub } from '../../tools/services/hub-server';
import { audio, spokenText } from '../fixtures/files';

/** A model with random weights: what it says means nothing, but it says something. */
const NAME = 'whisper-tiny-random';
const REPOSITORY = `tests/${NAME}`;
const DECODER = 'onnx/decoder_model_merged.onnx';

/** What the command leaves behind would lie here. */
let folder: string;
let hub: Hub;
let child: ChildProcess | null = null;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-e2e-'));
  hub = await startHub();
});
test.afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) child.kill();
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a command with the hub of this test. */
function start(args: readonly string[], command = 'verify-model') {
  const env = {
    ...process.env,
    MODEL_HUB: hub.url,
    TMPDIR: folder,
    NODE_ENV: 'production' as const,
  };
  const run = spawn(
    process.execPath,
    ['tools/run.mjs', `tools/${command}/${command}.ts`, ...args],
    { env },
  );
  child = run;
  const said = { text: '' };
  for (const stream of [run.stdout, run.stderr])
    stream.on('data', (bytes: Buffer) => {
      said.text += bytes;
    });
  return { run, said, ended: once(run, 'close').then(([code]) => code) };
}

/** Without what the runner of TypeScript keeps for its next run. */
const leftBehind = () => readdirSync(folder).filter((name) => !name.startsWith('tsx-'));

function offer(repository: string, preset: string): void {
  for (const [path, bytes] of generate(preset)) hub.put(repository, path, bytes);
}

/** The cells of a backend's row. */
function row(text: string, backend: string): string[] {
  const line = text.split('\n').find((one) => new RegExp(`^${backend} {2,}`).test(one));
  return line?.split(/ {2,}/) ?? [];
}

/** The error rate of a text that is said to be made of the self-test clip, as it is printed. */
function rateOf(output: string, text: string): string {
  const [, clip = ''] = /^self-test clip: (.+)$/m.exec(output) ?? [];
  expect(clip).toMatch(/\w+ \w+/);
  return `${(100 * wordErrorRate(clip, text)).toFixed(0)} %`;
}

test('verify-model downloads a repository and reports the results for the self-test clip and for recordings', async () => {
  offer(REPOSITORY, NAME);
  const reference = spokenText().trim();
  const manifest = join(folder, 'recordings.jsonl');
  const line = { audio: audio('speech.flac'), duration: 1, text: reference };
  writeFileSync(manifest, JSON.stringify(line));
  const { said, ended } = start([REPOSITORY, '--backend', 'wasm', '--manifest', manifest]);
  expect(await ended, said.text).toBe(0);
  const [, outcome, load, run, rate, text = ''] = row(said.text, 'wasm');
  expect([outcome, load, run]).toEqual([
    'says something',
    expect.stringMatching(/^\d+ ms$/),
    expect.stringMatching(/^\d+ ms$/),
  ]);
  expect(text).not.toBe('');
  expect(rate).toBe(rateOf(said.text, text));
  const words = reference.split(/\s+/).length;
  expect(said.text).toMatch(new RegExp(`^wasm: 1 recordings, ${words} words, WER [\\d.]+ %$`, 'm'));
  expect(hub.log.filter(({ at }) => at === 'cdn').map(({ file }) => file)).toContain(
    `${REPOSITORY}/${DECODER}`,
  );
  expect(leftBehind()).toEqual(['recordings.jsonl']);
});

/** A model as a zip. */
async function zipped(preset: string): Promise<string> {
  const file = join(folder, 'model.zip');
  const files = [...generate(preset)].map(([path, bytes]) => ({
    path,
    content: bytes,
    bytes: bytes.length,
  }));
  await writeModelZip(file, files);
  return file;
}

test('verify-model reads a model from a zip, and says how its encoder and decoder are run', async () => {
  const { said, ended } = start([
    ...[REPOSITORY, '--backend', 'wasm'],
    ...['--from', await zipped(NAME)],
  ]);
  expect(await ended, said.text).toBe(0);
  expect(row(said.text, 'wasm')[1]).toBe('says something');
  expect(said.text).toMatch(/^ {2}encoder: kernels$/m);
  expect(said.text).toMatch(/^ {2}decoder: loop \(kernels: .+\)$/m);
  expect(hub.log).toEqual([]);
});

test('wer measures a model from a zip', async () => {
  const manifest = join(folder, 'recordings.jsonl');
  const line = { audio: audio('speech.flac'), duration: 1, text: spokenText().trim() };
  writeFileSync(manifest, JSON.stringify(line));
  const { said, ended } = start(
    [
      ...['--manifest', manifest, '--backend', 'wasm'],
      ...['--model', REPOSITORY, '--from', await zipped(NAME)],
    ],
    'wer',
  );
  expect(await ended, said.text).toBe(0);
  expect(said.text).toMatch(/^utterances +1, 0 failed$/m);
  expect(said.text).toMatch(/^WER +[\d.]+ %$/m);
});

test('verify-model fails a listed model that gives another text for the self-test clip, and prints that text', async () => {
  offer('onnx-community/whisper-tiny_timestamped', 'whisper-tiny-random-q8');
  const { said, ended } = start(['whisper-tiny', '--backend', 'wasm']);
  expect(await ended, said.text).toBe(1);
  const [, outcome, , , rate, text = ''] = row(said.text, 'wasm');
  expect(outcome).toBe('wrong-text');
  expect(text).not.toBe('');
  expect(rate).toBe(rateOf(said.text, text));
  expect(leftBehind()).toEqual([]);
});

test('verify-model cleans up when it is interrupted', async () => {
  test.skip(process.platform === 'win32', 'Windows has no such signal.');
  offer(REPOSITORY, NAME);
  hub.setFault(REPOSITORY, DECODER, { bytesPerSecond: 1000 });
  const { run, said, ended } = start([REPOSITORY, '--backend', 'wasm']);
  await expect.poll(() => said.text, { timeout: 60_000 }).toMatch(/B of .*B/);
  run.kill('SIGINT');
  expect(await ended, said.text).toBe(130);
  expect(said.text).toContain('Interrupted.');
  expect(leftBehind()).toEqual([]);
});
