import { helpKernels, type ThreadStart } from '@/lib/engine/kernels';

// the only message; from then on shared memory says what to do, until it is terminated
self.onmessage = ({ data }: MessageEvent<ThreadStart>) => void helpKernels(data);
