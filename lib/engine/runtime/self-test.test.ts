import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { CatalogueModel } from '@/lib/catalogue/catalogue';
import { AppError } from '@/lib/core/errors';
import { readBuiltInModel } from '@/lib/engine/families/ctc/test-model';
import type { LoadParams, RecogniserMethods } from '@/lib/engine/families/protocol';
import { createClient } from '@/lib/engine/rpc/client';
import type { Handlers } from '@/lib/engine/rpc/protocol';
import { serve } from '@/lib/engine/rpc/server';
import { testBackend } from './self-test';

const { entry } = readBuiltInModel();
const params: LoadParams = {
  model: entry,
  modelsUrl: 'http://localhost/models/',
  aligner: null,
  runtimeUrl: 'http://localhost/ort/',
  threads: 1,
};
const info = {
  modelId: entry.id,
  backend: 'wasm',
  precision: 'int8',
  language: 'en',
  threads: 1,
} as const;
const clip = Float32Array.of(0.1, 0.2, 0.3);
const open: (() => void)[] = [];

/** A client of a worker that answers as scripted, over a real port. */
function clientOf(handlers: Partial<Handlers<RecogniserMethods>>) {
  const client = createClient<RecogniserMethods>(
    () => {
      const { port1, port2 } = new MessageChannel();
      serve<RecogniserMethods>(port2, {
        load: async () => ({ info, runs: [], loadMs: 7 }),
        recognise: async () => said(entry.knownClip.text),
        dispose: async () => null,
        ...handlers,
      });
      return Object.assign(port1, { terminate: () => port1.close() });
    },
    { name: 'test', cancelTimeoutMs: 50 },
  );
  open.push(() => client.dispose());
  return client;
}

const said = (text: string) => ({
  hypotheses: [
    {
      words: text
        .split(' ')
        .map((word) => ({ text: word, startSample: 0, endSample: 1, confidence: 1 })),
    },
  ],
  inferenceMs: 1,
  searchMs: 1,
  language: 'en',
});

const untilCancelled = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new AppError('ABORTED', 'cancelled')));
  });

afterEach(() => {
  for (const close of open.splice(0)) close();
});

describe('testBackend', () => {
  it('runs the clip twice and reports the known text with both times', async () => {
    const lengths: number[] = [];
    const client = clientOf({
      recognise: async ({ batch }) => {
        lengths.push(...batch.map((pcm) => pcm.length));
        return said(entry.knownClip.text.toUpperCase());
      },
    });
    const tried = await testBackend(client, 'wasm', params, clip, {
      expected: entry.knownClip,
      timeoutMs: 5000,
    });
    expect(tried).toEqual({
      result: {
        backend: 'wasm',
        outcome: 'right',
        runMs: 2,
        loadMs: 7,
        detail: entry.knownClip.text.toUpperCase(),
      },
      info,
    });
    expect(lengths).toEqual([3, 3]);
    expect(clip).toEqual(Float32Array.of(0.1, 0.2, 0.3));
  });

  it('does not count the time a run waits for those of a job', async () => {
    const client = clientOf({
      recognise: async ({ batch }) => {
        if (batch.length === 2) await new Promise((resolve) => setTimeout(resolve, 60));
        return said(entry.knownClip.text);
      },
    });
    const job = async () => {
      for (let batches = 0; batches < 4; batches++)
        await client.call('recognise', { batch: [clip.slice(), clip.slice()] });
    };
    const [{ result }] = await Promise.all([
      testBackend(client, 'wasm', params, clip, { expected: entry.knownClip, timeoutMs: 5000 }),
      job(),
    ]);
    expect(result.runMs).toBe(2);
  });

  it('allows as many words to differ as the catalogue says, and not more', async () => {
    const words = entry.knownClip.text.split(' ');
    const outcomeWith = async (changed: number) => {
      const text = words.map((word, at) => (at < changed ? 'other' : word)).join(' ');
      const client = clientOf({ recognise: async () => said(text) });
      return (
        await testBackend(client, 'wasm', params, clip, {
          expected: entry.knownClip,
          timeoutMs: 5000,
        })
      ).result.outcome;
    };
    const allowed = Math.floor(words.length * entry.knownClip.maxWordErrorRate);
    expect(allowed).toBeGreaterThan(0);
    expect(await outcomeWith(allowed)).toBe('right');
    expect(await outcomeWith(allowed + 1)).toBe('wrong-text');
  });

  it('accepts any text of an unknown model, and says so, but not an empty one', async () => {
    const resultOf = async (text: string) => {
      const client = clientOf({ recognise: async () => said(text) });
      const options = { expected: null, timeoutMs: 5000 };
      return (await testBackend(client, 'wasm', params, clip, options)).result;
    };
    expect(await resultOf('qué')).toMatchObject({ outcome: 'right', anyText: true });
    expect(await resultOf('')).toMatchObject({ outcome: 'wrong-text', anyText: true });
  });

  it.each([
    ['BACKEND_UNAVAILABLE', 'unavailable', 'why'],
    ['OUT_OF_MEMORY', 'failed', 'OUT_OF_MEMORY: why'],
    ['GPU_DEVICE_LOST', 'failed', 'GPU_DEVICE_LOST: why'],
  ] as const)('takes %s as an outcome of the backend', async (code, outcome, detail) => {
    const client = clientOf({
      load: async () => {
        throw new AppError(code, 'why', { fatal: code !== 'BACKEND_UNAVAILABLE' });
      },
    });
    const { result } = await testBackend(client, 'webgpu', params, clip, {
      expected: entry.knownClip,
      timeoutMs: 5000,
    });
    expect(result).toEqual({
      backend: 'webgpu',
      outcome,
      detail,
      runMs: null,
      loadMs: null,
      ...(outcome === 'failed' && { code }),
    });
  });

  it.each(['OFFLINE', 'MODEL_DOWNLOAD_FAILED', 'MODEL_HASH_MISMATCH'] as const)(
    'does not blame the backend for %s',
    async (code) => {
      const client = clientOf({
        load: async () => {
          throw new AppError(code, 'why');
        },
      });
      const call = testBackend(client, 'wasm', params, clip, {
        expected: entry.knownClip,
        timeoutMs: 5000,
      });
      await expect(call).rejects.toMatchObject({ code });
    },
  );

  it('gives up when time runs out, with the time that loading took', async () => {
    const client = clientOf({ recognise: (_, { signal }) => untilCancelled(signal) });
    const { result } = await testBackend(client, 'webgpu', params, clip, {
      expected: entry.knownClip,
      timeoutMs: 30,
    });
    expect(result).toMatchObject({ outcome: 'failed', detail: 'not done after 0.03 s', loadMs: 7 });
  });

  it('rejects with ABORTED when the caller cancels', async () => {
    const abort = new AbortController();
    const client = clientOf({
      load: (_, { signal }) => {
        abort.abort();
        return untilCancelled(signal);
      },
    });
    const call = testBackend(client, 'wasm', params, clip, {
      expected: entry.knownClip,
      timeoutMs: 5000,
      signal: abort.signal,
    });
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  });

  describe('of a published model', () => {
    const [, whisper] = JSON.parse(readFileSync('public/models/catalogue.json', 'utf8'))
      .models as CatalogueModel[];
    const published = { ...params, model: whisper ?? entry };
    const options = { expected: entry.knownClip, timeoutMs: 5000 };
    const inLoop = { part: 'decoder', by: 'loop', reason: null } as const;
    const asIs = { part: 'decoder', by: 'graph', reason: null } as const;

    /** A worker whose faster ways do this, and whose published graphs give the known text. */
    function quickWays(recognise: () => Promise<ReturnType<typeof said>>) {
      const loads: (boolean | undefined)[] = [];
      const client = clientOf({
        load: async ({ asPublished }) => {
          loads.push(asPublished);
          return { info, runs: [asPublished ? asIs : inLoop], loadMs: 7 };
        },
        recognise: async () => (loads.at(-1) ? said(entry.knownClip.text) : recognise()),
      });
      return { client, loads };
    }

    it('runs its graphs as published where faster ways give a wrong text, and reports that', async () => {
      const { client, loads } = quickWays(async () => said('something else'));
      const { result, info: used } = await testBackend(client, 'wasm', published, clip, options);
      expect(result).toMatchObject({
        outcome: 'right',
        runs: [asIs],
        asPublished: 'wrong text: something else',
      });
      expect(used).not.toBeNull();
      expect(loads).toEqual([undefined, true]);
    });

    it('does so where they fail', async () => {
      const { client } = quickWays(async () => {
        throw new AppError('RECOGNISE_FAILED', 'The factors do not fit.');
      });
      const { result } = await testBackend(client, 'wasm', published, clip, options);
      expect(result).toMatchObject({
        outcome: 'right',
        asPublished: 'RECOGNISE_FAILED: The factors do not fit.',
      });
    });

    it('reports what the faster ways gave where the published graphs are no better', async () => {
      const loads: (boolean | undefined)[] = [];
      const client = clientOf({
        load: async ({ asPublished }) => {
          loads.push(asPublished);
          return { info, runs: [asPublished ? asIs : inLoop], loadMs: 7 };
        },
        recognise: async () => said(loads.at(-1) ? 'plain nonsense' : 'quick nonsense'),
      });
      const { result } = await testBackend(client, 'wasm', published, clip, options);
      expect(result).toMatchObject({
        outcome: 'wrong-text',
        detail: 'quick nonsense',
        runs: [inLoop],
      });
      expect(loads).toEqual([undefined, true]);
    });

    it('tries once where its graphs ran as published already', async () => {
      let loads = 0;
      const client = clientOf({
        load: async () => {
          loads++;
          return { info, runs: [asIs], loadMs: 7 };
        },
        recognise: async () => said('nonsense'),
      });
      const { result } = await testBackend(client, 'wasm', published, clip, options);
      expect(result.outcome).toBe('wrong-text');
      expect(loads).toBe(1);
    });
  });
});
