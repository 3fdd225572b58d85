import 'server-only';

export {
  chooseKey,
  countUnread,
  markSeen,
  ownInbox,
  ownJob,
  readTranscript,
  removeJob,
  sourceOfJob,
  sweepRemoved,
} from './inbox';
export { type NewJob, sourceOf } from './jobs';
export { workOverview, workStats } from './work-overview';
export { workQueue } from './work-queue';
