import * as ort from 'onnxruntime-web/webgpu';
import type { BatchLimits } from '@/lib/asr/ctc/batches';
import { ortNetwork } from '@/lib/asr/ctc/network';
import { guardDevice, probeGpu } from '@/lib/asr/gpu';
import { recogniserHandlers } from '@/lib/asr/handlers';
import { runtimeError } from '@/lib/asr/runtime-errors';
import { AppError } from '@/lib/core/errors';
import { SAMPLE_RATE_HZ } from '@/lib/media/constants';
import { fetchModelFile } from '@/lib/models/files';
import { serve } from '@/lib/rpc/server';
import type { AsrWebGpuMethods } from './protocol';

/**
 * A GPU's time goes into starting its many small steps, which a batch shares; not measured on real
 * hardware. Eight segments of 20 s keep the widest features below 40 MB.
 */
const LIMITS: BatchLimits = { rows: 8, paddedSamples: 160 * SAMPLE_RATE_HZ, shortest: 0.8 };

serve<AsrWebGpuMethods>(
  self,
  recogniserHandlers({
    backend: 'webgpu',
    limits: LIMITS,
    fetchFile: fetchModelFile,
    async open(bytes, { runtimeUrl, allowSoftwareGpu }) {
      // without an adapter the runtime would fall back to the CPU with no more than a warning
      const probe = await probeGpu(allowSoftwareGpu);
      if (!probe.usable) throw new AppError('BACKEND_UNAVAILABLE', probe.reason);
      ort.env.wasm.wasmPaths = runtimeUrl;
      ort.env.wasm.numThreads = 1;
      try {
        const session = await ort.InferenceSession.create(new Uint8Array(bytes), {
          executionProviders: ['webgpu'],
        });
        const network = ortNetwork({ Tensor: ort.Tensor, session }, runtimeError);
        return { network: guardDevice(network, await ort.env.webgpu.device), threads: 1 };
      } catch (error) {
        throw runtimeError(error);
      }
    },
  }),
);
