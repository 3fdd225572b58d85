export { recogniserHandlers } from './handlers';
