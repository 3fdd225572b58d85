import { expect, it, vi } from 'vitest';
import { hasQuickDots } from './load';
import { nodeKernels } from './test-kernels';

it('is not measured again where it is known, unless the browser does not do it right', async () => {
  const now = vi.spyOn(performance, 'now');
  expect(await hasQuickDots(nodeKernels.module, false)).toBe(false);
  expect(await hasQuickDots(nodeKernels.module, true)).toBe(true);
  expect(now).not.toHaveBeenCalled();
  now.mockRestore();
});

it('is `no` where the instruction has to be made of others', async () => {
  expect(await hasQuickDots(nodeKernels.module)).toBe(false);
});
