import { createStore } from 'zustand/vanilla';
import { getApp } from '@/app/_features/app';
import { attempt, formatBytes, showToast } from '@/app/_features/ui';
import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import type { ListedModel } from '@/lib/client/model-library';
import { setSetting } from '@/lib/client/store';
import { isAbort, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import { t } from './messages';
import type { ModelProblem } from './model-facts';

/** What went wrong in this tab, by model; the library itself reports broken downloads. */
interface ModelsPageState {
  /** A download that could not begin. */
  refused: Record<string, ModelProblem>;
  /** The model that is run on the self-test clip just now. */
  checking: string | null;
  /** A model that does not run here. */
  unusable: Record<string, ModelProblem>;
}

export const modelsPageStore = createStore<ModelsPageState>(() => ({
  refused: {},
  checking: null,
  unusable: {},
}));

const { getState, setState } = modelsPageStore;

/** Notes a failure beside the model, or takes the note away. */
function note(kind: 'refused' | 'unusable', id: string, problem: ModelProblem | null): void {
  const { [id]: _, ...others } = getState()[kind];
  setState({ [kind]: problem ? { ...others, [id]: problem } : others });
}

function problemOf(error: unknown): ModelProblem {
  const { code, details } = toAppError(error);
  return { code, details };
}

/** Starts a download, or resumes it; what prevents it is shown beside the model. */
export async function downloadModel(id: string, backend: Backend): Promise<void> {
  note('refused', id, null);
  try {
    await getApp().models.download(id, backend);
  } catch (error) {
    if (!isAbort(error)) note('refused', id, problemOf(error));
  }
}

/** Pauses a download and keeps what was received. */
export const pauseModel = (id: string) => attempt(() => getApp().models.pause(id));

/** Runs the model in use on the self-test clip; what comes out is stored, and shown beside it. */
export async function checkModel(id: string): Promise<void> {
  note('unusable', id, null);
  setState({ checking: id });
  try {
    await getApp().chooseBackend();
  } catch (error) {
    if (!isAbort(error)) note('unusable', id, problemOf(error));
  } finally {
    if (getState().checking === id) setState({ checking: null });
  }
}

/** Makes a model the one that new recordings are recognised with, and checks it. */
export async function selectModel(id: string): Promise<boolean> {
  if (!(await attempt(() => setSetting('modelId', id)))) return false;
  void checkModel(id);
  return true;
}

/** Selects the large model; where it is not here it is downloaded, or its download resumes. */
export async function switchToLarge(id: string): Promise<void> {
  if (!(await selectModel(id))) return;
  await downloadModel(id, 'wasm');
}

/** Selects Draft; the large model is not fetched any further. */
export async function switchToDraft(large: string): Promise<void> {
  if (!(await selectModel(DRAFT_MODEL_ID))) return;
  await pauseModel(large);
}

/** Tries the large model again that did not come or did not open. */
export async function tryAgain(id: string): Promise<void> {
  await attempt(async () => {
    await getApp().modelChoice.clearFailure();
    await getApp().models.download(id, 'wasm');
  });
}

/** What a model takes up here, or has of a download, in bytes. */
export function bytesHere({ state }: ListedModel): number {
  if (state.state === 'installed') return state.bytes;
  return state.state === 'absent' ? 0 : state.doneBytes;
}

/** Frees a model's bytes. The one in use makes room for Draft. */
export async function deleteModel(listed: ListedModel): Promise<boolean> {
  const { id, name } = listed.model;
  const bytes = bytesHere(listed);
  let wasUsed = false;
  const done = await attempt(async () => {
    wasUsed = (await getApp().modelChoice.read()).chosen === id;
    // first the choice: a crash in between leaves a model that nothing needs
    if (wasUsed) await setSetting('modelId', DRAFT_MODEL_ID);
    await getApp().models.remove(id);
  });
  note('refused', id, null);
  note('unusable', id, null);
  if (!done) return false;
  const freed =
    bytes > 0 ? t('deletedAndFreed', { name, bytes: formatBytes(bytes) }) : t('deleted', { name });
  showToast({
    text: wasUsed ? t('draftUsedAgain', { freed }) : freed,
  });
  return true;
}

/** Adds a model. @returns its id, or what was wrong */
async function add(step: () => Promise<{ id: string }>): Promise<string | ModelProblem> {
  try {
    return (await step()).id;
  } catch (error) {
    return problemOf(error);
  }
}

/** Adds a model by `owner/name` or its page's address. @returns its id, or what was wrong */
export const addRepository = (name: string) => add(() => getApp().models.addRepository(name));

/** Adds a model from the user's own files. @returns its id, or what was wrong */
export const addModelFiles = (files: readonly File[]) =>
  add(() => getApp().models.addFolder(files));
