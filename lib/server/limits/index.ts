import 'server-only';

export { countClip, countRequest, metricsPage, noteFollowers } from './metrics';
export { assertNotExhausted, consume, type Limit, sweepRateLimits } from './rate-limit';
