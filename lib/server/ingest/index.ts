import 'server-only';

export { answerIncoming, holdsAddress, incomingAddress } from './give-incoming';
export { hasIngestSecret, MAX_EVENT_BYTES, sweepIncoming, takeEvents } from './ingest';
