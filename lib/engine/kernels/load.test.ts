import { expect, it, vi } from 'vitest';
import { chooseBytes } from './load';
import { nodeKernels } from './test-kernels';

it('is not measured again where it is known, unless the browser does not do it right', async () => {
  const now = vi.spyOn(performance, 'now');
  expect(await chooseBytes(nodeKernels.module, false)).toBeNull();
  // made of other instructions, bytes have a sign
  expect(await chooseBytes(nodeKernels.module, true)).toBe(128);
  expect(now).not.toHaveBeenCalled();
  now.mockRestore();
});

it('is not taken where the instruction has to be made of others', async () => {
  expect(await chooseBytes(nodeKernels.module)).toBeNull();
});
