/** A failure that is printed as one sentence, without a stack. */
export class PlainError extends Error {
  /** What the command exits with. */
  readonly exitCode: number = 1;
}

/** A failure that another process has reported already: the command says no more about it. */
export class ReportedError extends PlainError {}

/** A command that was called in a way it does not know. */
export class UsageError extends PlainError {
  override readonly exitCode = 2;
}

/** What was asked for is the list of options. */
export class HelpAsked extends PlainError {
  override readonly exitCode = 0;
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's name for what went wrong, such as `ENOENT`; `null` where it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
