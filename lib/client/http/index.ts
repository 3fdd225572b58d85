export { notePublicAddress, publicOrigin } from './public-address';
export { putBytes } from './put-bytes';
export { withRetries } from './retries';
export { callServer, serverFetch } from './server-call';
export { stalled, watchTransfer } from './stall';
