import 'server-only';

export { countRequest, metricsPage } from './metrics';
export { hit, type Limit, refuseSpent, sweepRateLimits } from './rate-limit';
