import * as ort from 'onnxruntime-web/wasm';
import { openInstalled } from '@/lib/client/model-library/downloads/install-manifest';
import { diariseHandlers } from '@/lib/engine/diarisation';
import { serve } from '@/lib/engine/rpc';
import { createWasmStart } from '@/lib/engine/runtime';
import type { DiariseMethods } from './protocol';

serve<DiariseMethods>(
  self,
  diariseHandlers({
    start: createWasmStart(ort),
    // ONNX Runtime's WebGPU has no LSTM
    openInstalled: (id) => openInstalled(id, 'wasm'),
  }),
);
