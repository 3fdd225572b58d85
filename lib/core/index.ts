export { abortable, abortError, delay, onAbort, throwIfAborted } from './abort';
export { bareName } from './bare-name';
export { base64UrlBytes, fromBase64Url, toBase64Url } from './base64url';
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
export { freeBuffer } from './free-buffer';
export { newId } from './ids';
export { isUnspaced, joinWords, needsSpace } from './join-words';
export { memoizePromise, once } from './memoize-promise';
export {
  type ObservedRequest,
  observeRequests,
  REQUEST_CHANNEL,
  reportRequests,
} from './observed-requests';
export { isPlainText, isText, plainText } from './plain-text';
export { isPrivateSession, keepChoice, setPrivateSession } from './private-session';
export { backoffMs, type RetryOptions, retry } from './retry';
export { safePath } from './safe-path';
export { formatClock } from './time';
export { watchForStall, withTimeout } from './timeout';
