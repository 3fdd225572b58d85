// What a browser does when ciphertext is changed or an upload fails, against the real routes.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchShares } from '@/app/_features/sharing/own-shares';
import { patterned } from '@/lib/client/sharing/test-share';
import { keepMedia } from '@/lib/client/store/media';
import { listShareLinks } from '@/lib/client/store/share-links';
import { memoryStorage } from '@/lib/client/store/test-opfs';
import { setDeleted } from '@/lib/client/store/transcripts';
import {
  codeOf,
  ID,
  make,
  open,
  openPageBeforeEach,
  openWithAudio,
  page,
  signal,
  TITLE,
} from './test-browser';

openPageBeforeEach();

/** As `lib/client/http/server-call.ts` has them. */
const RETRY_WAITS_MS = new Set([1000, 3000, 9000]);

/** What becomes of ciphertext on its way. */
type Change = (body: Buffer, path: string) => Buffer;

const isPart = (path: string) => path.includes('/parts/');
const flip = (body: Buffer) => {
  const changed = Buffer.from(body);
  changed[body.length - 40] = (changed[body.length - 40] ?? 0) ^ 1;
  return changed;
};
const cut = (body: Buffer) => body.subarray(0, body.length - 30);

describe('ciphertext that was changed on its way', () => {
  /** Answers of the server to the reader of another link. */
  const answers = new Map<string, Buffer>();
  let link: string;
  let other: string;
  const idOf = (address: string) => address.replace(/.*\/s\/([\w-]+)#.*/, '$1');

  beforeEach(async () => {
    await keepMedia(ID, new Blob([patterned(5_000)]), signal);
    link = (await make({ withAudio: true })).link;
    other = (await make({ withAudio: true })).link;
    answers.clear();
    page.between = async (request, pass) => {
      const response = await pass();
      const body = Buffer.from(await response.clone().arrayBuffer());
      answers.set(new URL(request.url).pathname, body);
      return response;
    };
    for (const address of [link, other]) await (await openWithAudio(address)).blob;
  });

  /** From now on every answer is changed. */
  const changing = (change: Change) => {
    page.between = async (request, pass) => {
      const { status, headers, ...response } = await pass();
      const body = Buffer.from(answers.get(new URL(request.url).pathname) ?? []);
      const { pathname } = new URL(request.url);
      return new Response(new Uint8Array(change(body, pathname)), { status, headers, ...response });
    };
  };
  const ofOther = (path: string) =>
    answers.get(path.replace(idOf(link), idOf(other))) ?? Buffer.alloc(0);

  it('is refused as a text, whatever was done to it', async () => {
    const changes: [string, Change][] = [
      ['one other bit', flip],
      ['cut off', cut],
      ['longer', (body) => Buffer.concat([body, Buffer.alloc(30)])],
      ['nothing', () => Buffer.alloc(0)],
      ['that of another link', (_body, path) => ofOther(path)],
      ['the recording', (_body, path) => answers.get(`${path}/parts/0`) ?? Buffer.alloc(0)],
    ];
    for (const [what, change] of changes) {
      changing(change);
      expect(await codeOf(open(link)), what).toBe('SHARE_DECRYPT_FAILED');
    }
  });

  it('is refused as a recording, and the text stays', async () => {
    const changes: [string, Change][] = [
      ['one other bit', flip],
      ['cut off', cut],
      ['that of another link', (_body, path) => ofOther(path)],
      ['the text', (_body, path) => answers.get(path.replace('/parts/0', '')) ?? Buffer.alloc(0)],
    ];
    for (const [what, change] of changes) {
      changing((body, path) => (isPart(path) ? change(body, path) : body));
      const { opened, blob } = await openWithAudio(link);
      expect(await codeOf(blob), what).toBe('SHARE_DECRYPT_FAILED');
      expect(opened.document.transcript.title).toBe(TITLE);
    }
  });
});

describe('an upload', () => {
  /** No link is left, here or there. */
  const expectNothing = async () => {
    page.between = (_request, pass) => pass();
    expect(await listShareLinks()).toEqual([]);
    expect(await fetchShares(ID, signal)).toEqual([]);
  };

  beforeEach(async () => {
    await keepMedia(ID, new Blob([patterned(5_000)]), signal);
    // the waits between tries are over at once
    const start = setTimeout;
    vi.stubGlobal('setTimeout', (step: () => void, ms: number) =>
      start(step, RETRY_WAITS_MS.has(ms) ? 0 : ms),
    );
  });

  it('is tried again when the network breaks off, and ends well', async () => {
    let left = 2;
    page.between = (request, pass) => {
      if (request.method !== 'PUT' || left === 0) return pass();
      left -= 1;
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    const { link } = await make({ withAudio: true });
    expect((await open(link)).document.transcript.title).toBe(TITLE);
  });

  it.each([
    ['the text', /^PUT .*shares\/[^/]+$/],
    ['the recording', /^PUT .*parts/],
    ['the end', /complete$/],
  ])('that breaks off at %s is taken back whole', async (_what, where) => {
    page.between = ({ method, url }, pass) =>
      where.test(`${method} ${url}`) ? Promise.reject(new TypeError('Failed to fetch')) : pass();
    expect(await codeOf(make({ withAudio: true }))).toBe('OFFLINE');
    expect(page.asked().at(-1)).toMatch(/^DELETE /);
    await expectNothing();
  });

  it('that is given up is undone', async () => {
    const stop = new AbortController();
    page.between = ({ url }, pass) => {
      if (!url.includes('/parts/')) return pass();
      stop.abort();
      return new Promise(() => undefined); // never answered
    };
    expect(await codeOf(make({ withAudio: true, stop: stop.signal }))).toBe('ABORTED');
    expect(page.asked().at(-1)).toMatch(/^DELETE /);
    await expectNothing();
  });

  it('without a network says so, and leaves nothing here', async () => {
    page.between = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await codeOf(make())).toBe('OFFLINE');
    await expectNothing();
  });

  it('does not begin without its recording, or without a sign-in', async () => {
    await setDeleted(ID, false);
    vi.stubGlobal('navigator', { storage: memoryStorage() });
    expect(await codeOf(make({ withAudio: true }))).toBe('SOURCE_GONE');
    expect(page.asked()).toEqual([]);
    page.as = null;
    expect(await codeOf(make())).toBe('UNAUTHENTICATED');
    expect(await listShareLinks()).toEqual([]);
  });
});
