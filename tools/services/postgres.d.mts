/** A PostgreSQL server for tests. */
export interface PostgresServer {
  /** Of a user who may do everything. */
  url: string;
  stopServer(): Promise<unknown>;
  startServer(): Promise<unknown>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** Starts a server, installing it when it is missing. */
export function startPostgres(): Promise<PostgresServer>;
