// What the ablation needs of the app, from one graph of modules.

export { nodeRuntime } from '@/lib/asr/test-runtime';
export { WhisperModel } from '@/lib/asr/whisper/model';
export { loadParts } from '@/lib/asr/whisper/parts';
export { usualRules } from '@/lib/asr/whisper/rules';
export { openAligner } from '@/lib/asr/words/align';
export { optionalAligner } from '@/lib/asr/words/optional-aligner';
export { segmenterOptions } from '@/lib/vad/options';
export { SpeechSession } from '@/lib/vad/session';
export { loadNetwork } from '@/workers/segment/network';
