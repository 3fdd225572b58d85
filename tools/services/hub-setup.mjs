// Vitest's global set-up: one hub for all tests, which add files of their own and set faults by
// its control addresses. Tests that run in a page could not start it.
import { startHub } from './hub-server.mjs';

/** @param {{ provide: (key: 'hubUrl', value: string) => void }} project */
export async function setup({ provide }) {
  const hub = await startHub({ control: true });
  provide('hubUrl', hub.url);
  return () => hub.close();
}
