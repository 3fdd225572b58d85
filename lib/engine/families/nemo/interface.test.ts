import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { nemoCtcFiles, tdtFiles } from '@/tools/random-models/nemo';
import { roundsByRun } from './interface';
import { openJoint } from './joint-network';
import { TDT_INT8_PATHS, TDT_PATHS } from './test-model';
import { parseTokens } from './tokens';

const exact = tdtFiles({ hidden: 32 });
const rounded = tdtFiles({ hidden: 32, precision: 'q8' });
const file = (bytes: typeof exact, path: string) => bytes.get(path) ?? new Uint8Array(0);

describe('roundsByRun', () => {
  it('tells graphs that round their inputs by what a run holds', () => {
    expect(roundsByRun(file(nemoCtcFiles(), 'model.onnx'))).toBe(false);
    expect(roundsByRun(file(nemoCtcFiles({ precision: 'q8' }), 'model.int8.onnx'))).toBe(true);
    expect(roundsByRun(file(rounded, TDT_INT8_PATHS.encoder))).toBe(true);
  });

  it('keeps the rows of such a decoder apart, and puts others side by side', async () => {
    const tokens = parseTokens(file(exact, TDT_PATHS.tokens));
    const alone = await openJoint(nodeRuntime, file(rounded, TDT_INT8_PATHS.decoder), tokens, {});
    const together = await openJoint(nodeRuntime, file(exact, TDT_PATHS.decoder), tokens, {});
    expect(alone.maxRows).toBe(1);
    expect(together.maxRows).toBeGreaterThan(1);
    await alone.release();
    await together.release();
  });
});

describe('openJoint', () => {
  it('refuses a list of more tokens than the decoder has scores', async () => {
    const decoder = file(exact, TDT_PATHS.decoder);
    const lines = Array.from({ length: 200 }, (_, id) => `p${id} ${id}\n`).join('');
    const more = parseTokens(new TextEncoder().encode(lines));
    await expect(openJoint(nodeRuntime, decoder, more, {})).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});
