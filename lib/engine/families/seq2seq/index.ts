export type { CachedDecoder, DecoderBatch, TokenLimits, TokenRow } from './decoder';
export type { HotScores, HotTokens } from './hot-words/hot-search';
export { HotWordTokens } from './hot-words/hot-words';
export { type DecoderOptions, type OpenedDecoder, openDecoder } from './open';
export { STEP_WINDOWS } from './step-kernels';
