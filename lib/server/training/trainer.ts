import 'server-only';
import { request as askPlainly, type IncomingMessage } from 'node:http';
import { request as askSecurely } from 'node:https';
import { AppError, toAppError } from '@/lib/core';
import { serverEnv, type TrainingSettings } from '@/lib/server/process';
import { type RunRow, runToken } from './run-row';

/** Until a service that trains has answered, in ms. */
const ANSWER_MS = 10_000;

/** Answers are short; what is longer is not read. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** What a service that trains says of a job by itself. */
export type JobState = 'unknown' | 'waiting' | 'running' | 'succeeded' | 'failed' | 'stopped';

/** The trainer, as this server talks to it. Every failure that may pass is SERVER_BUSY, others BAD_REQUEST. */
export interface Trainer {
  /** May be called again with the same run, whatever became of the first call. @returns where its log is */
  start(run: RunRow): Promise<{ logsUrl: string | null }>;
  cancel(run: RunRow): Promise<void>;
  /** `null`: it reports by itself. */
  look: ((run: RunRow) => Promise<{ state: JobState; message: string | null }>) | null;
}

/** What a job needs to know: the dataset, where its model goes, and whom to report to. */
export function jobOf(run: RunRow, { secret }: TrainingSettings): Record<string, unknown> {
  const api = `${serverEnv().publicUrl}/api/training`;
  return {
    run: run.id,
    version: `v${run.version}`,
    newMs: run.newMs,
    token: runToken(secret, run.delivery),
    datasetUrl: `${api}/runs/${run.id}/dataset`,
    modelUrl: `${api}/runs/${run.id}/model`,
    callbackUrl: `${api}/callback`,
  };
}

/**
 * Asks a service that trains. Not with `fetch`: it says `sec-fetch-mode` of itself, as browsers do, and
 * a Ray cluster lets browsers change nothing (`is_browser_request` in its dashboard, answer 405).
 * Redirects are not followed.
 * @returns status and text of its answer
 * @throws SERVER_BUSY when it does not answer in time, or with a failure that may pass
 */
export async function askTrainer(
  url: string,
  init: { method: 'GET' | 'POST'; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; text: string }> {
  let status: number;
  let text: string;
  try {
    const response = await send(url, init);
    status = response.statusCode ?? 0;
    text = await readShort(response);
  } catch (error) {
    const { message } = toAppError(error);
    throw new AppError('SERVER_BUSY', `The trainer did not answer: ${message}`, {
      cause: error,
    });
  }
  const mayPass =
    status < 200 ||
    (status >= 300 && status < 400) ||
    status >= 500 ||
    [408, 425, 429].includes(status);
  if (mayPass) throw new AppError('SERVER_BUSY', `The trainer answered ${status}.`);
  return { status, text };
}

function send(
  url: string,
  { method, headers, body = '' }: Parameters<typeof askTrainer>[1],
): Promise<IncomingMessage> {
  const ask = url.startsWith('https:') ? askSecurely : askPlainly;
  return new Promise((resolve, reject) => {
    // ends the reading of the answer as well
    const signal = AbortSignal.timeout(ANSWER_MS);
    // a kept connection may have been closed at the other end: a minute or more lies between two requests
    ask(url, { method, signal, agent: false, ...(headers && { headers }) }, resolve)
      .on('error', reject)
      .end(body);
  });
}

async function readShort(response: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) break;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
