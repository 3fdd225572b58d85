import 'server-only';

export { countClip, countRequest, metricsPage, noteFollowers } from './metrics';
export { hit, type Limit, refuseSpent, sweepRateLimits } from './rate-limit';
