import 'server-only';

export type LogLevel = 'info' | 'warn' | 'error';
export type LogFields = Record<string, string | number | boolean | null>;

/** Longer strings are cut: a log line is a fact, not a document. */
const MAX_FIELD_CHARS = 500;

/**
 * Writes one line of JSON: `info` to the standard output, the rest to the standard error. Fields are
 * facts such as ids of requests, counts and durations; never bodies, titles, keys or tokens.
 */
export function log(level: LogLevel, event: string, fields: LogFields = {}): void {
  const cut = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > MAX_FIELD_CHARS
      ? `${value.slice(0, MAX_FIELD_CHARS)}…`
      : value,
  ]);
  const line = JSON.stringify({
    ...Object.fromEntries(cut),
    time: new Date().toISOString(),
    level,
    event,
  });
  (level === 'info' ? process.stdout : process.stderr).write(`${line}\n`);
}

/**
 * Lets the process outlive the reader of its output: without this a write into a pipe that was closed
 * is an error nobody handles, and reporting it is the next one, without end.
 */
export function outliveReaders(): void {
  // there is nobody left to notify
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
