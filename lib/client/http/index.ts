export { notePublicAddress, publicOrigin } from './public-address';
export { putBytes, stalled, watchTransfer } from './put-bytes';
export {
  listRequests,
  requestLedger,
  type SentRequest,
  startRequestLedger,
} from './request-ledger';
export type { RequestReason } from './request-reason';
export { callServer, serverFetch, withRetries } from './server-call';
export { getFromStore, putToStore } from './store-transfer';
export { delayUntilOnline } from './until-online';
