// Vitest's global set-up: one hub for all tests, which add files of their own and set faults by
// its control addresses. Tests that run in a page could not start it.
import type { TestProject } from 'vitest/node';
// what tests are provided with is declared there
import type {} from '../../lib/client/model-library/hub/test-hub';
import { startHub } from './hub-server';

/** @returns ends the hub */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const hub = await startHub({ control: true });
  provide('hubUrl', hub.url);
  return () => hub.close();
}
