// Where a server listens, and what prevents it.
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { codeOf, messageOf, PlainError } from '../command/errors';

/** The port to listen on. @throws {PlainError} `PORT` is not one */
export function listenPort(): number {
  const { PORT } = process.env;
  if (!PORT?.trim()) return 3000;
  const port = Number(PORT);
  if (!/^\s*\d+\s*$/.test(PORT) || port < 1 || port > 65_535)
    throw new PlainError('PORT must be a whole number from 1 to 65535.');
  return port;
}

/** The address to listen on. A machine's own name, set by shells and containers, does not count. */
export function listenHost(): string {
  const { HOSTNAME } = process.env;
  return HOSTNAME && HOSTNAME !== hostname() ? HOSTNAME : 'localhost';
}

/** The system's error code if nothing can listen there; `null`: it is free. */
function listenProblem(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(codeOf(error) ?? messageOf(error)));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** Why nothing can listen on a port, in one sentence. */
function listenSentence(code: string, port: number, host: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Stop that one, or set PORT to another number.`;
  if (code === 'EACCES')
    return `Port ${port} is kept for the system. Set PORT to a number above 1023.`;
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(code))
    return `HOSTNAME is ${host}, which is no address of this machine. Set it to localhost, or to 0.0.0.0 for every address.`;
  return `Nothing can listen on port ${port} of ${host} (${code}).`;
}

/**
 * Makes sure that nothing else listens on the port, on any address that the name resolves to: another program
 * would answer in our place.
 * @throws {PlainError} with a sentence that says what the problem is
 */
export async function ensureFree(port: number, host: string): Promise<void> {
  const found = await lookup(host, { all: true }).catch(() => [{ address: host }]);
  const problems = await Promise.all(found.map(({ address }) => listenProblem(port, address)));
  // a name may resolve to addresses that this machine lacks, such as IPv6 ones
  const real = problems.filter((code) => code !== 'EADDRNOTAVAIL' || found.length === 1);
  const code = real.find((problem) => problem !== null);
  if (code) throw new PlainError(listenSentence(code, port, host));
}

/** The address by which this machine reaches what listens on `host`. */
export function localUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
