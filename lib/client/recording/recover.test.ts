import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { RECORDING_LOCK, recoverRecordings } from './recover';
import { RecordingWorld } from './test-recording';

let world: RecordingWorld;
let stop: () => void = () => undefined;
let recovered: string[] = [];

beforeEach(() => {
  world = new RecordingWorld();
  recovered = [];
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  return () => {
    stop();
    vi.restoreAllMocks();
  };
});

const begin = () => {
  stop = recoverRecordings({
    files: world.files,
    repository: world.repository,
    locks: world.locks,
    onRecovered: (id) => recovered.push(id),
  });
};

/** What a tab leaves that was killed while it recorded. */
async function brokenOff(id: string, bytes: number[]): Promise<void> {
  const about = { title: 'Recording', fileName: 'a.webm', mediaType: 'audio/webm' };
  await world.repository.addRecording({ id, ...about });
  world.onDisk.set(id, bytes);
}

describe('recoverRecordings', () => {
  it('queues interrupted recordings when the page opens', async () => {
    await brokenOff('a', [1, 2]);
    begin();
    await vi.waitFor(() => expect(recovered).toEqual(['a']));
    expect(world.stored.get('a')).toMatchObject({ state: 'queued', sizeBytes: 2 });
    expect(world.onDisk.size).toBe(0);
  });

  it('completes a recovery that was interrupted after the file was moved', async () => {
    await brokenOff('a', [1, 2]);
    world.media.set('a', { sizeBytes: 2 });
    begin();
    await vi.waitFor(() => expect(recovered).toEqual(['a']));
    expect(world.stored.get('a')).toMatchObject({ state: 'queued', sizeBytes: 2 });
  });

  it('removes a recording without any audio', async () => {
    await brokenOff('a', []);
    begin();
    await vi.waitFor(() => expect(world.stored.size).toBe(0));
    expect(recovered).toEqual([]);
  });

  it('does not touch a recording while a tab records it, and recovers it when that tab is gone', async () => {
    await brokenOff('a', [1]);
    let close: () => void = () => undefined;
    void world.locks.request(
      `${RECORDING_LOCK}a`,
      () =>
        new Promise<void>((resolve) => {
          close = resolve;
        }),
    );
    await vi.waitFor(() => expect(world.locks.held.size).toBe(1));
    begin();
    await new Promise((resolve) => setTimeout(resolve)); // lets everything run that could
    expect(world.stored.get('a')?.state).toBe('recording');
    close();
    await vi.waitFor(() => expect(recovered).toEqual(['a']));
  });

  it('leaves a failed recovery to the user, and tries again on request', async () => {
    await brokenOff('a', [1]);
    world.failFinish = new AppError('STORE_QUOTA', 'Full.');
    begin();
    await vi.waitFor(() => expect(world.stored.get('a')?.failed).toBe(true));
    world.failFinish = null;
    for (const listener of world.jobListeners) listener();
    await new Promise((resolve) => setTimeout(resolve)); // lets everything run that could
    expect(recovered).toEqual([]);
    const one = world.stored.get('a');
    if (one) one.failed = false;
    for (const listener of world.jobListeners) listener();
    await vi.waitFor(() => expect(recovered).toEqual(['a']));
  });

  it('removes files without a stored recording', async () => {
    world.onDisk.set('unknown', [1]);
    begin();
    await vi.waitFor(() => expect(world.onDisk.size).toBe(0));
  });
});
