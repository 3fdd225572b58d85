import type { z } from 'zod';

/** What a route takes and gives: the server's handler, its clients and the documentation go by it. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` stands for what varies. */
  path: `/api/${string}`;
  /** What it does, as a sentence. */
  summary: string;
  /** Who may call it: everyone, any signed-in user, or the owner. */
  session: 'open' | 'user' | 'owner';
  /** What it wants beside or instead of a session. */
  authorization?:
    | 'METRICS_TOKEN'
    | 'WORKER_TOKEN'
    | 'INGEST_SECRET'
    | 'auth key of the share'
    | 'token of the training run'
    | 'signature in the address';
  /** Of the path. */
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** Of the JSON body. */
  body?: z.ZodType;
  /** The body is bytes as they are. */
  rawBody?: true;
  /** Of the JSON answer with status 200; `null`: none, with status 204; else its media type. */
  answer: z.ZodType | null | `${string}/${string}`;
}
