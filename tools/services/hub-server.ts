// A model hub on this machine, for tests and benchmarks. It speaks the addresses of the Hugging
// Face Hub that the app uses, and can be made to fail in the ways that networks and hubs do.
//
// Large files are answered as there: a 302 to another origin (here: another port), which takes
// ranges but no preflights. That is what a page meets in the field: a request which needs a
// preflight, such as one with If-Range, fails after the redirect.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { WantedModel } from '../catalogue/catalogue';
import { messageOf, PlainError } from '../command/errors';
import { openModelZip } from '../models/model-zip';
import {
  cdnHandler,
  type Fault,
  type Handler,
  type HubState,
  type LoggedRequest,
  type Repositories,
} from './hub-content';
import { listenLocally } from './listen';

/** A hub that runs. */
export interface Hub {
  /** The value for `MODEL_HUB`. */
  url: string;
  /** Requests so far, oldest first. */
  log: LoggedRequest[];
  /** Adds or replaces a file. */
  put(repository: string, path: string, bytes: Uint8Array): void;
  setFault(repository: string, path: string, fault: Fault | null): void;
  close(): Promise<void>;
}

/** How a hub is started. */
export interface HubOptions {
  repositories?: Repositories;
  /** A free one, unless it is given. */
  port?: number;
  /** Also answer `/__control/…`, by which a page adds files and sets faults. */
  control?: boolean;
}

/** Files of these names are large files to the hub, whatever their size. */
const LARGE_FILE = /\.(?:onnx|onnx[_.]data|bin|safetensors)$/;

/** Lower-case hex. */
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The name git gives to these bytes. */
const gitOidOf = (bytes: Uint8Array) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const EXPOSED =
  'X-Repo-Commit,X-Error-Code,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag';
const COMMIT = 'c0ffee0000000000000000000000000000000000';

/** Starts a hub on 127.0.0.1. */
export async function startHub({
  repositories = new Map(),
  port = 0,
  control = false,
}: HubOptions = {}): Promise<Hub> {
  const state: HubState = { repositories, faults: new Map(), log: [], cdnUrl: '' };
  const cdn = createServer(cdnHandler(state, 'cdn'));
  state.cdnUrl = `http://127.0.0.1:${await listenLocally(cdn)}`;
  const content = cdnHandler(state, 'hub');
  const command = controlHandler(state);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', EXPOSED);
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    if (control && url.pathname.startsWith('/__control/')) return command(request, response, url);
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'GET, HEAD, OPTIONS');
      response.setHeader('access-control-allow-headers', 'Range, If-Range');
      return response.writeHead(204).end();
    }
    const api = /^\/api\/models\/([^/]+\/[^/]+)(?:\/(tree|revision)\/[^/]+)?$/.exec(url.pathname);
    if (api)
      return answerApi(
        state,
        request,
        response,
        decodeURIComponent(api[1] ?? ''),
        api[2] === 'tree',
      );
    return resolve(state, request, response, url, content);
  });
  const bound = await listenLocally(server, port);
  return {
    url: `http://127.0.0.1:${bound}`,
    log: state.log,
    put: (repository, path, bytes) => put(state, repository, path, bytes),
    setFault: (repository, path, fault) => setFault(state, `${repository}/${path}`, fault),
    close: async () => {
      for (const one of [server, cdn]) {
        one.closeAllConnections();
        await new Promise((done) => one.close(done));
      }
    },
  };
}

/** The description of a repository, or the listing of its files. */
function answerApi(
  state: HubState,
  request: IncomingMessage,
  response: ServerResponse,
  repository: string,
  isTree: boolean,
) {
  const files = state.repositories.get(repository);
  // to strangers the hub does not distinguish what is private from what is not there
  const status = files ? 200 : 401;
  const method = request.method ?? 'GET';
  state.log.push({ at: 'hub', method, file: '', range: null, status, sentBytes: 0 });
  response.writeHead(status, { 'content-type': 'application/json' });
  if (!files) return response.end('{"error":"Invalid username or password."}');
  if (!isTree)
    return response.end(
      JSON.stringify({
        id: repository,
        sha: COMMIT,
        gated: false,
        cardData: { license: 'mit', language: ['en'] },
      }),
    );
  const entries = [...files].map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: gitOidOf(bytes),
    ...(LARGE_FILE.test(path)
      ? { lfs: { oid: sha256Of(bytes), size: bytes.length, pointerSize: 134 } }
      : {}),
  }));
  return response.end(JSON.stringify([{ type: 'directory', path: 'onnx', size: 0 }, ...entries]));
}

/** `/{owner}/{name}/resolve/{revision}/{path}`. */
function resolve(
  state: HubState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  content: Handler,
) {
  const match = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(decodeURIComponent(url.pathname));
  const [, repository = '', path = ''] = match ?? [];
  const file = `${repository}/${path}`;
  const bytes = state.repositories.get(repository)?.get(path);
  if (!bytes) {
    const method = request.method ?? 'GET';
    const range = request.headers.range ?? null;
    state.log.push({ at: 'hub', method, file, range, status: 404, sentBytes: 0 });
    return response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end('Entry not found');
  }
  response.setHeader('x-repo-commit', COMMIT);
  response.setHeader('accept-ranges', 'bytes');
  if (!LARGE_FILE.test(path)) {
    request.url = `/${file}`;
    return content(request, response);
  }
  const method = request.method ?? 'GET';
  const range = request.headers.range ?? null;
  state.log.push({ at: 'hub', method, file, range, status: 302, sentBytes: 0 });
  return response
    .writeHead(302, {
      location: `${state.cdnUrl}/${file}?signed=1`,
      'x-linked-size': String(bytes.length),
      'x-linked-etag': `"${sha256Of(bytes)}"`,
    })
    .end();
}

/** Adds or replaces a file. */
function put(state: HubState, repository: string, path: string, bytes: Uint8Array): void {
  const files = state.repositories.get(repository) ?? new Map<string, Uint8Array>();
  state.repositories.set(repository, files.set(path, bytes));
}

/** @param fault `null`: the file is well again */
function setFault(state: HubState, file: string, fault: Fault | null): void {
  if (fault) state.faults.set(file, { ...fault });
  else state.faults.delete(file);
}

/**
 * Remote control of the hub, for tests that run in a page:
 * - `PUT /__control/files/{owner}/{name}/{path}`: the body becomes the file
 * - `PUT /__control/faults/{owner}/{name}/{path}`: the body is a `Fault` as JSON, or `null`
 * - `GET /__control/log`: requests so far
 */
function controlHandler(state: HubState) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    response.setHeader('access-control-allow-methods', 'GET, PUT');
    response.setHeader('access-control-allow-headers', 'Content-Type');
    const [, , what, owner, name, ...path] = decodeURIComponent(url.pathname).split('/');
    if (request.method === 'GET' && what === 'log') {
      response.end(JSON.stringify(state.log));
      return;
    }
    if (request.method === 'PUT') {
      const body = Buffer.concat(await request.toArray());
      if (what === 'files') put(state, `${owner}/${name}`, path.join('/'), new Uint8Array(body));
      if (what === 'faults')
        setFault(state, `${owner}/${name}/${path.join('/')}`, JSON.parse(body.toString()));
    }
    response.writeHead(204).end();
  };
}

/** By path. */
type Files = Map<string, Uint8Array>;
type IsWanted = (path: string) => boolean;

/**
 * Serves a folder or a zip as a model's repository, by a hub on this machine. Files are read into memory.
 * @param from laid out as the repository is
 * @throws {PlainError} no such folder or zip, nothing of the model in it, a file of 2 GiB or more
 */
export async function serveFolder(
  from: string,
  { repository, paths }: Pick<WantedModel, 'repository' | 'paths'>,
): Promise<Hub> {
  const wanted = new Set(Object.values(paths).flat());
  const isWanted = (path: string) => wanted.size === 0 || wanted.has(path);
  const isFile = statSync(from, { throwIfNoEntry: false })?.isFile() ?? false;
  const files = isFile ? await filesOfZip(from, isWanted) : filesOfFolder(from, isWanted);
  if (files.size === 0)
    throw new PlainError(`${from} has none of ${[...wanted].join(', ') || 'the files'}.`);
  return startHub({ repositories: new Map([[repository, files]]) });
}

function filesOfFolder(folder: string, isWanted: IsWanted): Files {
  const files: Files = new Map();
  for (const path of pathsIn(folder).filter(isWanted)) {
    const file = join(folder, path);
    try {
      if (statSync(file).isFile()) files.set(path, new Uint8Array(readFileSync(file)));
    } catch (error) {
      throw new PlainError(`${file} cannot be served: ${messageOf(error)}`);
    }
  }
  return files;
}

async function filesOfZip(file: string, isWanted: IsWanted): Promise<Files> {
  const zip = await openModelZip(file);
  try {
    const files: Files = new Map();
    for (const { path, bytes } of zip.files.filter((one) => isWanted(one.path))) {
      const whole = new Uint8Array(bytes);
      let at = 0;
      await zip.read(path, (piece) => {
        whole.set(piece, at);
        at += piece.length;
      });
      files.set(path, whole);
    }
    return files;
  } finally {
    await zip.close();
  }
}

/** Paths from the folder, with slashes; hidden files and folders are left out. */
function pathsIn(folder: string): string[] {
  try {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => !/(?:^|\/)\./.test(path));
  } catch (error) {
    throw new PlainError(`${folder} cannot be read: ${messageOf(error)}`);
  }
}
