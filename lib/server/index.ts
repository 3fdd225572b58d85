import 'server-only';

export { readiness } from './readiness';
