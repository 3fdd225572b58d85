import 'server-only';

export { claimDataFolder } from './data-folder';
export { lockDirectory } from './directory-lock';
export {
  DURABLE_START,
  DurableNodeFS,
  fileErrorCode,
  fileStream,
  syncDirectory,
} from './durable-files';
export { publicAddress, serverEnv, sessionSecret } from './env';
export { type LogFields, log, outliveReaders } from './log';
export { forgetSingleton, processSingleton } from './process-singleton';
export type { S3Settings, TrainingSettings } from './read-env';
export { scheduler } from './scheduler';
export { hashToken, isSameSecret } from './secrets';
export { limitShutdown } from './shutdown';
