import { once } from 'node:events';
import { connect } from 'node:net';
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
  const isSilent = (await source.text()) === 'silence';
  const heard = isSilent ? [] : segments;
  for (const one of heard) onSegments([one]);
  return {
    ...{ version: 1, id: 'i', title: name, language: language ?? 'en', createdAt: '2026-01-01' },
    source: { name, mediaType: 'audio/wav', sizeBytes: 1, sha256: null },
    model: { id: model, backend: 'wasm', precision: 'int8' },
    ...{ durationMs: 2000, speakers: [], segments: heard },
  } satisfies Transcript;
};

const models = async () =>
  ['whisper-1', 'base'].map((id) => ({
    ...{ id, object: 'model' as const, created: 1_700_000_000, owned_by: 'ai2text' },
  }));

async function listen(): Promise<string> {
  const at = { port: 0, host: '127.0.0.1', token: KEY };
  const options = { ...at, transcribe, models, maxUploadBytes: 1000 };
  const { url, close } = await listenOpenAi(options);
  onTestFinished(close);
  return url;
}

async function ask(fields: Record<string, string>, file = 'RIFF', key = KEY) {
  const url = await listen();
  const body = new FormData();
  for (const [name, value] of Object.entries({ model: 'whisper-1', ...fields }))
    body.append(name, value);
  body.append('file', new File([file], 'a.wav'));
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/audio/transcriptions`, { method: 'POST', headers, body });
  const type = answer.headers.get('content-type');
  return { status: answer.status, type, text: await answer.text() };
}

async function get(path: string, key = KEY) {
  const answer = await fetch(`${await listen()}${path}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return { status: answer.status, body: await answer.json() };
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
  const noTag = JSON.parse((await ask({ ...words, language: 'Neapolitan!' })).text);
  expect(noTag).toMatchObject({ language: 'neapolitan!' });
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
  ['json', 'application/json', '{"text":""}'],
  ['text', 'text/plain; charset=utf-8', '\n'],
  ['srt', 'text/plain; charset=utf-8', ''],
  ['vtt', 'text/plain; charset=utf-8', 'WEBVTT\n'],
])('answers a recording without speech with an empty text, as %s', async (form, type, text) => {
  expect(await ask({ response_format: form }, 'silence')).toEqual({ status: 200, type, text });
});

it('answers a recording without speech with its duration and no segments, where these are asked for', async () => {
  const form = { response_format: 'verbose_json', 'timestamp_granularities[]': 'segment' };
  const { status, text } = await ask(form, 'silence');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ duration: 2, text: '', segments: [] });
  const words = { ...form, 'timestamp_granularities[]': 'word' };
  expect(JSON.parse((await ask(words, 'silence')).text)).toMatchObject({ text: '', words: [] });
});

it('streams the end of a recording without speech', async () => {
  const { status, type, text } = await ask({ stream: 'true' }, 'silence');
  expect({ status, type }).toEqual({ status: 200, type: 'text/event-stream' });
  expect(text).toBe('data: {"type":"transcript.text.done","text":""}\n\n');
});

it('lists the models that requests may name', async () => {
  expect(await get('/models')).toEqual({
    status: 200,
    body: { object: 'list', data: await models() },
  });
  const [, base] = await models();
  expect(await get('/models/base')).toEqual({ status: 200, body: base });
});

it('knows a model by every name by which it transcribes', async () => {
  const name = 'gpt-4o-mini-transcribe';
  expect((await get(`/models/${name}`)).body).toMatchObject({ id: name, object: 'model' });
});

it.each([
  ['a wrong key', '/models', 'wrong', 401, 'invalid_api_key'],
  ['a model that is not there', '/models/none', KEY, 404, 'model_not_found'],
  ['a name that is no part of an address', '/models/%', KEY, 404, null],
  ['a route that it does not have', '/files', KEY, 404, null],
])('refuses %s where models are asked for', async (_, path, key, status, code) => {
  const answer = await get(path, key);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({ code, message: expect.any(String) });
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

it.each([
  ['a wrong key', 'wrong', false, 401],
  ['a large file', KEY, false, 413],
  ['a large file of unknown length', KEY, true, 413],
])('a client that sends all before it reads learns of %s', async (_, key, isChunked, status) => {
  const url = await listen();
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  onTestFinished(() => void socket.destroy());
  const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const body = part.padEnd(20_000_000, 'x');
  const head = [
    `POST ${pathname}/audio/transcriptions HTTP/1.1`,
    `host: ${hostname}`,
    `authorization: Bearer ${key}`,
    'content-type: multipart/form-data; boundary=b',
    isChunked ? 'transfer-encoding: chunked' : `content-length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const sent = isChunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(sent, () => resolve());
  });
  const [answer] = await once(socket.resume(), 'data');
  expect(String(answer)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

it('names a field as the client does', async () => {
  const answer = await ask({ 'timestamp_granularities[]': 'letter' });
  expect(JSON.parse(answer.text).error.param).toBe('timestamp_granularities');
});
