import type { LogEvent } from '@ffmpeg/ffmpeg';
import { afterEach, describe, expect, it } from 'vitest';
import { repeatedWav, silentWav, toneWav } from '@/e2e/fixtures/media-files';
import { delay } from '@/lib/core/abort';
import { probe } from '@/lib/engine/audio/probe';
import { CodecBlocks, planRestarts } from '@/lib/engine/decode/codec-blocks';
import { FfmpegBlocks } from '@/lib/engine/decode/ffmpeg-blocks';
import { RING_BYTES } from '@/lib/engine/decode/ffmpeg-program';
import { FramePackets } from '@/lib/engine/decode/frame-packets';
import { createDecoder } from './client';
import { fileOf, fixture, maxDifference, readAll } from './test-support';

const RealWorker = globalThis.Worker;
const ffmpegUrl = new URL('/ffmpeg/', location.origin).href;
/** Of floats at 16 kHz. */
const BYTES_A_SECOND = 64_000;
const never = new AbortController().signal;

afterEach(() => {
  globalThis.Worker = RealWorker;
});

/** Lets a test see the workers that are started, and how many bytes of sound ffmpeg has written. */
function watchWorkers(): { workers: Worker[]; written: () => number } {
  const workers: Worker[] = [];
  let written = 0;
  globalThis.Worker = class extends RealWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this);
      this.addEventListener(
        'message',
        ({ data }: MessageEvent<{ type?: string; data?: LogEvent }>) => {
          if (data.type === 'LOG' && data.data?.type === 'pcm') written = Number(data.data.message);
        },
      );
    }
  };
  return { workers, written: () => written };
}

describe('while nothing is read', () => {
  it('ffmpeg sleeps after a megabyte', async () => {
    const watch = watchWorkers();
    const blocks = await FfmpegBlocks.open(
      {
        source: silentWav(3600),
        ffmpegUrl,
        flow: 'shared',
        fromSeconds: 0,
        times: 'from-first',
        track: 0,
      },
      never,
    );
    await blocks.next(never);
    await delay(600);
    const standing = watch.written();
    // besides, five seconds are looked at before the first sound goes out, and it is taken in pieces
    expect(standing).toBeLessThanOrEqual(RING_BYTES + 7 * BYTES_A_SECOND);
    await delay(600);
    expect(watch.written()).toBe(standing);
    // what is taken is replaced, and no more
    while (watch.written() === standing) {
      await blocks.next(never);
      await delay(50);
    }
    await delay(300);
    expect(watch.written()).toBeLessThanOrEqual(standing + 2 * BYTES_A_SECOND);
    blocks.close();
  });

  it('ffmpeg is ended in its sleep by closing', async () => {
    const watch = watchWorkers();
    const blocks = await FfmpegBlocks.open(
      {
        source: silentWav(3600),
        ffmpegUrl,
        flow: 'shared',
        fromSeconds: 0,
        times: 'from-first',
        track: 0,
      },
      never,
    );
    await delay(300);
    const standing = watch.written();
    blocks.close();
    await delay(300);
    expect(watch.written()).toBe(standing);
    expect(await blocks.next(never)).toBeNull();
  });

  it('WebCodecs are fed no more packets', async () => {
    const minutes = new Array<Uint8Array<ArrayBuffer>>(40).fill(await fixture('speech-cbr.mp3'));
    const source = fileOf(...minutes);
    const packets = await FramePackets.open(source, await probe(source), 0);
    if (!packets) throw new Error('No frames in the fixture.');
    let taken = 0;
    const next = packets.next.bind(packets);
    packets.next = () => {
      taken += 1;
      return next();
    };
    const blocks = new CodecBlocks(packets, null);
    await blocks.next(never);
    await delay(300);
    const standing = taken;
    // the five seconds by which packet times are judged, and what is in the decoder
    expect(standing).toBeLessThan(300);
    await delay(300);
    expect(taken).toBe(standing);
    blocks.close();
  });
});

describe('cancelling', () => {
  it.each(['auto', 'ffmpeg'] as const)('a read loses nothing (%s)', async (choice) => {
    const decoder = createDecoder({ decoder: choice });
    const source = repeatedWav(new Int16Array(44_100).fill(1000), 44_100 * 120, {
      rateHz: 44_100,
      channels: 1,
    });
    const session = await decoder.open(source, { startSample: 0 });
    let reached = 0;
    let cancelled = 0;
    for (;;) {
      const abort = new AbortController();
      if (reached % 3 === 0) setTimeout(() => abort.abort(), 1);
      try {
        const chunk = await session.read(abort.signal);
        if (!chunk) break;
        expect(chunk.startSample).toBe(reached);
        reached += chunk.pcm.length;
      } catch (error) {
        expect(error).toMatchObject({ code: 'ABORTED' });
        cancelled += 1;
        // enough of cancelling: let it come to its end
        if (cancelled > 3) break;
      }
    }
    const { pcm } = await readAll(session);
    expect(reached + pcm.length).toBe(120 * 16_000);
    await session.close();
    decoder.dispose();
  });

  it('an opening rejects and the next one works', async () => {
    const decoder = createDecoder({ decoder: 'ffmpeg' });
    const abort = new AbortController();
    const opening = decoder.open(silentWav(60), { startSample: 0, signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(opening).rejects.toMatchObject({ code: 'ABORTED' });
    const session = await decoder.open(silentWav(1), { startSample: 0 });
    expect((await readAll(session)).pcm.length).toBe(16_000);
    decoder.dispose();
  });
});

describe('a worker that dies', () => {
  it('rejects what was asked of it, and a new one opens the next source', async () => {
    const watch = watchWorkers();
    const decoder = createDecoder();
    const source = silentWav(3600);
    const session = await decoder.open(source, { startSample: 0 });
    const reading = session.read();
    watch.workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'killed by the test' }));
    await expect(reading).rejects.toMatchObject({ code: 'WORKER_CRASHED', fatal: true });
    await expect(session.read()).rejects.toMatchObject({ code: 'WORKER_CRASHED', fatal: true });
    await session.close();
    const next = await decoder.open(source, { startSample: 0 });
    expect((await next.read())?.pcm.length).toBe(16_000);
    decoder.dispose();
  });

  it('rejects a read when it is disposed of', async () => {
    const decoder = createDecoder();
    const session = await decoder.open(silentWav(3600), { startSample: 0 });
    const reading = session.read();
    decoder.dispose();
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    await session.close();
  });
});

describe('long sources', () => {
  it('reads the start and the end of a WAV file of over 2 GB', async () => {
    const decoder = createDecoder();
    const format = { rateHz: 48_000, channels: 2 };
    const seconds = 12_000;
    const tone = new Int16Array(await toneWav(1, format).slice(44).arrayBuffer());
    const source = repeatedWav(tone, seconds * format.rateHz, format);
    expect(source.size).toBeGreaterThan(2 ** 31);
    const start = await decoder.open(source, { startSample: 0 });
    expect(start.info.durationMs).toBe(seconds * 1000);
    const first = await readAll(start, 48_000);
    await start.close();
    const late = await decoder.open(source, { startSample: (seconds - 2) * 16_000 });
    const last = await readAll(late);
    await late.close();
    expect(last.pcm.length).toBe(32_000);
    // every second is the same, so the two positions must agree
    const middle = (pcm: Float32Array) => pcm.subarray(16_000, 30_000);
    expect(maxDifference(middle(last.pcm), middle(first.pcm))).toBe(0);
    expect(Math.max(...middle(last.pcm))).toBeGreaterThan(0.3);
    decoder.dispose();
  });

  it('resumes a long mp3 and a long AAC stream as if it had never stopped', async () => {
    const decoder = createDecoder();
    for (const file of ['speech-vbr.mp3', 'speech.aac']) {
      const source = fileOf(...new Array<Uint8Array<ArrayBuffer>>(8).fill(await fixture(file)));
      const whole = await decoder.open(source, { startSample: 0 });
      const { pcm } = await readAll(whole);
      await whole.close();
      expect(pcm.length).toBeGreaterThan(90 * 16_000);
      for (const startSample of [31.5, 59.9, 61, 88.123].map((s) => Math.round(s * 16_000))) {
        const late = await decoder.open(source, { startSample });
        const rest = await readAll(late);
        await late.close();
        expect(rest.pcm.length).toBe(pcm.length - startSample);
        expect(maxDifference(rest.pcm, pcm.subarray(startSample))).toBe(0);
      }
    }
    decoder.dispose();
  });

  it('plans the restarts of AAC alone', () => {
    expect(planRestarts('mp3', 100)).toBeNull();
    expect(planRestarts('aac', 0)).toMatchObject({ first: 0, fromSeconds: 0 });
    expect(planRestarts('aac', 100)).toMatchObject({ first: 3, fromSeconds: 89 });
  });
});
