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
export { workOverview, workQueue, workStats } from './work-queue';
