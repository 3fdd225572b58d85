import './meter';
import * as ort from 'onnxruntime-web/webgpu';
import { loadOurs } from './our-engine';
import { serve } from './serve';

serve((setting) => loadOurs(ort, setting));
