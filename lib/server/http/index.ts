import 'server-only';

export { parseRange } from './byte-range';
export { guardAnswers } from './http-guard';
export { checkHub } from './hub-hosts';
export { notePeers } from './peer';
export { type RouteContext, route } from './route';
