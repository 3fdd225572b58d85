// Remote control of the test hub, for tests that run in a page.

/** @param {import('./hub-server.mjs').HubState} state @param {string} repository @param {string} path @param {Uint8Array} bytes */
export function put(state, repository, path, bytes) {
  const files = state.repositories.get(repository) ?? new Map();
  state.repositories.set(repository, files.set(path, bytes));
}

/** @param {import('./hub-server.mjs').HubState} state @param {string} file @param {import('./hub-server.mjs').Fault | null} fault */
export function setFault(state, file, fault) {
  if (fault) state.faults.set(file, { ...fault });
  else state.faults.delete(file);
}

/**
 * - `PUT /__control/files/{owner}/{name}/{path}`: the body becomes the file
 * - `PUT /__control/faults/{owner}/{name}/{path}`: the body is a `Fault` as JSON, or `null`
 * - `GET /__control/log`: requests so far
 * @param {import('./hub-server.mjs').HubState} state
 * @returns {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, url: URL) => Promise<void>}
 */
export function controlHandler(state) {
  return async (request, response, url) => {
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
