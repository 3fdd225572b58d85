import 'server-only';

export { parseRange } from './byte-range';
export { notePeers } from './client-address';
export { guardAnswers } from './http-guard';
export { checkHub } from './page-policy';
export { type RouteContext, route } from './route';
