import 'server-only';

export { parseRange } from './byte-range';
export { notePeers } from './client-address';
export { guardAnswers, LONGEST_ROUTE_MS } from './http-guard';
export { checkHub } from './page-policy';
export { type RouteContext, route } from './route';
