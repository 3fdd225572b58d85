import type { PublishedModel, PublishedVariant } from '@/lib/catalogue';

const variant = (bytes: number, needs: PublishedVariant['needs'] = []): PublishedVariant => ({
  precision: 'q8',
  files: { encoder: { path: 'encoder.onnx', bytes: null, sha256: null } },
  approximateBytes: bytes,
  needs,
});

/** A small published model for tests. */
export function testModel(change: Partial<PublishedModel> = {}): PublishedModel {
  return {
    id: 'whisper-base',
    family: 'whisper',
    name: 'Whisper Base',
    description: 'A model.',
    languages: ['en', 'de', 'fr'],
    licence: 'MIT',
    credits: [],
    repository: 'onnx-community/whisper-base_timestamped',
    revision: 'main',
    scores: [],
    backends: { wasm: variant(80e6), webgpu: variant(206e6) },
    ...change,
  };
}

/** The same, with weights that only some graphics processors can compute with. */
export const halfPrecisionModel = (): PublishedModel =>
  testModel({ backends: { wasm: null, webgpu: variant(1.62e9, ['shader-f16']) } });
