// Remote control of the test hub, for tests that run in a page.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, HubState } from './hub-types';

/** Adds or replaces a file. */
export function put(state: HubState, repository: string, path: string, bytes: Uint8Array): void {
  const files = state.repositories.get(repository) ?? new Map<string, Uint8Array>();
  state.repositories.set(repository, files.set(path, bytes));
}

/** @param fault `null`: the file is well again */
export function setFault(state: HubState, file: string, fault: Fault | null): void {
  if (fault) state.faults.set(file, { ...fault });
  else state.faults.delete(file);
}

/**
 * - `PUT /__control/files/{owner}/{name}/{path}`: the body becomes the file
 * - `PUT /__control/faults/{owner}/{name}/{path}`: the body is a `Fault` as JSON, or `null`
 * - `GET /__control/log`: requests so far
 */
export function controlHandler(state: HubState) {
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
