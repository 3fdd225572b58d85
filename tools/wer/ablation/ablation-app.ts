// What the ablation needs of the app, from one graph of modules.

export { openAligner } from '@/lib/engine/alignment/align';
export { optionalAligner } from '@/lib/engine/alignment/optional-aligner';
export { WhisperModel } from '@/lib/engine/families/whisper/model';
export { loadParts } from '@/lib/engine/families/whisper/parts';
export { usualRules } from '@/lib/engine/families/whisper/rules';
export { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
export { segmenterOptions } from '@/lib/engine/vad/options';
export { SpeechSession } from '@/lib/engine/vad/session';
export { loadNetwork } from '@/workers/segment/network';
