import * as ort from 'onnxruntime-web/webgpu';
import { fetchModelFile } from '@/lib/catalogue';
import { openInstalled } from '@/lib/client/model-library/downloads/install-manifest';
import { AppError } from '@/lib/core';
import type { BatchLimits } from '@/lib/engine';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { recogniserHandlers } from '@/lib/engine/families';
import { serve } from '@/lib/engine/rpc';
import { createInferenceRuntime, deviceLoss, probeGpu, runtimeError } from '@/lib/engine/runtime';
import type { AsrWebGpuMethods } from './protocol';

/**
 * A GPU's time goes into starting its many small steps, which a batch shares; not measured on real
 * hardware. Eight segments of 20 s keep the widest features below 40 MB.
 */
const LIMITS: BatchLimits = { rows: 8, paddedSamples: 160 * SAMPLE_RATE_HZ, shortest: 0.8 };

/** Set once the first session has made the runtime choose its device. */
let lost: Promise<never> | null = null;

serve<AsrWebGpuMethods>(
  self,
  recogniserHandlers({
    backend: 'webgpu',
    limits: LIMITS,
    fetchFile: fetchModelFile,
    openInstalled,
    async start({ model, runtimeUrl, allowSoftwareGpu }) {
      // without an adapter the runtime would fall back to the CPU with no more than a warning
      const probe = await probeGpu(allowSoftwareGpu);
      if (!probe.usable) throw new AppError('BACKEND_UNAVAILABLE', probe.reason);
      const needs = model.family === 'ctc' ? [] : (model.backends.webgpu?.needs ?? []);
      // without shader-f16 such a model loads and writes nothing
      for (const feature of needs)
        if (!probe.features.has(feature))
          throw new AppError('BACKEND_UNAVAILABLE', `The GPU (${probe.name}) has no ${feature}.`);
      ort.env.wasm.wasmPaths = runtimeUrl;
      ort.env.wasm.numThreads = 1;
      const runtime = createInferenceRuntime({
        backend: 'webgpu',
        threads: 1,
        ort,
        translate: runtimeError,
        lost: () => lost,
      });
      return {
        ...runtime,
        async open(graph, options) {
          const session = await runtime.open(graph, options);
          lost ??= deviceLoss(await ort.env.webgpu.device);
          return session;
        },
      };
    },
  }),
);
