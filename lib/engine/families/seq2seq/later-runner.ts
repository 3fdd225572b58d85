import type { DecoderExport } from './graph/export';
import type { DecoderRunner } from './runner';

/**
 * A graph that is opened when it is first run: it takes more memory than its weights, and seconds.
 * What fails to open is tried again the next time.
 */
export function laterRunner(
  shape: DecoderExport,
  open: () => Promise<DecoderRunner>,
): DecoderRunner {
  let opening: Promise<DecoderRunner> | null = null;
  let opened: DecoderRunner | null = null;
  const runner = async () => {
    opening ??= open();
    try {
      opened = await opening;
      return opened;
    } catch (error) {
      opening = null;
      throw error;
    }
  };
  return {
    shape,
    get maxSteps() {
      return opened?.maxSteps ?? 1;
    },
    prompt: async (...given) => (await runner()).prompt(...given),
    recycle: (cross) => opened?.recycle(cross),
    feed: async (...given) => (await runner()).feed(...given),
    advance: async (...given) => (await runner()).advance(...given),
    attend: async (...given) => (await runner()).attend(...given),
    async release() {
      await (await opening?.catch(() => null))?.release();
    },
  };
}
