import { expect, it, onTestFinished } from 'vitest';
import { AppError } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { listenOpenAi, type UploadTranscriber } from './openai-server';

const KEY = 'a-key-of-this-worker';
const word = { text: 'Hello', startMs: 500, endMs: 900, confidence: 0.5 };
const segment = { id: 's', startMs: 500, endMs: 900, text: 'Hello', words: [word] };
const segments = [
  { ...segment, speakerId: null, edited: false },
  { ...segment, id: 't', startMs: 1000, endMs: 1400, speakerId: null, edited: false },
];

const transcribe: UploadTranscriber = async ({ source, name, model, language }, onSegments) => {
  if (model === 'none') throw new AppError('MODEL_NOT_INSTALLED', 'There is no such model.');
  if ((await source.text()) === 'text') throw new AppError('DECODE_UNSUPPORTED', 'This is a text.');
  for (const one of segments) onSegments([one]);
  return {
    ...{ version: 1, id: 'i', title: name, language: language ?? 'en', createdAt: '2026-01-01' },
    source: { name, mediaType: 'audio/wav', sizeBytes: 1, sha256: null },
    model: { id: model, backend: 'wasm', precision: 'int8' },
    ...{ durationMs: 2000, speakers: [], segments },
  } satisfies Transcript;
};

async function ask(fields: Record<string, string>, file = 'RIFF', key = KEY) {
  const options = { port: 0, host: '127.0.0.1', token: KEY, transcribe, maxUploadBytes: 1000 };
  const { url, close } = await listenOpenAi(options);
  onTestFinished(close);
  const body = new FormData();
  for (const [name, value] of Object.entries({ model: 'whisper-1', ...fields }))
    body.append(name, value);
  body.append('file', new File([file], 'a.wav'));
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/audio/transcriptions`, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

it('answers in every form that clients ask for', async () => {
  expect(JSON.parse((await ask({})).text)).toEqual({ text: 'Hello Hello' });
  expect((await ask({ response_format: 'text' })).text).toBe('Hello Hello\n');
  expect((await ask({ response_format: 'srt' })).text).toContain('00:00:00,500 --> ');
  expect((await ask({ response_format: 'vtt' })).text).toMatch(/^WEBVTT/);
  const words = { response_format: 'verbose_json', 'timestamp_granularities[]': 'word' };
  const verbose = JSON.parse((await ask(words)).text);
  expect(verbose).toMatchObject({ language: 'english', duration: 2, text: 'Hello Hello' });
  expect(verbose.words[0]).toEqual({ word: 'Hello', start: 0.5, end: 0.9 });
  const plain = JSON.parse((await ask({ response_format: 'verbose_json' })).text);
  expect(plain.segments[1]).toMatchObject({ id: 1, start: 1, end: 1.4, text: 'Hello' });
});

it('streams segments as they are recognised', async () => {
  const { text } = await ask({ stream: 'true' });
  const events = text
    .trim()
    .split('\n\n')
    .map((line) => JSON.parse(line.slice('data: '.length)));
  expect(events).toEqual([
    { type: 'transcript.text.delta', delta: 'Hello' },
    { type: 'transcript.text.delta', delta: ' Hello' },
    { type: 'transcript.text.done', text: 'Hello Hello' },
  ]);
});

it.each([
  ['a wrong key', {}, 'RIFF', 'wrong', 401, 'invalid_api_key'],
  ['an unknown model', { model: 'none' }, 'RIFF', KEY, 404, 'model_not_found'],
  ['an unknown form', { response_format: 'pdf' }, 'RIFF', KEY, 400, null],
  ['a file that is no recording', {}, 'text', KEY, 400, null],
  ['an empty file', {}, '', KEY, 400, null],
  ['a large file', {}, 'x'.repeat(1001), KEY, 413, null],
])('refuses %s in the form of OpenAI', async (_, fields, file, key, status, code) => {
  const answer = await ask(fields as Record<string, string>, file, key);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text).error).toMatchObject({ code, message: expect.any(String) });
});
