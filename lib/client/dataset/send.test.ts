import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addContributions, listContributions } from '@/lib/client/store';
import { closeDatabase } from '@/lib/client/store/db';
import { CLIP_PART_BYTES, type ClipState, type NewEntry } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { type DatasetServer, sendAll } from './send';
import { withdraw } from './start-giving';
import { contribution } from './test-contribution';

const CLIP_BYTES = CLIP_PART_BYTES + 10;
const { signal } = new AbortController();

afterEach(async () => {
  await closeDatabase();
  vi.restoreAllMocks();
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase('ai2text').onsuccess = () => resolve();
  });
});

/** A server that keeps what it is sent, part by part, and fails on demand. */
function fakeServer(hasStore = false) {
  const clips = new Map<string, number>();
  const entries = new Map<string, NewEntry>();
  const calls: string[] = [];
  const faults = new Map<string, AppError>();
  const call = (name: string) => {
    calls.push(name);
    const fault = faults.get(name);
    faults.delete(name);
    return fault;
  };
  const stateOf = (sha256: string): ClipState => {
    const offset = clips.get(sha256) ?? 0;
    if (offset >= CLIP_BYTES) return { state: 'stored', durationMs: 2_000 };
    const url = `/api/dataset/clips/${sha256}`;
    return { state: 'wanted', offset, upload: { method: 'PUT', to: 'app', url, headers: {} } };
  };
  const server: DatasetServer = {
    async announceClip({ sha256, canReachStore }) {
      const fault = call('announce');
      if (fault) throw fault;
      const state = stateOf(sha256);
      if (!hasStore || !canReachStore || state.state !== 'wanted') return state;
      return { ...state, upload: { ...state.upload, to: 'store' } };
    },
    async store({ upload: { url } }, bytes) {
      const fault = call('store');
      if (fault?.code !== 'SERVER_BUSY')
        clips.set(url.slice(url.lastIndexOf('/') + 1), bytes.length);
      // a network that broke off after all had come
      if (fault) throw fault;
    },
    async upload({ offset, upload: { url } }, bytes) {
      const fault = call(`upload ${offset}`);
      if (fault) throw fault;
      const sha256 = url.slice(url.lastIndexOf('/') + 1);
      expect(clips.get(sha256) ?? 0).toBe(offset);
      clips.set(sha256, offset + bytes.length);
      return stateOf(sha256);
    },
    async give([entry]) {
      const fault = call('give');
      if (entry) entries.set(entry.id, entry);
      // it was stored, and the answer was lost
      if (fault) throw fault;
      return { accepted: entry ? [entry.id] : [], refused: [] };
    },
    async withdraw(id) {
      call('withdraw');
      if (!entries.delete(id)) throw new AppError('NOT_FOUND', `No entry ${id}.`);
    },
  };
  return { server, clips, entries, calls, faults };
}

/** Clips whose name is where they begin. */
function fakeCutter(samples = 32_000) {
  return {
    open: async () => ({
      cut: async ({ startMs }: { startMs: number }) => ({
        bytes: new Uint8Array(CLIP_BYTES),
        sha256: String(startMs),
        samples,
      }),
      close: async () => undefined,
    }),
  };
}

const readSource = async () => ({ media: new Blob(), track: null, decoder: null });
const send = (server: DatasetServer, more = {}) =>
  sendAll(
    { server, cutter: fakeCutter(), readSource, onSending: () => undefined, ...more },
    signal,
  );
const states = async () => (await listContributions()).map(({ state }) => state);

describe('sending what was given', () => {
  it('sends nothing when nothing waits', async () => {
    const { server, calls } = fakeServer();
    await send(server);
    expect(calls).toEqual([]);
  });

  it('sends clips in parts and then what was agreed to, and nothing of this browser besides', async () => {
    const { server, entries, calls } = fakeServer();
    const one = contribution(1_000);
    await addContributions([one, contribution(5_000, { state: 'refused' })]);
    await send(server);
    expect(calls).toEqual(['announce', 'upload 0', `upload ${CLIP_PART_BYTES}`, 'give']);
    const { transcriptId: _t, startMs: _s, endMs: _e, state: _w, ...entry } = one;
    expect([...entries.values()]).toEqual([{ ...entry, clip: '1000' }]);
    expect(await states()).toEqual(['given', 'refused']);
  });

  it.each(['announce', 'upload 0', `upload ${CLIP_PART_BYTES}`, 'give'])(
    'resumes when the network was lost at "%s": every clip once',
    async (step) => {
      const { server, entries, clips, faults } = fakeServer();
      await addContributions([contribution(1_000), contribution(5_000)]);
      faults.set(step, new AppError('OFFLINE', 'gone'));
      await expect(send(server)).rejects.toMatchObject({ code: 'OFFLINE' });
      expect(await states()).toEqual(['waiting', 'waiting']);
      await send(server);
      expect(await states()).toEqual(['given', 'given']);
      expect([...entries.values()].map(({ clip }) => clip)).toEqual(['1000', '5000']);
      expect([...clips.values()]).toEqual([CLIP_BYTES, CLIP_BYTES]);
    },
  );

  it('sends clips to the store itself, each once, and through the app what that does not take', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { server, calls, clips, faults } = fakeServer(true);
    await addContributions([contribution(1_000)]);
    await send(server);
    const straight = ['announce', 'store', 'announce', 'give'];
    expect(calls.splice(0)).toEqual(straight);
    // what was received is not sent again, even if the browser got no answer
    await addContributions([contribution(5_000)]);
    faults.set('store', new AppError('OFFLINE', 'gone'));
    await send(server);
    expect(calls.splice(0)).toEqual(straight);
    await addContributions([contribution(9_000), contribution(12_000)]);
    faults.set('store', new AppError('SERVER_BUSY', 'down'));
    await send(server);
    const parts = ['announce', 'upload 0', `upload ${CLIP_PART_BYTES}`, 'give'];
    expect(calls).toEqual(['announce', 'store', ...parts, ...parts]);
    expect([...clips.values()]).toEqual([CLIP_BYTES, CLIP_BYTES, CLIP_BYTES, CLIP_BYTES]);
    expect(await states()).toEqual(['given', 'given', 'given', 'given']);
  });

  it('notes why a clip is not taken, and continues with the others', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { server } = fakeServer();
    await addContributions([contribution(1_000), contribution(5_000), contribution(9_000)]);
    const reasons = ['hash', null, null] as const;
    let clip = 0;
    const refusing: DatasetServer = {
      ...server,
      async announceClip(...call) {
        const reason = reasons[clip++];
        return reason ? { state: 'refused', reason } : server.announceClip(...call);
      },
      async give(batch, given) {
        const [entry] = batch;
        return entry?.clip === '5000'
          ? { accepted: [], refused: [{ id: entry.id, reason: 'taken' }] }
          : server.give(batch, given);
      },
    };
    await send(refusing);
    expect((await listContributions()).map(({ state, refusal }) => refusal ?? state)).toEqual([
      'hash',
      'taken',
      'given',
    ]);
  });

  it('gives nothing of a recording that is gone, or of less than a second', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { server, calls } = fakeServer();
    await addContributions([contribution(1_000)]);
    await send(server, { cutter: fakeCutter(15_999) });
    await addContributions([contribution(5_000)]);
    await send(server, {
      readSource: async () => {
        throw new AppError('SOURCE_GONE', 'gone');
      },
    });
    expect((await listContributions()).map(({ refusal }) => refusal)).toEqual(['length', 'source']);
    expect(calls).toEqual([]);
  });
});

describe('withdrawing', () => {
  it('takes back what was given, and what was withdrawn before it was sent never leaves', async () => {
    const { server, entries, calls } = fakeServer();
    const [given, waiting] = [contribution(1_000), contribution(5_000)];
    await addContributions([given]);
    await send(server);
    await addContributions([waiting]);
    await withdraw(given.id);
    await withdraw(waiting.id);
    calls.length = 0;
    await send(server);
    expect(calls).toEqual(['withdraw', 'withdraw']);
    expect(entries.size).toBe(0);
    expect(await states()).toEqual(['withdrawn', 'withdrawn']);
  });

  it('wins over a clip that is being sent at that moment', async () => {
    const { server, entries } = fakeServer();
    const one = contribution(1_000);
    await addContributions([one]);
    const give = server.give.bind(server);
    server.give = async (...call) => {
      await withdraw(one.id);
      return give(...call);
    };
    await send(server);
    expect(entries.size).toBe(0);
    expect(await states()).toEqual(['withdrawn']);
  });

  it('waits for the network', async () => {
    const { server, entries } = fakeServer();
    const one = contribution(1_000);
    await addContributions([one]);
    await send(server);
    await withdraw(one.id);
    const offline = {
      ...server,
      withdraw: async () => Promise.reject(new AppError('OFFLINE', '')),
    };
    await expect(send(offline)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(await states()).toEqual(['withdrawing']);
    expect(entries.size).toBe(1);
    await send(server);
    expect(entries.size).toBe(0);
  });
});
