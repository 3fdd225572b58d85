import 'server-only';

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
