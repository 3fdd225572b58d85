import 'server-only';
import { AppError } from '@/lib/core';

/** How much one process asks of PostgreSQL, and how long it waits. */
export interface Limits {
  connections: number;
  /** How long a caller waits for a connection, new or given back. */
  connectMs: number;
  /** How long the server works on one statement. */
  statementMs: number;
  /** How long we wait for a statement's answer: longer, so that a server that lives speaks first. */
  answerMs: number;
  /** How long a transaction may take from its beginning. */
  transactionMs: number;
}

export const LIMITS: Limits = {
  connections: 10,
  connectMs: 5_000,
  statementMs: 10_000,
  answerMs: 12_000,
  transactionMs: 14_000,
};

/** Rejects with SERVER_BUSY when `work` takes longer than `limitMs`; the work itself goes on. */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('SERVER_BUSY', `${what} took longer than ${limitMs} ms.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
