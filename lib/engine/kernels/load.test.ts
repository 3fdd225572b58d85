import { expect, it } from 'vitest';
import { hasQuickDots } from './load';
import { nodeKernels } from './test-kernels';

it('is `no` where the instruction has to be made of others', async () => {
  expect(await hasQuickDots(nodeKernels.module)).toBe(false);
});
