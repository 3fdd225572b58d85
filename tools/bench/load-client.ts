// What one user's browser does over HTTP, without a browser: for load, where hundreds are needed.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

const PASSWORD = 'correct horse battery staple';
const ADDRESS_TIMES = 20;

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** What goes with a request. */
export interface Sent {
  json?: unknown;
  bytes?: Buffer;
  headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Answer {
  status: number;
  sizeBytes: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A link to a document: how its readers ask for it. */
export interface LoadShare {
  path: string;
  idHash: string;
  headers: Readonly<Record<string, string>>;
  sizeBytes: number;
}

/** A connection to the app that says it comes from ever new addresses, as visitors of a link do. */
export class LoadClient {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #address = '';
  #asked = 0;
  cookie = '';

  /** @param url of the app, which trusts one proxy */
  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Asks for something. */
  call(method: string, path: string, { json, bytes, headers = {} }: Sent = {}): Promise<Answer> {
    if (this.#asked % ADDRESS_TIMES === 0) this.#address = `10.${[...randomBytes(3)].join('.')}`;
    this.#asked += 1;
    const body = bytes ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)));
    return new Promise((resolve, reject) => {
      const sending = request(
        {
          agent: this.#agent,
          hostname: this.#url.hostname,
          port: this.#url.port,
          method,
          path,
          headers: {
            'sec-fetch-site': 'same-origin',
            'x-forwarded-for': this.#address,
            ...(this.cookie && { cookie: this.cookie }),
            ...(json !== undefined && { 'content-type': 'application/json' }),
            ...(body && { 'content-length': body.length }),
            ...headers,
          },
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', reject);
          response.on('end', () => {
            const whole = Buffer.concat(pieces);
            const { statusCode: status = 0, headers: got } = response;
            resolve({ status, sizeBytes: whole.length, headers: got, body: whole });
          });
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  }

  /** The same, of which nothing but success is expected. */
  async must(method: string, path: string, sent?: Sent): Promise<Answer> {
    const answer = await this.call(method, path, sent);
    if (answer.status < 200 || answer.status > 299)
      throw new Error(
        `${method} ${path}: ${answer.status} ${answer.body.toString().slice(0, 200)}`,
      );
    const [cookie] = answer.headers['set-cookie'] ?? [];
    if (cookie) this.cookie = cookie.split(';')[0] ?? '';
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Makes the owner with the link that the server printed. */
export async function setUpOwner(url: string, link: string): Promise<LoadClient> {
  const owner = new LoadClient(url);
  const account = { name: 'Owner', email: 'owner@example.org', password: PASSWORD };
  await owner.must('POST', '/api/setup', {
    json: { token: new URL(link).hash.slice(1), account },
  });
  return owner;
}

/** Invites one more user, who signs in. */
export async function addMember(
  url: string,
  owner: LoadClient,
  number: number,
): Promise<LoadClient> {
  const { body } = await owner.must('POST', '/api/invitations', { json: { note: `${number}` } });
  const { token }: { token: string } = JSON.parse(body.toString());
  const member = new LoadClient(url);
  const account = { name: '', email: `member-${number}@example.org`, password: PASSWORD };
  await member.must('POST', '/api/invitations/accept', { json: { token, account } });
  return member;
}

/** Makes a link to a document of this size. */
export async function makeShare(owner: LoadClient, sizeBytes: number): Promise<LoadShare> {
  const id = randomBytes(16).toString('base64url');
  const auth = randomBytes(32).toString('base64url');
  const idHash = hashOf(id);
  const facts = {
    idHash,
    authHash: hashOf(auth),
    transcriptId: randomUUID(),
    hasPassword: false,
    documentBytes: sizeBytes,
    audioBytes: 0,
    lifetimeS: 86_400,
  };
  await owner.must('POST', '/api/shares', { json: facts });
  // ciphertext looks like this to a server
  const bytes = randomBytes(sizeBytes);
  const headers = { 'content-type': 'application/octet-stream' };
  await owner.must('PUT', `/api/shares/${idHash}`, { bytes, headers });
  await owner.must('POST', `/api/shares/${idHash}/complete`);
  return {
    path: `/api/shares/${id}`,
    idHash,
    headers: { authorization: `Share ${auth}` },
    sizeBytes,
  };
}

/** What a device sends when a transcript's title was changed. */
export function renamed(times: number) {
  const atMs = Date.now();
  return {
    title: `Meeting, version ${times}`,
    language: 'en',
    durationMs: 3_600_000,
    wordCount: 9_000,
    tags: ['work'],
    createdAt: '2026-01-01T00:00:00.000Z',
    fieldTimes: { title: atMs, language: 1, durationMs: 1, wordCount: 1, tags: 1, deleted: 0 },
  };
}
