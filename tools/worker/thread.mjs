// @ts-check
// The first module of a worker thread: TypeScript is registered for each thread. `workerData.module` is the
// file that it runs.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register({ tsconfig: workerData.tsconfig });
await import(workerData.module);
