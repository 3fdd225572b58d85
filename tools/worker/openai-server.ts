import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import pLimit from 'p-limit';
import { isAppError } from '@/lib/core';
import { isSameSecret } from '@/lib/server/process/secrets';
import type { Transcript, TranscriptSegment } from '@/lib/transcript';
import { messageOf } from '../command/errors';
import {
  ApiError,
  RESPONSE_FORMATS,
  type TranscriptionRequest,
  textOf,
  transcriptionSchema,
  verboseJson,
} from './openai-form';
import { type ListedModel, pickModel } from './openai-models';
import { formatTranscript } from './transcribe-source';

const TRANSCRIPTIONS = '/v1/audio/transcriptions';
const MODELS = '/v1/models';
/** Uploads are kept in memory: nothing is written to disk. */
const MAX_UPLOAD_BYTES = 200 * 1024 * 1024;
/** Concurrent requests, including the one that is being transcribed. */
const MAX_REQUESTS = 4;
/** How long an upload may take. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;
/** How long a refused client's upload is still read: if it were cut off, the client would not see the answer. */
const LINGER_MS = 30_000;
/** Most bytes of a form besides the file. */
const FORM_BYTES = 64 * 1024;

/** Transcribes an upload. */
export type UploadTranscriber = (
  upload: { source: Blob; name: string; model: string; language: string | null },
  onSegments: (segments: TranscriptSegment[]) => void,
  signal: AbortSignal,
) => Promise<Transcript>;

export interface OpenAiServerOptions {
  port: number;
  host: string;
  /** The API key of clients. */
  token: string;
  transcribe: UploadTranscriber;
  /** The models that requests may name. */
  models: () => Promise<ListedModel[]>;
  maxUploadBytes?: number;
}

/**
 * Serves OpenAI's `POST /v1/audio/transcriptions`, and `GET /v1/models`, which lists the models that can be named.
 * @returns the address, and a function that ends it
 */
export async function listenOpenAi(
  options: OpenAiServerOptions,
): Promise<{ url: string; close(): void }> {
  const transcribeForm = transcriptions(options);
  const server: Server = createServer(async (request, response) => {
    try {
      checkKey(request, options.token);
      const path = request.url?.split('?')[0] ?? '';
      const call = `${request.method} ${path}`;
      if (call === `POST ${TRANSCRIPTIONS}`) await transcribeForm(request, response);
      else if (call === `GET ${MODELS}`)
        respondJson(response, 200, { object: 'list', data: await options.models() });
      else if (call.startsWith(`GET ${MODELS}/`))
        respondJson(response, 200, pickModel(lastName(path), await options.models()));
      else throw unknownRoute();
    } catch (error) {
      refuse(request, response, toApiError(error));
    }
  });
  server.requestTimeout = UPLOAD_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // it listens on a port
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}/v1`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Transcribes one recording at a time, while a few more may wait. */
function transcriptions({ transcribe, maxUploadBytes = MAX_UPLOAD_BYTES }: OpenAiServerOptions) {
  const one = pLimit(1);
  let open = 0;
  return async (request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      if (open > MAX_REQUESTS)
        throw new ApiError(429, 'This worker is busy. Try again later.', 'rate_limit_error');
      const form = await readForm(request, maxUploadBytes);
      await one(() => answer(form, transcribe, response, gone.signal));
    } finally {
      open -= 1;
    }
  };
}

function checkKey({ headers }: IncomingMessage, token: string) {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (!isSameSecret(bearer, token))
    throw new ApiError(
      401,
      'The API key is wrong.',
      'invalid_request_error',
      null,
      'invalid_api_key',
    );
}

const unknownRoute = () =>
  new ApiError(
    404,
    `There are only POST ${TRANSCRIPTIONS}, GET ${MODELS} and GET ${MODELS}/{id}.`,
    'invalid_request_error',
  );

/** What a path ends with, as it was before it became part of an address. */
function lastName(path: string): string {
  try {
    return decodeURIComponent(path.slice(MODELS.length + 1));
  } catch {
    // no encoding of anything
    throw unknownRoute();
  }
}

interface Form {
  source: File;
  fields: TranscriptionRequest;
}

async function readForm(request: IncomingMessage, maxBytes: number): Promise<Form> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw invalid('The body has to be multipart/form-data.', null);
  let sizeBytes = 0;
  const tooLarge = () =>
    new ApiError(
      413,
      `The file is larger than ${maxBytes} bytes.`,
      'invalid_request_error',
      'file',
    );
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + FORM_BYTES) throw tooLarge();
  async function* counted() {
    // a request that is destroyed gets no answer
    const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes + FORM_BYTES) throw tooLarge();
      yield piece;
    }
  }
  const body = Readable.toWeb(Readable.from(counted()));
  let form: FormData;
  try {
    // the same streams, declared twice
    form = await new Response(body as BodyInit, {
      headers: { 'content-type': type },
    }).formData();
  } catch {
    throw sizeBytes > maxBytes ? tooLarge() : invalid('The form cannot be read.', null);
  }
  const source = form.get('file');
  if (!(source instanceof File) || source.size === 0)
    throw invalid('The file is missing or empty.', 'file');
  if (source.size > maxBytes) throw tooLarge();
  const text = (name: string) => form.get(name)?.toString();
  const parsed = transcriptionSchema.safeParse({
    model: text('model'),
    language: text('language') || undefined,
    response_format: text('response_format'),
    stream: text('stream'),
    timestamp_granularities: [
      ...form.getAll('timestamp_granularities[]'),
      ...form.getAll('timestamp_granularities'),
    ],
  });
  if (parsed.success) return { source, fields: parsed.data };
  const param = String(parsed.error.issues[0]?.path[0]);
  const known = param === 'response_format' ? ` It is one of ${RESPONSE_FORMATS.join(', ')}.` : '';
  throw invalid(`${param} is not valid.${known}`, param);
}

const invalid = (message: string, param: string | null) =>
  new ApiError(400, message, 'invalid_request_error', param);

async function answer(
  { source, fields }: Form,
  transcribe: UploadTranscriber,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { model, language = null, stream, response_format } = fields;
  if (signal.aborted) return;
  const send = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  let isFirst = true;
  const beginStream = () => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  };
  const onSegments = (segments: TranscriptSegment[]) => {
    if (!stream || segments.length === 0) return;
    beginStream();
    const delta = `${isFirst ? '' : ' '}${textOf(segments)}`;
    isFirst = false;
    send({ type: 'transcript.text.delta', delta });
  };
  const upload = { source, name: source.name, model, language };
  const transcript = await transcribe(upload, onSegments, signal);
  if (stream) {
    // nothing was sent of a recording without speech
    beginStream();
    send({ type: 'transcript.text.done', text: textOf(transcript.segments) });
    response.end();
    return;
  }
  switch (response_format) {
    case 'json':
      respondJson(response, 200, { text: textOf(transcript.segments) });
      return;
    case 'verbose_json':
      respondJson(response, 200, verboseJson(transcript, fields.timestamp_granularities));
      return;
    case 'text':
      respondText(response, `${textOf(transcript.segments)}\n`);
      return;
    default:
      respondText(response, await formatTranscript(response_format, transcript));
  }
}

function respondJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function respondText(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(text);
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isAppError(error) && /^(DECODE_|SOURCE_)/.test(error.code))
    return invalid(error.message, 'file');
  if (isAppError(error) && error.code === 'MODEL_NOT_INSTALLED')
    return new ApiError(404, error.message, 'invalid_request_error', 'model', 'model_not_found');
  console.error(`A request failed: ${messageOf(error)}`);
  return new ApiError(500, 'Something went wrong in the worker.', 'server_error');
}

function refuse(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  if (response.destroyed) return;
  if (!request.complete) {
    const cut = setTimeout(() => request.destroy(), LINGER_MS).unref();
    request.once('close', () => clearTimeout(cut));
    request.resume();
  }
  if (!response.headersSent) {
    respondJson(response, error.status, error.body);
  } else {
    response.write(`data: ${JSON.stringify({ type: 'error', ...error.body })}\n\n`);
    response.end();
  }
}
