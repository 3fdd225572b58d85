import type { z } from 'zod';

/** The input and output of a route: the server's handler, its clients and the documentation follow it. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` stands for a parameter. */
  path: `/api/${string}`;
  /** What it does, as a sentence. */
  summary: string;
  /** Who may call it: everyone, any signed-in user, or the owner. */
  session: 'open' | 'user' | 'owner';
  /** What it requires besides or instead of a session. */
  authorization?:
    | 'METRICS_TOKEN'
    | 'WORKER_TOKEN'
    | 'INGEST_SECRET'
    | 'auth key of the share'
    | 'token of the training run'
    | 'signature in the address';
  /** Parameters of the path. */
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** Schema of the JSON body. */
  body?: z.ZodType;
  /** The body is raw bytes. */
  rawBody?: true;
  /** Schema of the JSON answer, with status 200; `null`: no content, with status 204; else the answer's media type. */
  answer: z.ZodType | null | `${string}/${string}`;
}
