export {
  abortable,
  abortError,
  delay,
  onAbort,
  throwIfAborted,
  watchForStall,
  withTimeout,
} from './abort';
export { base64UrlBytes, freeBuffer, fromBase64Url, toBase64Url } from './bytes';
export {
  type Direction,
  directionOfLanguage,
  directionOfParagraph,
  directionOfText,
  isolated,
  startsRightToLeft,
  textAttributes,
} from './direction';
export {
  AppError,
  assert,
  ERROR_CODES,
  type ErrorCode,
  isAbort,
  isAppError,
  toAppError,
  unreachable,
} from './errors';
export { createYielder, WorkSlices, yieldToEventLoop } from './event-loop';
export { newId } from './ids';
export { memoizePromise, once } from './memoize-promise';
export {
  type ObservedRequest,
  observeRequests,
  REQUEST_CHANNEL,
  reportRequests,
} from './observed-requests';
export { isPrivateSession, keepChoice, setPrivateSession } from './private-session';
export { backoffMs, type RetryOptions, retry } from './retry';
export { safePath } from './safe-path';
export {
  bareName,
  isPlainText,
  isText,
  isUnspaced,
  joinWords,
  needsSpace,
  plainText,
} from './text';
export { formatClock } from './time';
