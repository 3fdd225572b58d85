// What the ablation needs of the app, from one graph of modules.

export { openAligner } from '@/lib/engine/alignment/align';
export { optionalAligner } from '@/lib/engine/alignment/optional-aligner';
export { loadFiles } from '@/lib/engine/families/whisper/load-files';
export { WhisperModel } from '@/lib/engine/families/whisper/model';
export { usualRules } from '@/lib/engine/families/whisper/rules';
export { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
export { segmenterOptions } from '@/lib/engine/vad/options';
export { VadSession } from '@/lib/engine/vad/vad-session';
export { loadNetwork } from '@/workers/segment/network';
