/** More threads than this do not pay for so small a network. */
const MAX_THREADS = 4;

/**
 * Wasm threads to ask for: one for each core, up to four; one where the page is not cross-origin
 * isolated, because there is no shared memory then. Two threads on two cores took 0.75 of the time
 * of one for the network, in Chromium with other work on the machine.
 */
export function wasmThreads(cores: number, isIsolated: boolean): number {
  return isIsolated ? Math.max(1, Math.min(cores, MAX_THREADS)) : 1;
}
