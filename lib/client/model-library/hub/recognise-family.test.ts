import { describe, expect, it } from 'vitest';
import { recogniseFamily } from './recognise-family';

const GB = 1_000_000_000;
const offered = (files: Record<string, number> | readonly string[]) =>
  (Array.isArray(files) ? files.map((path) => [path, 1_000] as const) : Object.entries(files)).map(
    ([path, bytes]) => ({ path, bytes, sha256: null }),
  );
const whisper = ['tokenizer.json', 'config.json', 'generation_config.json'];
const config = { model_type: 'whisper' };
const pathsOf = (variant: { files: Record<string, { path: string }> } | null) =>
  Object.fromEntries(Object.entries(variant?.files ?? {}).map(([role, { path }]) => [role, path]));

describe('recogniseFamily', () => {
  it('takes quantised weights on wasm, and full with q4 on webgpu, of a Whisper repository', () => {
    const graphs = ['', '_quantized', '_q4', '_fp16'].flatMap((mark) => [
      `onnx/encoder_model${mark}.onnx`,
      `onnx/decoder_model_merged${mark}.onnx`,
    ]);
    const { family, backends } = recogniseFamily(offered([...whisper, ...graphs]), config);
    expect(family).toBe('whisper');
    expect(backends.wasm?.precision).toBe('q8');
    expect(pathsOf(backends.wasm)).toMatchObject({
      encoder: 'onnx/encoder_model_quantized.onnx',
      decoder: 'onnx/decoder_model_merged_quantized.onnx',
      generation: 'generation_config.json',
    });
    expect(backends.webgpu).toMatchObject({ precision: 'fp32 encoder, q4 decoder', needs: [] });
    expect(pathsOf(backends.webgpu)).toMatchObject({
      encoder: 'onnx/encoder_model.onnx',
      decoder: 'onnx/decoder_model_merged_q4.onnx',
    });
    expect(backends.wasm?.approximateBytes).toBe(5_000);
  });

  it('takes half precision on webgpu when the full one is too large or in two files', () => {
    for (const full of [
      { 'onnx/encoder_model.onnx': 2 * GB },
      { 'onnx/encoder_model.onnx': 1_000, 'onnx/encoder_model.onnx_data': GB },
    ]) {
      const files = {
        ...Object.fromEntries(whisper.map((path) => [path, 10])),
        ...full,
        'onnx/encoder_model_fp16.onnx': GB,
        'onnx/decoder_model_merged.onnx': GB,
      };
      const { backends } = recogniseFamily(offered(files), config);
      expect(backends.webgpu).toMatchObject({
        precision: 'fp16 encoder, fp32 decoder',
        needs: ['shader-f16'],
      });
    }
  });

  it.each([
    ['_fp16', { wasm: 'fp16', webgpu: 'fp16' }],
    ['_q4', { wasm: 'q4', webgpu: undefined }],
  ])('takes what a repository has where that is %s alone', (mark, precisions) => {
    const graphs = [`onnx/encoder_model${mark}.onnx`, `onnx/decoder_model_merged${mark}.onnx`];
    const { backends } = recogniseFamily(offered([...whisper, ...graphs]), config);
    expect(backends.wasm?.precision).toBe(precisions.wasm);
    expect(backends.webgpu?.precision).toBe(precisions.webgpu);
  });

  it('names the file in which the weights lie', () => {
    const files = {
      'vocab.txt': 10,
      'encoder-model.onnx': 1_000,
      'encoder-model.onnx.data': GB,
      'decoder_joint-model.onnx': 1_000,
    };
    const { family, backends } = recogniseFamily(offered(files), null);
    expect(family).toBe('tdt');
    expect(pathsOf(backends.wasm)).toMatchObject({ encoderData: 'encoder-model.onnx.data' });
    expect(pathsOf(backends.webgpu)).toMatchObject({ encoderData: 'encoder-model.onnx.data' });
  });

  it('offers no backend for which the weights do not fit', () => {
    const files = {
      'vocab.txt': 10,
      'encoder-model.onnx': 1_000,
      'encoder-model.onnx.data': 2.4 * GB,
      'encoder-model.int8.onnx': 0.6 * GB,
      'decoder_joint-model.onnx': 1_000,
      'decoder_joint-model.int8.onnx': 1_000,
    };
    const { backends } = recogniseFamily(offered(files), null);
    expect(backends.wasm?.precision).toBe('q8');
    expect(backends.webgpu).toBeNull();
  });

  it.each([
    [['model.int8.onnx', 'tokens.txt'], null],
    [
      ['model.onnx', 'model.int8.onnx', 'vocab.txt', 'config.json'],
      { model_type: 'nemo-conformer-ctc' },
    ],
    [['onnx/model.onnx', 'tokenizer.json', 'config.json'], { model_type: 'parakeet_ctc' }],
  ])('knows NeMo CTC by %j', (files, about) => {
    expect(recogniseFamily(offered(files), about).family).toBe('nemo-ctc');
  });

  it('never takes quantised weights on webgpu', () => {
    const { backends } = recogniseFamily(offered(['model.int8.onnx', 'tokens.txt']), null);
    expect(backends.webgpu).toBeNull();
    expect(backends.wasm).not.toBeNull();
  });

  it.each([
    ['another kind of model', ['onnx/model.onnx', 'vocab.txt'], { model_type: 'bert' }, 'family'],
    ['no kind that is named', ['model.safetensors'], null, 'family'],
    ['a name that every object has', ['model.onnx'], { model_type: 'constructor' }, 'family'],
    ['no tokenizer', ['onnx/encoder_model.onnx', 'config.json'], config, 'missing-files'],
    ['no decoder', [...whisper, 'onnx/encoder_model.onnx'], config, 'missing-files'],
  ])('refuses %s', (_, files, about, reason) => {
    expect(() => recogniseFamily(offered(files), about)).toThrowError(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        details: expect.objectContaining({ reason }),
      }),
    );
  });

  it('takes full precision alone, on wasm, of a repository that tells speakers apart', () => {
    const graphs = ['onnx/model.onnx', 'onnx/model_quantized.onnx', 'onnx/model_fp16.onnx'];
    const { family, backends } = recogniseFamily(offered([...graphs, 'config.json']), {
      model_type: 'pyannote',
    });
    expect(family).toBe('speaker-segmentation');
    expect(pathsOf(backends.wasm)).toEqual({ network: 'onnx/model.onnx' });
    expect(backends.webgpu).toBeNull();
  });

  it.each([
    ['hbredin/wespeaker-voxceleb-resnet34-LM', 'speaker-embedding.onnx', 'speaker-embedding'],
    ['someone/titanet-large-onnx', 'titanet-large.onnx', 'speaker-embedding'],
    ['csukuangfj/sherpa-onnx-pyannote-segmentation-3-0', 'model.onnx', 'speaker-segmentation'],
  ])('knows %s by its name, and its only graph', (title, graph, family) => {
    const found = recogniseFamily(offered([graph, 'README.md']), null, { title });
    expect(found.family).toBe(family);
    expect(pathsOf(found.backends.wasm)).toEqual({ network: graph });
  });

  it('trusts the graph if it was inspected', () => {
    const found = recogniseFamily(offered(['a.onnx']), null, { speakers: 'speaker-embedding' });
    expect(found.family).toBe('speaker-embedding');
  });

  it('does not choose among several graphs of speakers', () => {
    const files = offered(['titanet.onnx', 'campplus.onnx']);
    expect(() => recogniseFamily(files, null, { title: 'a/speaker-models' })).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    );
  });
});
