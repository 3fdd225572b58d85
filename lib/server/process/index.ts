import 'server-only';

export { claimDataFolder } from './data-folder';
export { lockDirectory } from './directory-lock';
export { DURABLE_START, DurableNodeFS, fileErrorCode, syncDirectory } from './durable-files';
export { publicAddress, serverEnv, sessionSecret } from './env';
export { fileStream } from './file-stream';
export { type LogFields, log, outliveReaders } from './log';
export { forgetInProcess, onceInProcess } from './process-singleton';
export type { S3Settings, TrainingSettings } from './read-env';
export { hashToken, sameText } from './secrets';
export { limitShutdown } from './shutdown';
