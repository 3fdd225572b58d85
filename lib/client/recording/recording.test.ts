import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { RECORDING_LOCK } from './recover';
import { MICROPHONE, RecordingWorld } from './test-recording';

let world: RecordingWorld;
const now = () => world.state.getState();
const idOf = () => now().id ?? '';
const stored = () => world.stored.get(idOf());

beforeEach(() => {
  world = new RecordingWorld();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  return () => vi.restoreAllMocks();
});

describe('a recording', () => {
  it('is stored from its start, grows on disk and becomes a queued job when it is stopped', async () => {
    await world.recording.start(MICROPHONE);
    expect(now()).toMatchObject({ phase: 'recording', title: 'Recording', error: null });
    expect(stored()).toMatchObject({ state: 'recording', fileName: 'recording.webm' });
    expect(world.locks.held).toContain(RECORDING_LOCK + idOf());
    world.play(1500, 0.25);
    world.compress(1, 2);
    world.compress(3);
    expect(now()).toMatchObject({ elapsedMs: 1500, level: 0.25 });
    await vi.waitFor(() => expect(world.onDisk.get(idOf())).toEqual([1, 2, 3]));
    await world.recording.stop();
    expect(now()).toMatchObject({ phase: 'idle', error: null });
    expect(stored()).toMatchObject({ state: 'queued', sizeBytes: 3 });
    expect(stored()?.changes.capture).toMatchObject({ ended: 'stopped', pauses: 0 });
    expect(world.locks.held.size).toBe(0);
    expect(world.log).toEqual(expect.arrayContaining(['capture closed', 'may sleep']));
  });

  it('reports the level of each of two inputs, and none while it is paused', async () => {
    await world.recording.start({ ...MICROPHONE, source: 'both' });
    world.play(100, 0.5, { microphone: 0, display: 0.5 });
    expect(now()).toMatchObject({ level: 0.5, levels: { microphone: 0, display: 0.5 } });
    world.recording.pause();
    expect(now()).toMatchObject({ level: 0, levels: {} });
  });

  it('uses no timers, which browsers throttle in the background', async () => {
    const timers = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setInterval')];
    await world.recording.start(MICROPHONE);
    for (let second = 0; second < 30; second += 1) {
      world.play(1_000);
      world.compress(second);
    }
    await world.recording.stop();
    for (const timer of timers) expect(timer).not.toHaveBeenCalled();
    expect([...world.media.values()]).toEqual([{ sizeBytes: 30 }]);
  });

  it('names its file by the container that the browser records', async () => {
    world.mediaType = 'audio/mp4;codecs=opus';
    await world.recording.start(MICROPHONE);
    expect(stored()?.fileName).toBe('recording.m4a');
  });

  it('writes its last pieces before the file is closed', async () => {
    await world.recording.start(MICROPHONE);
    world.compress(1);
    const stopping = world.recording.stop();
    world.compress(2);
    await stopping;
    expect(stored()?.sizeBytes).toBe(2);
  });

  it('reports that nothing was recorded, and leaves nothing behind', async () => {
    await world.recording.start(MICROPHONE);
    const id = idOf();
    await world.recording.stop();
    expect(now()).toMatchObject({ phase: 'idle', id: null, error: { code: 'SOURCE_EMPTY' } });
    expect(world.stored.has(id)).toBe(false);
    expect(world.onDisk.size).toBe(0);
  });

  it('captures and encodes nothing while it is paused', async () => {
    await world.recording.start(MICROPHONE);
    world.recording.pause();
    expect(now().phase).toBe('paused');
    expect(world.log.slice(-2)).toEqual(['capture paused', 'recorder paused']);
    await world.recording.resume();
    expect(now().phase).toBe('recording');
    expect(world.log.slice(-2)).toEqual(['capture resumed', 'recorder resumed']);
    world.compress(1);
    await world.recording.stop();
    expect(stored()?.changes.capture?.pauses).toBe(1);
  });

  it('resumes with another microphone chosen during the pause, and does not reopen the same one', async () => {
    await world.recording.start(MICROPHONE);
    world.recording.pause();
    await world.recording.resume({ ...MICROPHONE });
    expect(world.log.filter((line) => line.startsWith('replaced'))).toEqual([]);
    world.recording.pause();
    await world.recording.resume({ ...MICROPHONE, deviceId: 'other' });
    expect(world.log).toContain('replaced by other');
    expect(now().phase).toBe('recording');
  });

  it('keeps the audio when its only input is lost, and resumes with another one', async () => {
    await world.recording.start(MICROPHONE);
    world.compress(1);
    world.events?.onEnded('microphone');
    expect(now()).toMatchObject({
      phase: 'interrupted',
      notices: [{ kind: 'input-lost', input: 'microphone' }],
    });
    await world.recording.resume({ ...MICROPHONE, deviceId: 'other' });
    expect(now()).toMatchObject({ phase: 'recording', notices: [] });
    expect(world.log).toContain('replaced by other');
    await world.recording.stop();
    expect(stored()).toMatchObject({ state: 'queued', changes: { capture: { ended: 'stopped' } } });
  });

  it('can be stopped after losing its input', async () => {
    await world.recording.start(MICROPHONE);
    world.compress(1);
    world.events?.onEnded('microphone');
    await world.recording.stop();
    expect(stored()?.changes.capture?.ended).toBe('device-lost');
  });

  it('stays interrupted if the other input cannot be opened either', async () => {
    await world.recording.start(MICROPHONE);
    world.events?.onEnded('microphone');
    world.failOpen = new AppError('MIC_NOT_FOUND', 'None.');
    await world.recording.resume();
    expect(now()).toMatchObject({ phase: 'interrupted', error: { code: 'MIC_NOT_FOUND' } });
  });

  it('continues with one of two inputs', async () => {
    await world.recording.start({ ...MICROPHONE, source: 'both' });
    world.events?.onEnded('display');
    expect(now()).toMatchObject({
      phase: 'recording',
      notices: [{ kind: 'input-lost', input: 'display' }],
    });
    world.events?.onEnded('microphone');
    expect(now().phase).toBe('interrupted');
  });

  it('reports a muted input, and ten seconds of silence', async () => {
    await world.recording.start(MICROPHONE);
    world.events?.onMuted('microphone', true);
    expect(now().notices).toEqual([{ kind: 'input-muted', input: 'microphone' }]);
    world.events?.onMuted('microphone', false);
    world.play(9_900, 0);
    expect(now().notices).toEqual([]);
    world.play(100, 0.0001);
    expect(now().notices).toEqual([{ kind: 'silence', input: null }]);
    world.play(100, 0.1);
    expect(now().notices).toEqual([]);
  });

  it('stops when the disk is full, and keeps what was stored', async () => {
    await world.recording.start(MICROPHONE);
    world.compress(1);
    await vi.waitFor(() => expect(world.onDisk.get(idOf())).toEqual([1]));
    world.failAppend = new AppError('STORE_QUOTA', 'Full.');
    world.compress(2);
    await vi.waitFor(() => expect(now().phase).toBe('idle'));
    expect(now().error?.code).toBe('STORE_QUOTA');
    expect(stored()).toMatchObject({
      state: 'queued',
      sizeBytes: 1,
      changes: { capture: { ended: 'storage-full' } },
    });
  });

  it('stops when the recorder fails, and keeps what was stored', async () => {
    await world.recording.start(MICROPHONE);
    world.compress(1);
    world.breakRecorder(new Error('encoder'));
    await vi.waitFor(() => expect(now().phase).toBe('idle'));
    expect(stored()).toMatchObject({ state: 'queued', sizeBytes: 1 });
    expect(now().error).not.toBeNull();
  });

  it('keeps the file for a retry if it cannot be finalised', async () => {
    await world.recording.start(MICROPHONE);
    world.compress(1);
    world.failFinish = new AppError('STORE_FAILED', 'No.');
    await world.recording.stop();
    expect(now()).toMatchObject({ phase: 'idle', error: { code: 'STORE_FAILED' } });
    expect(stored()).toMatchObject({ state: 'recording', failed: true });
    expect(world.onDisk.get(idOf())).toEqual([1]);
    expect(world.locks.held.size).toBe(0);
  });

  it.each(['MIC_DENIED', 'MIC_NOT_FOUND', 'DISPLAY_NO_AUDIO', 'CAPTURE_UNSUPPORTED'] as const)(
    'reports %s and leaves nothing open',
    async (code) => {
      world.failOpen = new AppError(code, 'No.');
      await world.recording.start(MICROPHONE);
      expect(now()).toMatchObject({ phase: 'idle', id: null, error: { code } });
      expect(world.locks.held.size).toBe(0);
      expect(world.stored.size).toBe(0);
    },
  );

  it('reports no error when the user closes the browser’s picker', async () => {
    world.failOpen = new AppError('ABORTED', 'Closed.');
    await world.recording.start(MICROPHONE);
    expect(now()).toMatchObject({ phase: 'idle', error: null });
  });

  it('cleans up if the recording cannot be stored', async () => {
    world.failAdd = new AppError('STORE_BLOCKED', 'Blocked.');
    await world.recording.start(MICROPHONE);
    expect(now()).toMatchObject({ phase: 'idle', error: { code: 'STORE_BLOCKED' } });
    expect(world.log).toEqual(expect.arrayContaining(['recorder stopped', 'capture closed']));
    expect(world.onDisk.size).toBe(0);
    expect(world.locks.held.size).toBe(0);
  });

  it('stores marks at the current time, and none before the start', async () => {
    world.recording.mark();
    await world.recording.start(MICROPHONE);
    world.play(2_000);
    world.recording.mark();
    world.play(1_000);
    world.recording.mark();
    expect(now().marks.map(({ atMs }) => atMs)).toEqual([2_000, 3_000]);
    await vi.waitFor(() => expect(stored()?.changes.marks).toEqual(now().marks));
  });

  it('continues without live text if its model fails', async () => {
    world.dependencies.openLiveEngine = async () => {
      throw new AppError('MODEL_DOWNLOAD_FAILED', 'No.');
    };
    await world.recording.start(MICROPHONE);
    await vi.waitFor(() => expect(now().notices).toEqual([{ kind: 'no-live-text', input: null }]));
    world.play(100);
    world.compress(1);
    await world.recording.stop();
    expect(stored()?.state).toBe('queued');
  });

  it('does not wait at its end for a model that is still loading', async () => {
    world.dependencies.openLiveEngine = (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new AppError('ABORTED', 'Stopped.'))),
      );
    await world.recording.start(MICROPHONE);
    world.compress(1);
    await world.recording.stop();
    expect(stored()?.state).toBe('queued');
  });

  it('starts a second time without anything of the first', async () => {
    await world.recording.start(MICROPHONE);
    const first = idOf();
    world.play(500);
    world.compress(1);
    world.recording.mark();
    await world.recording.stop();
    await world.recording.start(MICROPHONE);
    expect(now()).toMatchObject({ phase: 'recording', elapsedMs: 0, marks: [], paragraphs: [] });
    expect(idOf()).not.toBe(first);
  });

  it('cannot be started twice at once', async () => {
    await Promise.all([world.recording.start(MICROPHONE), world.recording.start(MICROPHONE)]);
    expect(world.log.filter((line) => line.startsWith('opened'))).toHaveLength(1);
  });
});
