// A model hub on this machine, for tests and benchmarks. It speaks the addresses of the Hugging
// Face Hub that the app uses, and can be made to fail in the ways that networks and hubs do.
//
// Large files are answered as there: a 302 to another origin (here: another port), which takes
// ranges but no preflights. That is what a page meets in the field: a request which needs a
// preflight, such as one with If-Range, fails after the redirect.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { cdnHandler } from './hub-content.mjs';
import { controlHandler, put, setFault } from './hub-control.mjs';

/**
 * @typedef {object} Fault What goes wrong with one file. All of it can be combined.
 * @property {number} [cutAfter] the connection breaks after so many bytes of an answer
 * @property {number} [times] `cutAfter`, `hangAfter`, `status` and `hang` apply so often; then never again
 * @property {boolean} [wrongBytes] one bit of the file is another
 * @property {number} [status] answered instead of the file: 404, 403, 416, 503, …
 * @property {number} [retryAfterSeconds] sent with `status`
 * @property {number} [bytesPerSecond] the file comes slowly
 * @property {boolean} [noRange] ranges are ignored: the whole file comes, with status 200
 * @property {boolean} [wrongContentRange] a range is answered with the bytes of another place
 * @property {boolean} [hang] the request is never answered
 * @property {number} [hangAfter] the answer stops after so many bytes, and stays open
 *
 * @typedef {object} LoggedRequest
 * @property {'hub' | 'cdn'} at which of the two origins answered
 * @property {string} method
 * @property {string} file `owner/name/path`; empty for the listing and the description
 * @property {string | null} range the header as it came
 * @property {number} status
 * @property {number} sentBytes of the file, in this answer
 *
 * @typedef {object} HubState
 * @property {Map<string, Map<string, Uint8Array>>} repositories by `owner/name`, then by path
 * @property {Map<string, Fault>} faults by `owner/name/path`
 * @property {LoggedRequest[]} log
 * @property {string} cdnUrl
 *
 * @typedef {object} Hub
 * @property {string} url the value for `MODEL_HUB`
 * @property {LoggedRequest[]} log requests so far, oldest first
 * @property {(repository: string, path: string, bytes: Uint8Array) => void} put adds or replaces a file
 * @property {(repository: string, path: string, fault: Fault | null) => void} setFault
 * @property {() => Promise<void>} close
 */

/** Files of these names are large files to the hub, whatever their size. */
const LARGE_FILE = /\.(?:onnx|onnx[_.]data|bin|safetensors)$/;

/** @param {Uint8Array} bytes @returns {string} lower-case hex */
const sha256Of = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The name git gives to these bytes. @param {Uint8Array} bytes */
const gitOidOf = (bytes) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const EXPOSED =
  'X-Repo-Commit,X-Error-Code,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag';
const COMMIT = 'c0ffee0000000000000000000000000000000000';

/**
 * Starts a hub on 127.0.0.1.
 * @param {{ repositories?: Map<string, Map<string, Uint8Array>>, port?: number, control?: boolean }} [options]
 *   control: also answer `/__control/…`, by which a page adds files and sets faults
 * @returns {Promise<Hub>}
 */
export async function startHub({ repositories = new Map(), port = 0, control = false } = {}) {
  /** @type {HubState} */
  const state = { repositories, faults: new Map(), log: [], cdnUrl: '' };
  const cdn = createServer(cdnHandler(state, 'cdn'));
  state.cdnUrl = `http://127.0.0.1:${await listen(cdn, 0)}`;
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
  const bound = await listen(server, port);
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

/** @param {import('node:http').Server} server @param {number} port @returns {Promise<number>} */
function listen(server, port) {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

/**
 * The description of a repository, or the listing of its files.
 * @param {HubState} state
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} repository
 * @param {boolean} isTree
 */
function answerApi(state, request, response, repository, isTree) {
  const files = state.repositories.get(repository);
  // the hub does not tell strangers what is private from what is not there
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

/**
 * `/{owner}/{name}/resolve/{revision}/{path}`.
 * @param {HubState} state
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {URL} url
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} content
 */
function resolve(state, request, response, url, content) {
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
