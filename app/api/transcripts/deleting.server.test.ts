import { beforeEach, describe, expect, it } from 'vitest';
import { getJob } from '@/lib/client/store/jobs';
import { listOutbox } from '@/lib/client/store/outbox';
import {
  deleteRemoteTranscript,
  listRemoteTranscripts,
  renameRemoteTranscript,
  restoreRemoteTranscript,
} from '@/lib/client/store/remote-transcripts';
import {
  enterAccount,
  leaveAccount,
  setShownOnOtherDevices,
  withdrawFromServer,
} from '@/lib/client/store/sync-state';
import {
  listTranscripts,
  removeTranscript,
  setDeleted,
  updateTranscript,
} from '@/lib/client/store/transcripts';
import { A, B, C, made, twoDevices } from './test-sync';

let devices: Awaited<ReturnType<typeof twoDevices>>;

beforeEach(async () => {
  devices = await twoDevices();
});

describe('deleting', () => {
  beforeEach(async () => {
    const { sync, showing } = devices;
    await made([A, 'Interview'], [B, 'Lecture']);
    await showing();
    await sync();
  });

  it('here deletes there', async () => {
    const { deletedHere, sync, onServer } = devices;
    await setDeleted(A, true);
    await sync();
    expect(await onServer()).toEqual(['Lecture']);
    expect(deletedHere).toEqual([]);
  });

  it('there deletes here, and can be undone here for everyone', async () => {
    const { other, deletedHere, sync, onServer } = devices;
    await other.remove(A, `?at=${Date.now() + 1}`);
    await sync();
    expect(deletedHere).toEqual([{ id: A, title: 'Interview' }]);
    expect((await listTranscripts()).map(({ id }) => id)).toEqual([B]);
    expect(await getJob(A)).toBeNull();
    await setDeleted(A, false);
    await sync();
    expect(await onServer()).toEqual(['Interview', 'Lecture']);
    expect((await listTranscripts()).map(({ title }) => title).sort()).toEqual([
      'Interview',
      'Lecture',
    ]);
  });

  it('there and taking it back there brings it back here', async () => {
    const { other, sync, knownThere, writeThere } = devices;
    const known = await knownThere(A);
    await other.remove(A, `?at=${Date.now() + 1}`);
    await sync();
    await writeThere(A, { deleted: false }, Date.now() + 2, known);
    await sync();
    expect((await listTranscripts()).map(({ id }) => id).sort()).toEqual([A, B].sort());
  });

  it('and undoing before anything was sent leaves it there', async () => {
    const { sync, onServer } = devices;
    await setDeleted(A, true);
    await setDeleted(A, false);
    await sync();
    expect(await onServer()).toEqual(['Interview', 'Lecture']);
  });

  it('is reported although the transcript has been removed permanently', async () => {
    const { sync, onServer } = devices;
    await setDeleted(A, true);
    await removeTranscript(A);
    await sync();
    expect(await onServer()).toEqual(['Lecture']);
    expect(await listRemoteTranscripts()).toEqual([]);
  });

  it('wins over a name given on another device afterwards', async () => {
    const { sync, onServer, writeThere } = devices;
    await setDeleted(A, true);
    await writeThere(A, { title: 'Later' }, Date.now() + 5_000);
    await sync();
    expect(await onServer()).toEqual(['Lecture']);
    expect(await listOutbox()).toEqual([]);
  });
});

describe('what is on another device', () => {
  const theirs = {
    title: 'Theirs',
    language: 'de',
    durationMs: 5_000,
    wordCount: 7,
    tags: [],
    createdAt: '2026-01-02T03:04:05.000Z',
    fieldTimes: { title: 1, language: 1, durationMs: 1, wordCount: 1, tags: 0, deleted: 0 },
  };
  beforeEach(async () => {
    const { owner, other, sync } = devices;
    await enterAccount(owner);
    await other.put(A, theirs);
    await sync();
  });

  it('can be renamed from here', async () => {
    const { sync, onServer } = devices;
    await renameRemoteTranscript(A, 'Ours');
    await sync();
    expect(await onServer()).toEqual(['Ours']);
    expect(await listOutbox()).toEqual([]);
  });

  it('can be deleted from here, and brought back with all it had', async () => {
    const { sync, onServer } = devices;
    const gone = await deleteRemoteTranscript(A);
    await sync();
    expect([await onServer(), await listRemoteTranscripts()]).toEqual([[], []]);
    if (gone) await restoreRemoteTranscript(gone);
    await sync();
    expect(await onServer()).toEqual(['Theirs']);
    expect(await listRemoteTranscripts()).toMatchObject([{ id: A, wordCount: 7, language: 'de' }]);
  });

  it('goes when it is deleted there', async () => {
    const { other, deletedHere, sync } = devices;
    await other.remove(A, `?at=${Date.now()}`);
    await sync();
    expect([await listRemoteTranscripts(), deletedHere]).toEqual([[], []]);
  });
});

describe('leaving', () => {
  beforeEach(async () => {
    const { sync, showing } = devices;
    await made([A, 'Interview'], [B, 'Lecture']);
    await showing();
    await sync();
  });

  it('clears the list of others, and keeps the transcripts of this device', async () => {
    const { owner, requests, knownThere, sync, onServer, writeThere } = devices;
    await writeThere(C, { title: 'Elsewhere' }, Date.now(), await knownThere(A));
    await sync();
    expect(await listRemoteTranscripts()).toHaveLength(1);
    await updateTranscript(A, { title: 'Unsent' });
    await leaveAccount();
    expect([await listRemoteTranscripts(), await listOutbox()]).toEqual([[], []]);
    expect(await listTranscripts()).toHaveLength(2);
    requests.length = 0;
    await sync();
    expect(requests).toEqual([]);
    // what was not sent is, when they come back
    await enterAccount(owner);
    await sync();
    expect(await onServer()).toEqual(['Elsewhere', 'Lecture', 'Unsent']);
  });

  it('does not bring back what was deleted meanwhile', async () => {
    const { owner, sync, onServer } = devices;
    await leaveAccount();
    await setDeleted(A, true);
    await removeTranscript(A);
    await enterAccount(owner);
    await sync();
    expect([await onServer(), await listRemoteTranscripts()]).toEqual([['Lecture'], []]);
  });

  it('stores nothing of an answer that comes afterwards', async () => {
    const { server, knownThere, sync, writeThere } = devices;
    const { list } = server;
    server.list = async (since, stop) => {
      const page = await list(since, stop);
      await leaveAccount();
      return page;
    };
    await writeThere(C, {}, Date.now(), await knownThere(A));
    await sync();
    expect(await listRemoteTranscripts()).toEqual([]);
  });

  it('the list of devices alone stops sending, and takes this device’s part off it when asked', async () => {
    const { owner, deletedHere, sync, onServer } = devices;
    await setShownOnOtherDevices(owner, false);
    await updateTranscript(A, { title: 'Private' });
    await sync();
    expect(await onServer()).toEqual(['Interview', 'Lecture']);
    await withdrawFromServer(owner);
    await sync();
    expect(await onServer()).toEqual([]);
    // here all of it stays, also when the server reports it
    await sync();
    expect((await listTranscripts()).map(({ title }) => title).sort()).toEqual([
      'Lecture',
      'Private',
    ]);
    expect([deletedHere, await listRemoteTranscripts()]).toEqual([[], []]);
    await setShownOnOtherDevices(owner, true);
    await sync();
    expect(await onServer()).toEqual(['Lecture', 'Private']);
    expect(await listTranscripts()).toHaveLength(2);
  });
});
