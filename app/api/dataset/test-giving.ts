import {
  CLIP_PART_BYTES,
  type ClipState,
  CONSENT_WORDINGS,
  type DatasetFigures,
  ENTRIES_A_BATCH,
  type EntriesAnswer,
  type EntryPage,
  type NewClip,
  type NewEntry,
  type PublishAnswer,
} from '@/lib/contracts';
import { newId } from '@/lib/core';
import { database, datasetClips } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { expectContract } from '@/lib/server/testing/contract';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { announced, makeFlac, type TestFlac } from '@/lib/server/testing/test-flac';
import { PUT } from './clips/[sha256]/route';
import { POST as ANNOUNCE } from './clips/route';
import { DELETE } from './entries/[id]/route';
import { POST as GIVE, GET as LIST, DELETE as WITHDRAW_RECORDING } from './entries/route';
import { GET as FIGURES } from './route';
import { GET as FILE } from './versions/[name]/[...path]/route';
import { POST as PUBLISH } from './versions/route';

interface Sent {
  as?: SignedIn | undefined;
  body?: unknown;
}

function request(method: string, path: string, { as, body }: Sent): Request {
  const isBytes = body instanceof Uint8Array;
  return new Request(`http://localhost:3000/api/dataset${path}`, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(as && { cookie: as.cookie }),
      ...(body !== undefined && {
        'content-type': isBytes ? 'application/octet-stream' : 'application/json',
      }),
    },
    ...(body !== undefined && {
      body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  });
}

type Params = Record<string, string | string[]>;
type Handler = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

async function ask(
  handler: Handler,
  method: string,
  path: string,
  sent: Sent,
  params: Params = {},
): Promise<Response> {
  const asked = request(method, path, sent);
  const response = await handler(asked, { params: Promise.resolve(params) });
  await expectContract(asked, response);
  return response;
}

const facts = ({ sha256, bytes, samples }: TestFlac) => ({
  sha256,
  samples,
  sizeBytes: bytes.length,
});

/** The routes of the dataset, called as Next calls them. */
export const call = {
  announce: (as: SignedIn | undefined, clip: TestFlac, more: Partial<NewClip> = {}) =>
    ask(ANNOUNCE, 'POST', '/clips', { as, body: { ...facts(clip), ...more } }),
  put: (as: SignedIn | undefined, sha256: string, offset: number, body: Uint8Array) =>
    ask(PUT, 'PUT', `/clips/${sha256}?offset=${offset}`, { as, body }, { sha256 }),
  give: (as: SignedIn | undefined, entries: unknown) =>
    ask(GIVE, 'POST', '/entries', { as, body: { entries } }),
  list: (as: SignedIn | undefined, query = '') => ask(LIST, 'GET', `/entries${query}`, { as }),
  withdraw: (as: SignedIn | undefined, id: string) =>
    ask(DELETE, 'DELETE', `/entries/${id}`, { as }, { id }),
  withdrawRecording: (as: SignedIn | undefined, recording: string) =>
    ask(WITHDRAW_RECORDING, 'DELETE', `/entries?recording=${recording}`, { as }),
  figures: (as: SignedIn | undefined) => ask(FIGURES, 'GET', '', { as }),
  publish: (as: SignedIn | undefined) => ask(PUBLISH, 'POST', '/versions', { as }),
  file: (as: SignedIn | undefined, name: string, path: string) =>
    ask(FILE, 'GET', `/versions/${name}/${path}`, { as }, { name, path: path.split('/') }),
};

export const stateOf = async (response: Response) => (await response.json()) as ClipState;
export const givenOf = async (response: Response) => (await response.json()) as EntriesAnswer;
export const pageOf = async (response: Response) => (await response.json()) as EntryPage;
export const figuresOf = async (response: Response) => (await response.json()) as DatasetFigures;
export const publishedOf = async (response: Response) => (await response.json()) as PublishAnswer;

/** Uploads a clip as a browser does. @returns its final state */
export async function upload(as: SignedIn, clip: TestFlac): Promise<ClipState> {
  let state = await stateOf(await call.announce(as, clip));
  while (state.state === 'wanted') {
    const part = clip.bytes.slice(state.offset, state.offset + CLIP_PART_BYTES);
    state = await stateOf(await call.put(as, clip.sha256, state.offset, part));
  }
  return state;
}

/** An entry for a clip. */
export function entryFor(clip: TestFlac, more: Partial<NewEntry> = {}): NewEntry {
  return {
    id: newId(),
    clip: clip.sha256,
    text: 'the boats had already come',
    asrText: 'the boats had all ready come',
    language: 'en',
    level: 'edited',
    speaker: 'speaker-1',
    recording: 'recording-1',
    modelId: 'draft-en',
    consent: {
      wording: CONSENT_WORDINGS[0],
      licence: 'CC0-1.0',
      at: '2026-11-29T12:00:00.000Z',
    },
    ...more,
  };
}

/** Gives clips that were stored past the check, many in a moment. @returns the entries */
export async function giveMany(
  as: SignedIn,
  count: number,
  more: (at: number) => Partial<NewEntry> = () => ({}),
): Promise<NewEntry[]> {
  const entries: NewEntry[] = [];
  const clips = Array.from({ length: count }, (_, at) => {
    const bytes = new TextEncoder().encode(newId());
    return { ...announced(bytes, 16_000), durationMs: 1_001 + at };
  });
  const { db } = await database();
  await db.insert(datasetClips).values(
    clips.map(({ sha256, bytes, durationMs }) => ({
      ...{ sha256, durationMs },
      sizeBytes: bytes.length,
    })),
  );
  for (const [at, clip] of clips.entries()) {
    const key = `dataset/clips/${clip.sha256.slice(0, 2)}/${clip.sha256}.flac`;
    await objectStore().put(key, clip.bytes);
    entries.push(entryFor(clip, more(at)));
  }
  for (let at = 0; at < count; at += ENTRIES_A_BATCH) {
    const batch = entries.slice(at, at + ENTRIES_A_BATCH);
    const { refused } = await givenOf(await call.give(as, batch));
    if (refused.length > 0) throw new Error(`Refused: ${refused[0]?.reason}`);
  }
  return entries;
}

let seed = 100;

/** Uploads another clip and gives it. @returns the entry */
export async function giveOne(as: SignedIn, more: Partial<NewEntry> = {}): Promise<NewEntry> {
  seed += 1;
  const clip = makeFlac({ seed, samples: 16_000 + seed * 16 });
  await upload(as, clip);
  const entry = entryFor(clip, more);
  const { accepted } = await givenOf(await call.give(as, [entry]));
  if (accepted[0] !== entry.id) throw new Error('The entry was not accepted.');
  return entry;
}
