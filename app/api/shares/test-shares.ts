import { packDocument } from '@/lib/client/sharing/document';
import { deriveShareKeys, hashOf, newShareSecret, sealStream } from '@/lib/client/sharing/envelope';
import { bytesOf, patterned, sampleTranscript, streamOf } from '@/lib/client/sharing/test-share';
import { type NewShare, PART_BYTES } from '@/lib/contracts/shares';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { POST as COMPLETE } from './[id]/complete/route';
import { GET as GET_PART, PUT as PUT_PART } from './[id]/parts/[n]/route';
import { DELETE, GET, PUT } from './[id]/route';
import { GET as LIST, POST } from './route';

const ORIGIN = 'http://localhost:3000';
const TRANSCRIPT_ID = sampleTranscript().id;

export interface CallOptions {
  as?: SignedIn;
  body?: unknown;
  auth?: string;
  /** Who asks, as a proxy would say. */
  from?: string;
}

function request(method: string, path: string, { as, body, auth, from }: CallOptions): Request {
  const bytes = body instanceof Uint8Array;
  return new Request(`${ORIGIN}${path}`, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(from && { 'x-forwarded-for': from }),
      ...(as && { cookie: as.cookie }),
      ...(auth !== undefined && { authorization: `Share ${auth}` }),
      ...(body !== undefined && {
        'content-type': bytes ? 'application/octet-stream' : 'application/json',
      }),
    },
    ...(body !== undefined && {
      body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  });
}

const params = <T extends Record<string, string>>(value: T) => ({ params: Promise.resolve(value) });

/** The routes of shares, called as Next calls them. */
export const call = {
  create: (options: CallOptions) => POST(request('POST', '/api/shares', options)),
  list: (options: CallOptions, query = '') => LIST(request('GET', `/api/shares${query}`, options)),
  open: (id: string, options: CallOptions) =>
    GET(request('GET', `/api/shares/${id}`, options), params({ id })),
  putDocument: (id: string, options: CallOptions) =>
    PUT(request('PUT', `/api/shares/${id}`, options), params({ id })),
  putPart: (id: string, n: number | string, options: CallOptions) =>
    PUT_PART(request('PUT', `/api/shares/${id}/parts/${n}`, options), params({ id, n: String(n) })),
  openPart: (id: string, n: number | string, options: CallOptions) =>
    GET_PART(request('GET', `/api/shares/${id}/parts/${n}`, options), params({ id, n: String(n) })),
  complete: (id: string, options: CallOptions) =>
    COMPLETE(request('POST', `/api/shares/${id}/complete`, options), params({ id })),
  revoke: (id: string, options: CallOptions) =>
    DELETE(request('DELETE', `/api/shares/${id}`, options), params({ id })),
};

/** A share as its owner's browser has it before the first call. */
export interface PreparedShare {
  id: string;
  secret: string;
  auth: string;
  facts: NewShare;
  document: Uint8Array<ArrayBuffer>;
  parts: Uint8Array<ArrayBuffer>[];
}

/** Seals a short transcript, and so much audio. */
export async function prepareShare({
  password = null as string | null,
  audioBytes = 0,
  lifetimeS = 86_400,
} = {}): Promise<PreparedShare> {
  const link = newShareSecret();
  const keys = await deriveShareKeys(link, password);
  const packed = packDocument({ version: 1, transcript: sampleTranscript(), audio: null });
  const document = await bytesOf(packed.pipeThrough(sealStream(keys.document, 'document')));
  const audio =
    audioBytes === 0
      ? new Uint8Array()
      : await bytesOf(streamOf(patterned(audioBytes)).pipeThrough(sealStream(keys.audio, 'audio')));
  const parts = Array.from({ length: Math.ceil(audio.length / PART_BYTES) }, (_, part) =>
    audio.slice(part * PART_BYTES, (part + 1) * PART_BYTES),
  );
  return {
    ...link,
    auth: keys.auth,
    document,
    parts,
    facts: {
      idHash: await hashOf(link.id),
      authHash: await hashOf(keys.auth),
      transcriptId: TRANSCRIPT_ID,
      hasPassword: password !== null,
      documentBytes: document.length,
      audioBytes: audio.length,
      lifetimeS,
    },
  };
}

/** Makes a whole share, as a browser does. */
export async function makeShare(
  as: SignedIn,
  options: Parameters<typeof prepareShare>[0] = {},
): Promise<PreparedShare> {
  const share = await prepareShare(options);
  const { idHash } = share.facts;
  const answers = [
    await call.create({ as, body: share.facts }),
    await call.putDocument(idHash, { as, body: share.document }),
  ];
  for (const [n, body] of share.parts.entries())
    answers.push(await call.putPart(idHash, n, { as, body }));
  answers.push(await call.complete(idHash, { as }));
  const statuses = answers.map(({ status }) => status);
  if (statuses.some((status) => status !== 204)) throw new Error(`Not made: ${statuses}`);
  return share;
}

/** A new user on one device. */
export async function signedIn(): Promise<SignedIn> {
  return signInAs(await makeUser());
}
