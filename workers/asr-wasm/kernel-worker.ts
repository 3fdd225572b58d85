import { helpKernels, type ThreadStart } from '@/lib/engine/kernels';

// the one message it ever gets; from then on it works on what memory tells, until it is terminated
self.onmessage = ({ data }: MessageEvent<ThreadStart>) => void helpKernels(data);
