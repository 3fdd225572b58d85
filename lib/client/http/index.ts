export { notePublicAddress, publicOrigin } from './public-address';
export { putBytes, putToStore, stalled, watchTransfer } from './put-bytes';
export {
  listRequests,
  requestLedger,
  type SentRequest,
  startRequestLedger,
} from './request-ledger';
export type { RequestReason } from './request-reason';
export { callServer, getFromStore, serverFetch, withRetries } from './server-call';
export { delayUntilOnline } from './until-online';
