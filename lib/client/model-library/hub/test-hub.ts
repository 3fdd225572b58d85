// The hub that tests download from (tools/services/hub-server.ts), as seen over its addresses.
import { inject } from 'vitest';
import type { Fault, LoggedRequest } from '../../../../tools/services/hub-content';
import type { Patience } from './hub-fetch';

declare module 'vitest' {
  interface ProvidedContext {
    /** Base address of the test hub. */
    hubUrl: string;
  }
}

/** Patience of tests: the same steps as in the field, in less time. */
export const TEST_PATIENCE: Patience = {
  answerMs: 2_000,
  stallMs: 400,
  retries: 3,
  backoffMs: 5,
  maxBackoffMs: 50,
};

let counter = 0;

/** A repository of its own on the test hub. */
export interface TestRepository {
  hub: string;
  name: string;
  put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  fault(path: string, fault: Fault | null): Promise<void>;
  /** Requests for bytes of this file, oldest first; redirects left out. */
  requests(path: string): Promise<LoggedRequest[]>;
  url(path: string): string;
}

/** Makes a repository that no other test has. */
export function testRepository(): TestRepository {
  const hub = inject('hubUrl');
  const name = `test/model-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${counter++}`;
  const send = async (what: string, path: string, body: BodyInit) => {
    const answer = await fetch(`${hub}/__control/${what}/${name}/${path}`, { method: 'PUT', body });
    if (!answer.ok) throw new Error(`The test hub answered ${answer.status}.`);
  };
  return {
    hub,
    name,
    put: (path, bytes) => send('files', path, bytes),
    fault: (path, fault) => send('faults', path, JSON.stringify(fault)),
    async requests(path) {
      const log = (await (await fetch(`${hub}/__control/log`)).json()) as LoggedRequest[];
      return log.filter(({ file, status }) => file === `${name}/${path}` && status !== 302);
    },
    url: (path) => `${hub}/${name}/resolve/main/${path}`,
  };
}

/** Bytes that look random and are always the same. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** SHA-256 by the browser: another one than the code under test uses. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether two pieces are the same: an assertion on each of many numbers takes a second. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
