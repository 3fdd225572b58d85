export {
  askServiceWorker,
  listRequests,
  type RequestReason,
  requestLedger,
  type SentRequest,
  startRequestLedger,
} from './request-ledger';
export {
  callServer,
  delayUntilOnline,
  notePublicAddress,
  publicOrigin,
  serverFetch,
  withRetries,
} from './server-call';
export { getFromStore, putBytes, putToStore, stalled, watchTransfer } from './store-transfer';
