import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DraftModel } from '@/lib/catalogue/catalogue';
import { fetchCatalogue, fetchModelFile } from '@/lib/catalogue/files';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { LoadParams } from '@/lib/engine/families/protocol';
import { probeGpu } from '@/lib/engine/runtime/gpu';
import { testBackend } from '@/lib/engine/runtime/self-test';
import { createAsrWebGpuClient } from './client';

/** The software adapter needs many seconds to compile and to run. */
const SLOW_MS = 240_000;

const modelsUrl = `${location.origin}/models/`;
const probe = await probeGpu(true);
let model: DraftModel;
let params: LoadParams;
let clip: Float32Array;
let client: ReturnType<typeof createAsrWebGpuClient>;

beforeAll(async () => {
  const catalogue = await fetchCatalogue(`${modelsUrl}catalogue.json`);
  [model] = catalogue.models;
  params = { model, modelsUrl, aligner: null, runtimeUrl: `${location.origin}/ort/`, threads: 1 };
  clip = await readWavPcm(new Blob([await fetchModelFile(model.knownClip, modelsUrl)]));
});

beforeEach(() => {
  client = createAsrWebGpuClient();
});

afterEach(() => client.dispose());

describe('the webgpu recogniser', () => {
  it.skipIf(!probe.usable)(
    'gives the known text, and each segment of a batch what it gives it alone',
    async () => {
      const options = { ...params, allowSoftwareGpu: true };
      const tried = await testBackend(client, 'webgpu', options, clip, {
        expected: model.knownClip,
        timeoutMs: SLOW_MS,
      });
      console.info(`known clip, webgpu: ${JSON.stringify(tried)} on ${JSON.stringify(probe)}`);
      expect(tried.result).toMatchObject({ backend: 'webgpu', outcome: 'right' });
      expect(tried.result.detail.toLowerCase()).toBe(model.knownClip.text);
      expect(tried.info).toMatchObject({ backend: 'webgpu', precision: 'fp32' });

      const short = clip.slice(0, 70_000);
      const together = await client.call('recognise', { batch: [short, clip] });
      const alone = await client.call('recognise', { batch: [short] });
      const texts = (words: { text: string }[] = []) => words.map(({ text }) => text);
      expect(texts(together.hypotheses[0]?.words)).toEqual(texts(alone.hypotheses[0]?.words));
      expect(texts(together.hypotheses[1]?.words).join(' ')).toBe(tried.result.detail);
    },
    SLOW_MS,
  );

  it('counts a software adapter as no adapter', async () => {
    const tried = await testBackend(client, 'webgpu', params, clip, {
      expected: model.knownClip,
      timeoutMs: 60_000,
    });
    // with a real GPU in the machine the same call must succeed
    const real = await probeGpu();
    if (real.usable) expect(tried.result.outcome).toBe('right');
    else
      expect(tried).toEqual({
        result: {
          backend: 'webgpu',
          outcome: 'unavailable',
          runMs: null,
          loadMs: null,
          detail: real.reason,
        },
        info: null,
      });
  });

  it.skipIf(!probe.usable)('gives up when the self-test runs out of time', async () => {
    const options = { ...params, allowSoftwareGpu: true };
    const tried = await testBackend(client, 'webgpu', options, clip, {
      expected: model.knownClip,
      timeoutMs: 500,
    });
    expect(tried.result).toMatchObject({ outcome: 'failed', detail: 'not done after 0.5 s' });
  });
});
