import type { ListedModel, ModelState } from '@/lib/client/model-library';
import type { Backend } from '@/lib/engine';

type List = readonly ListedModel[] | null;

const installed = (state: ModelState | undefined): readonly Backend[] =>
  state?.state === 'installed' ? state.backends : [];

/** The models that have become usable from one snapshot of the library to the next. */
export function newlyInstalled(before: List, after: List): ListedModel[] {
  if (!before || !after) return [];
  const states = new Map(before.map(({ model, state }) => [model.id, state]));
  return after.filter(
    ({ model, state }) =>
      states.has(model.id) && installed(state).length > installed(states.get(model.id)).length,
  );
}
