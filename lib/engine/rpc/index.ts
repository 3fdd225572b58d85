export { createClient, type WorkerLike } from './client';
export { type Client, type Handlers, Transferred } from './protocol';
export { serve } from './server';
