// Two browsers and the real routes: one sends live text, the other follows it.
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Captions, NO_CAPTIONS } from '@/lib/client/captions/captions';
import { deriveShareKeys, hashOf, newShareSecret } from '@/lib/client/sharing/envelope';
import { followLive } from '@/lib/client/sharing/live-follower';
import { LiveSender } from '@/lib/client/sharing/live-sender';
import type { LiveFrame } from '@/lib/contracts/live';
import { AppError } from '@/lib/core/errors';
import type { SignedIn } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { call, signedIn } from '../shares/test-shares';
import { GET } from './[id]/route';
import { live } from './test-live';

let owner: SignedIn;
beforeEach(async () => {
  await withServer();
  owner = await signedIn();
});

function listening(...words: string[]): Captions {
  return { ...NO_CAPTIONS, phase: 'listening', words, finalCount: words.length };
}

/** What a follower's browser asks goes to the route; `cut` breaks its line. */
function network() {
  let isUp = true;
  let line = new AbortController();
  const change = { bytes: (text: string) => text };
  vi.stubGlobal('fetch', async (path: string, { signal, ...init }: RequestInit) => {
    if (!isUp) throw new TypeError('Failed to fetch');
    const given = AbortSignal.any([line.signal, ...(signal ? [signal] : [])]);
    const url = new URL(path, 'http://localhost:3000');
    const id = url.pathname.split('/').at(-1) ?? '';
    const answer = await GET(new Request(url, { ...init, signal: given }), {
      params: Promise.resolve({ id }),
    });
    if (answer.status !== 200 || !answer.body) return answer;
    const broken = new TransformStream<Uint8Array, Uint8Array>({
      start: (out) => given.addEventListener('abort', () => out.error(new TypeError('Broken'))),
      transform: (bytes, out) =>
        out.enqueue(new TextEncoder().encode(change.bytes(new TextDecoder().decode(bytes)))),
    });
    return new Response(answer.body.pipeThrough(broken), answer);
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return {
    change,
    cut() {
      isUp = false;
      line.abort();
      line = new AbortController();
    },
    restore() {
      isUp = true;
    },
  };
}

async function share(captions: StoreApi<Captions>, password: string | null) {
  const link = { ...newShareSecret(), hasPassword: password !== null, isLive: true };
  const keys = await deriveShareKeys(link, password);
  const idHash = await hashOf(link.id);
  const body = {
    idHash,
    authHash: await hashOf(keys.auth),
    transcriptId: crypto.randomUUID(),
    hasPassword: link.hasPassword,
    lifetimeS: 3600,
  };
  expect((await live.create({ as: owner, body })).status).toBe(204);
  const send = async (frame: LiveFrame) => {
    const { status } = await live.append(idHash, { as: owner, body: frame });
    if (status !== 204) throw new AppError(status === 404 ? 'NOT_FOUND' : 'UNKNOWN', `${status}`);
  };
  new LiveSender(captions, keys.live, send, async () => undefined);
  return { link, idHash };
}

const life = () => {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return controller.signal;
};

describe('live text in another browser', () => {
  it('comes while it is said, after a break all of it, and ends', async () => {
    const line = network();
    const captions = createStore<Captions>(() => listening('good', 'morning'));
    const { link } = await share(captions, null);
    const followed = await followLive(link, null, life());
    await vi.waitFor(() => expect(followed.getState().captions).toEqual(captions.getState()));
    captions.setState(listening('good', 'morning', 'everyone'));
    await vi.waitFor(() => expect(followed.getState().captions).toEqual(captions.getState()));
    line.cut();
    await vi.waitFor(() => expect(followed.getState().connection).toBe('retrying'));
    captions.setState(listening('good', 'morning', 'everyone', 'said', 'meanwhile'));
    line.restore();
    await vi.waitFor(() => expect(followed.getState().captions).toEqual(captions.getState()), 9000);
    expect(followed.getState().connection).toBe('live');
    captions.setState({ phase: 'ended' });
    await vi.waitFor(() => expect(followed.getState().connection).toBe('ended'), 3000);
    expect(followed.getState().captions).toEqual(captions.getState());
  });

  it('stays when the link is revoked, which is said', async () => {
    network();
    const captions = createStore<Captions>(() => listening('one'));
    const { link, idHash } = await share(captions, null);
    const followed = await followLive(link, null, life());
    await vi.waitFor(() => expect(followed.getState().captions.words).toEqual(['one']));
    await call.revoke(idHash, { as: owner });
    await vi.waitFor(() => expect(followed.getState().connection).toBe('failed'), 5000);
    expect(followed.getState()).toMatchObject({
      captions: { words: ['one'] },
      error: { code: 'NOT_FOUND' },
    });
  });

  it('opens with its password alone', async () => {
    network();
    const captions = createStore<Captions>(() => listening('secret', 'words'));
    const { link } = await share(captions, 'Sesam');
    await expect(followLive(link, 'wrong', life())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const followed = await followLive(link, 'Sesam', life());
    await vi.waitFor(() => expect(followed.getState().captions.words).toHaveLength(2));
  });

  it('is refused when a server repeats, leaves out or invents something', async () => {
    const line = network();
    const captions = createStore<Captions>(() => listening('one'));
    const { link } = await share(captions, null);
    for (const forge of [
      (text: string) => text + text,
      (text: string) => text.replace(/"payload":"../, '"payload":"xx'),
      (text: string) => text.replace('"isLast":false', '"isLast":true'),
      () => '{"n":0}\n',
    ]) {
      line.change.bytes = forge;
      const followed = await followLive(link, null, life());
      await vi.waitFor(() => expect(followed.getState().connection).toBe('failed'));
      expect(followed.getState().error?.code).toBe('SHARE_DECRYPT_FAILED');
    }
  });
});
