import { describe, expect, it } from 'vitest';
import { describeAdded } from '../added-model';
import { newInstallManifest, parseInstallManifest, withWanted } from './install-manifest';
import { storedName } from './model-storage';

const files = ['encoder-model.onnx', 'decoder_joint-model.onnx', 'vocab.txt'].map((path) => ({
  path,
  bytes: 10,
  sha256: null,
}));
const added = (title: string, taken: string[] = [], languages: string[] = []) =>
  describeAdded(
    { title, repository: title, revision: 'main', files, config: null, licence: null, languages },
    new Set(taken),
  );

describe('parseInstallManifest', () => {
  const manifest = newInstallManifest(added('owner/parakeet'), true);

  it('gives back what was stored', () => {
    expect(parseInstallManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it.each([
    '',
    '{',
    'null',
    '{"version":1}',
    '{"version":1,"model":{"family":"ctc"},"added":true}',
  ])('takes %j for none', (text) => {
    expect(parseInstallManifest(text)).toBeNull();
  });

  it('keeps the model when other parts are damaged', () => {
    const damaged = { ...manifest, wanted: 3, kept: { a: 1 }, installed: null, begun: [] };
    expect(parseInstallManifest(JSON.stringify(damaged))).toEqual(manifest);
  });

  it('leaves the markers of newer builds alone', () => {
    expect(parseInstallManifest('{"version":2}')).toBe('newer');
  });
});

describe('withWanted', () => {
  it('changes one backend and leaves the other in its place', () => {
    const wanted = { state: 'paused' as const, files: [], totalBytes: 1, error: null };
    let manifest = newInstallManifest(added('owner/parakeet'), true);
    manifest = withWanted(manifest, 'wasm', { backend: 'wasm', ...wanted });
    manifest = withWanted(manifest, 'webgpu', { backend: 'webgpu', ...wanted });
    manifest = withWanted(manifest, 'wasm', { backend: 'wasm', ...wanted, state: 'downloading' });
    expect(manifest.wanted.map(({ backend, state }) => [backend, state])).toEqual([
      ['wasm', 'downloading'],
      ['webgpu', 'paused'],
    ]);
    expect(withWanted(manifest, 'wasm', null).wanted).toHaveLength(1);
  });
});

describe('describeAdded', () => {
  it('makes an id of the name, and another when it is taken', () => {
    expect(added('Owner/My_Parakeet.v2').id).toBe('my_parakeet.v2');
    expect(added('Owner/Parakeet', ['parakeet']).id).toBe('owner-parakeet');
    expect(added('Owner/Parakeet', ['parakeet', 'owner-parakeet']).id).toBe('owner-parakeet-2');
    expect(added('Owner/__').id).toMatch(/^[a-z0-9]/);
  });

  it('takes the language from the name, else from the author, else says several', () => {
    expect(added('o/whisper-tiny.en', [], ['fr']).languages).toEqual(['en']);
    expect(added('o/parakeet', [], ['de', 'multilingual!', 'de']).languages).toEqual(['de']);
    expect(added('o/parakeet').languages).toEqual(['mul']);
  });
});

describe('storedName', () => {
  it('gives every path a name of its own', () => {
    const paths = ['a/b.onnx', 'a_b.onnx', 'a.b.onnx', 'state.json', 'x/state.json'];
    expect(new Set(paths.map(storedName)).size).toBe(paths.length);
    expect(paths.map(storedName)).not.toContain('state.json');
  });
});
