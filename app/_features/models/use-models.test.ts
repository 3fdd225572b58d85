import { expect, it } from 'vitest';
import type { ListedModel, ModelState } from '@/lib/client/model-library/model-library';
import { testModel } from './test-models';
import { newlyInstalled } from './use-models';

const list = (state: ModelState, id = 'a'): ListedModel[] => [
  { model: testModel({ id }), state, added: false },
];
const downloading: ModelState = {
  state: 'downloading',
  backend: 'wasm',
  doneBytes: 1,
  totalBytes: 2,
  secondsLeft: null,
};
const here = (...backends: ('wasm' | 'webgpu')[]): ModelState => ({
  state: 'installed',
  backends,
  bytes: 2,
});
const ids = (models: ListedModel[]) => models.map(({ model }) => model.id);

it('announces a download that has finished, once', () => {
  expect(ids(newlyInstalled(list(downloading), list(here('wasm'))))).toEqual(['a']);
  expect(newlyInstalled(list(here('wasm')), list(here('wasm')))).toEqual([]);
});

it('announces the files for the second backend too', () => {
  expect(ids(newlyInstalled(list(here('wasm')), list(here('wasm', 'webgpu'))))).toEqual(['a']);
});

it('says nothing of what was there when the page was opened, or was deleted', () => {
  expect(newlyInstalled(null, list(here('wasm')))).toEqual([]);
  expect(newlyInstalled(list(downloading), list(here('wasm'), 'b'))).toEqual([]);
  expect(newlyInstalled(list(here('wasm')), list({ state: 'absent' }))).toEqual([]);
});
