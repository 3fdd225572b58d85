import './meter.mjs';
import * as ort from 'onnxruntime-web/webgpu';
import { loadOurs } from './our-engine.mjs';
import { serve } from './serve.mjs';

serve((params) => loadOurs(ort, params));
