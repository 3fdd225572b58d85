import * as ort from 'onnxruntime-web/wasm';
import { fetchModelFile } from '@/lib/catalogue';
import { alignHandlers } from '@/lib/engine/families';
import { serve } from '@/lib/engine/rpc';
import { createWasmStart } from '@/lib/engine/runtime';
import type { AlignMethods } from './protocol';

serve<AlignMethods>(self, alignHandlers({ fetchFile: fetchModelFile }, createWasmStart(ort)));
