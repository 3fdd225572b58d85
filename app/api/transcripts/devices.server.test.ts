import { beforeEach, describe, expect, it, vi } from 'vitest';
import { listOutbox } from '@/lib/client/store/outbox';
import { listRemoteTranscripts } from '@/lib/client/store/remote-transcripts';
import { enterAccount, setShownOnOtherDevices } from '@/lib/client/store/sync-state';
import { getTranscript, setDeleted, updateTranscript } from '@/lib/client/store/transcripts';
import { AppError } from '@/lib/core/errors';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { deviceOf } from './test-device';
import { A, B, emptyDevice, made, twoDevices } from './test-sync';

let devices: Awaited<ReturnType<typeof twoDevices>>;

beforeEach(async () => {
  devices = await twoDevices();
});

describe('the first sign-in on a device', () => {
  it('sends nothing before the user says so, then all that is there', async () => {
    const { owner, requests, sync, onServer } = devices;
    await made([A, 'Interview'], [B, 'Lecture']);
    await enterAccount(owner);
    await updateTranscript(A, { title: 'Private' });
    await sync();
    expect([await onServer(), requests]).toEqual([[], ['list']]);
    await setShownOnOtherDevices(owner, true);
    await sync();
    expect(await onServer()).toEqual(['Lecture', 'Private']);
    expect(await listOutbox()).toEqual([]);
  });

  it('shows what other devices have, whatever it says', async () => {
    const { owner, sync, showing } = devices;
    await made([A, 'Interview']);
    await showing();
    await sync();
    await emptyDevice();
    await enterAccount(owner);
    await setShownOnOtherDevices(owner, false);
    await sync();
    expect(await listRemoteTranscripts()).toMatchObject([
      { id: A, title: 'Interview', durationMs: 61_000 },
    ]);
  });

  it('notes nothing for a server while nobody ever signed in', async () => {
    await made([A, 'Interview']);
    await setDeleted(A, true);
    expect(await listOutbox()).toEqual([]);
  });

  it('removes what another user left behind', async () => {
    const { sync, showing, onServer } = devices;
    await made([A, 'Interview']);
    await showing();
    await enterAccount(await makeUser());
    expect(await listOutbox()).toEqual([]);
    await sync();
    expect(await onServer()).toEqual([]);
  });
});

describe('a device and the others', () => {
  beforeEach(async () => {
    const { requests, sync, showing } = devices;
    await made([A, 'Interview'], [B, 'Lecture']);
    await showing();
    await sync();
    requests.length = 0;
  });

  it('asks nothing when nothing waits, and asks again after sending', async () => {
    const { requests, sync, onServer } = devices;
    await sync(false);
    expect(requests).toEqual([]);
    await updateTranscript(A, { title: 'Board' });
    await sync(false);
    expect(requests).toEqual(['put', 'list']);
    expect(await onServer()).toEqual(['Board', 'Lecture']);
  });

  it('sends nothing for what stays on this device', async () => {
    await updateTranscript(A, { media: 'none' });
    expect(await listOutbox()).toEqual([]);
  });

  it('take over each other’s names and tags', async () => {
    const { sync, writeThere } = devices;
    await writeThere(A, { title: 'Board', tags: ['work'] });
    await sync();
    expect(await getTranscript(A)).toMatchObject({ title: 'Board', tags: ['work'] });
  });

  it('keep both of two changes that were made offline to different fields', async () => {
    const { knownThere, sync, writeThere } = devices;
    await updateTranscript(A, { title: 'Mine' });
    await writeThere(A, { tags: ['theirs'] });
    await sync();
    expect(await getTranscript(A)).toMatchObject({ title: 'Mine', tags: ['theirs'] });
    expect(await knownThere(A)).toMatchObject({ title: 'Mine', tags: ['theirs'] });
  });

  it('come to the later of two names, on both', async () => {
    const { sync, onServer, writeThere } = devices;
    await updateTranscript(A, { title: 'Mine' });
    await writeThere(A, { title: 'Theirs' }, Date.now() + 1_000);
    await sync();
    expect((await getTranscript(A))?.title).toBe('Theirs');
    expect(await onServer()).toEqual(['Lecture', 'Theirs']);
    expect(await listOutbox()).toEqual([]);
  });

  it('take a name that is given after seeing the other one, although this clock is behind', async () => {
    const { sync, onServer, writeThere } = devices;
    await writeThere(A, { title: 'Theirs' }, Date.now() + 100_000);
    await sync();
    await updateTranscript(A, { title: 'Mine after all' });
    await sync();
    expect(await onServer()).toEqual(['Lecture', 'Mine after all']);
  });

  it('come to an end when this clock is a year ahead', async () => {
    const { requests, sync, writeThere } = devices;
    vi.useFakeTimers({ now: Date.now() + 365 * 86_400_000, toFake: ['Date'] });
    await updateTranscript(A, { title: 'From the future' });
    vi.useRealTimers();
    await sync(false);
    expect(requests).toEqual(['put', 'list']);
    expect(await listOutbox()).toEqual([]);
    await writeThere(A, { title: 'Present' }, Date.now() + 120_001);
    await sync();
    expect((await getTranscript(A))?.title).toBe('Present');
  });

  it('keep a title that is longer than what may be sent', async () => {
    const { sync, onServer } = devices;
    const long = 'x'.repeat(400);
    await updateTranscript(A, { title: long });
    await sync();
    await sync();
    expect((await getTranscript(A))?.title).toBe(long);
    expect(await onServer()).toEqual(['Lecture', 'x'.repeat(300)]);
  });

  it('send what was changed while the same was being sent', async () => {
    const { server, sync, onServer } = devices;
    await updateTranscript(A, { title: 'First' });
    const { put } = server;
    let once = true;
    server.put = async (id, summary, stop) => {
      const answer = await put(id, summary, stop);
      if (once) await updateTranscript(A, { title: 'Second' });
      once = false;
      return answer;
    };
    await sync(false);
    expect(await onServer()).toEqual(['Lecture', 'Second']);
    expect((await getTranscript(A))?.title).toBe('Second');
  });

  it('are not held up by one that the server refuses', async () => {
    const { sync, onServer } = devices;
    await updateTranscript(A, { language: 'no language at all' });
    await updateTranscript(B, { title: 'Renamed' });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await sync();
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
    expect(await onServer()).toEqual(['Interview', 'Renamed']);
    expect(await listOutbox()).toEqual([]);
  });

  it('keep what waits when the server is gone, and send it when it is back', async () => {
    const { server, sync, onServer } = devices;
    await updateTranscript(A, { title: 'Board' });
    const { put } = server;
    server.put = () => Promise.reject(new AppError('OFFLINE', 'gone'));
    await expect(sync()).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(await listOutbox()).toEqual([{ transcriptId: A, deletedAt: null }]);
    server.put = put;
    await sync();
    expect(await onServer()).toEqual(['Board', 'Lecture']);
  });

  it('send everything again to a server that has lost it', async () => {
    const { server, sync } = devices;
    await withServer();
    const again = await makeUser({ email: 'again@example.org' });
    const fresh = deviceOf(await signInAs(again));
    server.list = async (since) => (await fresh.list(`?since=${since}`)).body;
    server.put = async (id, summary) => (await fresh.put(id, summary)).body;
    await sync();
    expect((await fresh.list()).body.items).toHaveLength(2);
  });
});
