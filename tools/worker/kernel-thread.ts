// A thread of the kernels: it helps with their programs until it is terminated.
import { parentPort } from 'node:worker_threads';
import { helpKernels, type ThreadStart } from '@/lib/engine/kernels';

parentPort?.once('message', (start: ThreadStart) => void helpKernels(start));
