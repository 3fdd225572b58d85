import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import type { Training, TrainingRun } from '@/lib/contracts';
import { publishedVersions } from '@/lib/server/dataset';
import { expectContract } from '@/lib/server/testing/contract';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { startDueRun } from '@/lib/server/training/runs';
import { call as dataset, giveOne } from '../dataset/test-giving';
import { POST as CALLBACK } from './callback/route';
import { GET as FILE } from './runs/[id]/dataset/[...path]/route';
import { PUT as PUT_FILE } from './runs/[id]/model/[...path]/route';
import { POST as ACT } from './runs/[id]/route';
import { GET as LIST, POST as START } from './runs/route';

export const TEST_SECRET = 'a secret of the tests alone';

/** A request that a fake service that trains has got. */
export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** What a job is given. */
export interface JobData {
  run: string;
  version: string;
  token: string;
  datasetUrl: string;
}

/** Serves what a test says, JSON or text; it does not outlive the test. @returns its address, and what it was asked */
export async function fakeService(
  answer: (asked: Asked) => { status: number; body?: object | string },
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body };
      asked.push(one);
      const { status, body: text } = answer(one);
      const isJson = typeof text === 'object';
      response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/plain' });
      response.end(isJson ? JSON.stringify(text) : text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Whether a request is signed as Standard Webhooks says. */
export function isSigned({ headers, body }: Asked): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const digest = createHmac('sha256', TEST_SECRET).update(signed).digest('base64');
  return headers['webhook-signature'] === `v1,${digest}`;
}

/** The job that a request of the webhook starts. */
export function jobIn({ body }: Asked): JobData {
  return (JSON.parse(body) as { data: JobData }).data;
}

type Params = Record<string, string | string[]>;
type Handler = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

async function ask(
  handler: Handler,
  [method, path]: [string, string],
  headers: Record<string, string>,
  body?: unknown,
  params: Params = {},
): Promise<Response> {
  const isBytes = body instanceof Uint8Array;
  const request = new Request(`http://localhost:3000/api/training${path}`, {
    method,
    headers: {
      ...headers,
      ...(body !== undefined && {
        'content-type': isBytes ? 'application/octet-stream' : 'application/json',
      }),
    },
    ...(body !== undefined && {
      body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  await expectContract(request, response);
  return response;
}

const owner = ({ cookie }: SignedIn) => ({ 'sec-fetch-site': 'same-origin', cookie });
const job = (token: string) => ({ authorization: `Bearer ${token}` });

/** The routes of training, called as Next calls them. */
export const call = {
  list: (as: SignedIn) => ask(LIST, ['GET', '/runs'], owner(as)),
  start: (as: SignedIn, version: string) => ask(START, ['POST', '/runs'], owner(as), { version }),
  act: (as: SignedIn, id: string, action: string) =>
    ask(ACT, ['POST', `/runs/${id}`], owner(as), { action }, { id }),
  report: ({ run, token }: JobData, report: object) =>
    ask(CALLBACK, ['POST', '/callback'], job(token), { run, ...report }),
  file: ({ run, token }: JobData, path: string) =>
    ask(FILE, ['GET', `/runs/${run}/dataset/${path}`], job(token), undefined, {
      id: run,
      path: path.split('/'),
    }),
  putFile: ({ run, token }: JobData, path: string, body: Uint8Array) =>
    ask(PUT_FILE, ['PUT', `/runs/${run}/model/${path}`], job(token), body, {
      id: run,
      path: path.split('/'),
    }),
};

export const trainingOf = async (response: Response) => (await response.json()) as Training;
export const runOf = async (response: Response) => (await response.json()) as TrainingRun;

/** Gives a clip and publishes it. The run that is due then has been made when this returns. */
export async function publishOne(owner: SignedIn): Promise<void> {
  await giveOne(owner);
  expect((await dataset.publish(owner)).status).toBe(200);
  // on a slow store the version is still being written after the answer
  const isWritten = async () => expect(await publishedVersions()).toHaveLength(1);
  await vi.waitFor(isWritten, { timeout: 30_000 });
  await startDueRun();
}
