export { type AlignMethods, alignHandlers } from './align-handlers';
export { recogniserHandlers } from './handlers';
