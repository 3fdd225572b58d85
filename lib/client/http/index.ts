export { notePublicAddress, publicOrigin } from './public-address';
export { putBytes, stalled, watchTransfer } from './put-bytes';
export { callServer, serverFetch, withRetries } from './server-call';
