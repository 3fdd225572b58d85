import { describe, expect, it } from 'vitest';
import type { PublishedModel } from '@/lib/catalogue/catalogue';
import { newInstallManifest } from './downloads/install-manifest';
import { ModelLibraryState } from './model-library-state';

const REVISION = 'a'.repeat(40);

function modelOf(id: string, change: Partial<PublishedModel> = {}): PublishedModel {
  return {
    id,
    family: 'nemo-ctc',
    name: id.toUpperCase(),
    description: 'A model.',
    languages: ['en'],
    licence: 'MIT',
    credits: [],
    repository: `tests/${id}`,
    revision: 'main',
    scores: [],
    backends: { wasm: null, webgpu: null },
    ...change,
  };
}

const shelfOf = (models: PublishedModel[], defaultModelId: string | null = null) => ({
  models,
  defaultModelId,
});

/** Id, revision and place of all that is listed. */
const listed = (state: ModelLibraryState) =>
  state.list().map(({ model, shelf, added }) => [model.id, model.revision, shelf, added]);

describe('what the server has itself', () => {
  it('comes first, once, with the files that the server has and what the catalogue knows', () => {
    const state = new ModelLibraryState();
    const onServer = modelOf('two', { revision: REVISION, description: 'Older words.' });
    state.setCatalogue([modelOf('one'), modelOf('two')], shelfOf([onServer], 'two'));
    expect(listed(state)).toEqual([
      ['two', REVISION, 'default', false],
      ['one', 'main', undefined, false],
    ]);
    expect(state.find('two')).toMatchObject({ description: 'A model.', isOnServer: true });
  });

  it('is not the default while another one is', () => {
    const state = new ModelLibraryState();
    state.setCatalogue([], shelfOf([modelOf('one'), modelOf('two')], 'two'));
    expect(listed(state).map(([id, , shelf]) => [id, shelf])).toEqual([
      ['one', 'listed'],
      ['two', 'default'],
    ]);
  });

  it('stays, as the default too, where it is kept and the server cannot be asked', () => {
    const state = new ModelLibraryState();
    const model = modelOf('mine', { isOnServer: true, repository: '' });
    state.setStored('mine', { manifest: newInstallManifest(model, false), partBytes: 0 });
    state.setCatalogue([modelOf('one')], shelfOf([], 'mine'));
    expect(listed(state)).toEqual([
      ['one', 'main', undefined, false],
      ['mine', 'main', 'default', false],
    ]);
  });

  it('keeps its id from models that a user adds', () => {
    const state = new ModelLibraryState();
    state.setCatalogue([], shelfOf([modelOf('mine')]));
    expect(state.ids()).toEqual(new Set(['mine']));
  });
});
