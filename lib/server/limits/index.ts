import 'server-only';

export { countRequest, metricsPage, noteFollowers } from './metrics';
export { hit, type Limit, refuseSpent, sweepRateLimits } from './rate-limit';
