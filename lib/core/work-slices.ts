/** Longest stretch of work in one piece, in ms: input and drawing wait no longer for it. */
const SLICE_MS = 12;

/** Lets everything else that waits have its turn: input, drawing, messages. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    // not a timer: browsers hold those back, for 4 ms each and in the background for seconds
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Cuts long work on the page's own thread into short stretches. */
export class WorkSlices {
  private sinceMs = performance.now();

  /** Whether it is time to `pause`. Cheap enough to be asked at every step. */
  get isOver(): boolean {
    return performance.now() - this.sinceMs >= SLICE_MS;
  }

  async pause(): Promise<void> {
    await yieldToEventLoop();
    this.sinceMs = performance.now();
  }
}
