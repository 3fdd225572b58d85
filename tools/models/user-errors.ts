import { AppError } from '../../lib/core/errors';

/** How `npm run models` is stopped, and where it reports its progress. */
export interface CommandContext {
  /** Prints a line. */
  say(line: string): void;
  /** Shows the progress of one file; a terminal shows it in place. */
  progress(path: string, doneBytes: number, totalBytes: number): void;
  /** Fires at Ctrl-C. */
  signal: AbortSignal;
}

/** A failure in sentences for the user of the command: what happened, and what to do. */
export function userError(sentences: string, cause?: unknown): AppError {
  return new AppError('BAD_REQUEST', sentences, {
    ...(cause === undefined ? {} : { cause }),
    details: { isForUser: true },
  });
}

/** The system's name for what went wrong with a file or folder, in words. */
const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it lies on a file system that can only be read',
  ENOTDIR: 'a part of that path is a file',
  ENOENT: 'it is not there',
};

/**
 * Any failure in such sentences; `null` for a fault of the program, which is shown with its stack.
 * @param what was to be done, such as `add whisper-base`
 */
export function sentencesOf(error: unknown, what: string): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof AppError) return ofApp(error, what);
  // what other parts of the commands have said already (`PlainError`)
  if ('exitCode' in error) return error.message;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullDisk(what);
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  const reason = SYSTEM_REASONS[code];
  return reason && path ? `${path} cannot be used: ${reason}.` : null;
}

const fullDisk = (what: string) =>
  `The disk is full: nothing was added. Free some room and run ${what} again; what was downloaded is kept.`;

function ofApp({ code, message, details }: AppError, what: string): string | null {
  if (details.isForUser) return message;
  switch (code) {
    case 'STORE_QUOTA':
      return fullDisk(what);
    case 'MODEL_HASH_MISMATCH':
      return `${message} It was thrown away. Run ${what} again; if this keeps happening, the hub serves a different file from the one it lists.`;
    case 'MODEL_DOWNLOAD_FAILED':
    case 'OFFLINE':
      return `${message} What was downloaded is kept: ${what} resumes from there. Without a network, give a folder or a zip.`;
    case 'NOT_FOUND':
    case 'BAD_REQUEST':
      return message;
    default:
      return null;
  }
}
