import 'server-only';

export {
  answerIncoming,
  hasIngestSecret,
  MAX_EVENT_BYTES,
  sweepIncoming,
  takeEvents,
} from './ingest';
