import * as ort from 'onnxruntime-web/wasm';
import {
  AppError,
  freeBuffer,
  memoizePromise,
  throwIfAborted,
  toAppError,
  yieldToEventLoop,
} from '@/lib/core';
import { serve, Transferred } from '@/lib/engine/rpc';
import {
  LiveFrames,
  type SegmentedSpeech,
  segmenterOptions,
  type VadNetwork,
  VadSession,
} from '@/lib/engine/vad';
import { loadNetwork } from './network';
import type { Found, SegmentApi, SegmentAssets } from './protocol';

const sessions = new Map<number, VadSession>();
const frameSessions = new Map<number, LiveFrames>();
let assets: SegmentAssets | null = null;
const network = memoizePromise<VadNetwork>(() => {
  if (!assets) throw new AppError('SEGMENT_FAILED', 'No session was opened.');
  return loadNetwork(ort, assets);
});

/** A session that fails half-way has an undefined state: it is removed. */
async function proceed(
  sessionId: number,
  signal: AbortSignal,
  work: (session: VadSession, yieldToEventLoop: () => Promise<void>) => Promise<SegmentedSpeech[]>,
): Promise<Transferred<Found>> {
  const session = sessions.get(sessionId);
  // opened in a worker that has crashed since, between two calls
  if (!session)
    throw new AppError('WORKER_CRASHED', `Segment session ${sessionId} is gone.`, { fatal: true });
  try {
    const segments = await work(session, () => yieldToEventLoop(signal));
    return new Transferred(
      { segments, nextStartSample: session.nextStartSample },
      segments.map(({ pcm }) => pcm.buffer),
    );
  } catch (error) {
    sessions.delete(sessionId);
    throw toAppError(error, 'SEGMENT_FAILED');
  }
}

serve<SegmentApi>(self, {
  async open({ sessionId, from, assets: newAssets }, { signal }) {
    assets ??= newAssets;
    const session = new VadSession(await network(), segmenterOptions(), from);
    throwIfAborted(signal);
    sessions.set(sessionId, session);
    return { startSample: session.startSample };
  },
  push: ({ sessionId, startSample, pcm }, { signal }) =>
    proceed(sessionId, signal, (session, yieldToEventLoop) =>
      session.push(startSample, pcm, yieldToEventLoop),
    ),
  finish: ({ sessionId }, { signal }) =>
    proceed(sessionId, signal, (session, yieldToEventLoop) => session.finish(yieldToEventLoop)),
  async close({ sessionId }) {
    sessions.delete(sessionId);
    frameSessions.delete(sessionId);
    return null;
  },
  async openFrames({ sessionId, assets: newAssets }, { signal }) {
    assets ??= newAssets;
    const live = new LiveFrames(await network());
    throwIfAborted(signal);
    frameSessions.set(sessionId, live);
    return null;
  },
  async frames({ sessionId, pcm }) {
    const live = frameSessions.get(sessionId);
    if (!live)
      throw new AppError('WORKER_CRASHED', `VAD session ${sessionId} is gone.`, { fatal: true });
    try {
      return await live.push(pcm);
    } finally {
      freeBuffer(pcm.buffer);
    }
  },
});
