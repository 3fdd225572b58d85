import { isAppError } from '@/lib/core';
import { findInstalledModel, listInstalledModels } from './model-files';
import { ApiError } from './openai-form';

/** The name that OpenAI's own clients and their examples have for a transcriber. */
const WHISPER = 'whisper-1';
/** Names that OpenAI's clients have by themselves mean the worker's own model. */
const OPENAI_MODEL = /^(whisper-1|gpt-4o-.*transcribe.*)$/;

/** A model, as OpenAI's routes describe one. */
export interface ListedModel {
  id: string;
  object: 'model';
  /** Unix time in seconds. */
  created: number;
  owned_by: string;
}

/** Which model a request means. @param own the worker's model; `null`: the default one */
export function modelNamed(name: string, own: string | null): string | null {
  return OPENAI_MODEL.test(name) ? own : name;
}

/** The models that requests may name: those on this machine, and its own one as `whisper-1`. */
export async function listModels(own: string | null): Promise<ListedModel[]> {
  const installed = await listInstalledModels();
  const models = installed.map(({ model, since }): ListedModel => {
    const [owner = ''] = 'repository' in model ? model.repository.split('/') : [];
    return {
      id: model.id,
      object: 'model',
      created: Math.floor(since.getTime() / 1000),
      owned_by: owner === '' ? 'ai2text' : owner,
    };
  });
  const ownId = await findInstalledModel(own).then(
    ({ model }) => model.id,
    (error: unknown) => {
      if (isAppError(error) && error.code === 'MODEL_NOT_INSTALLED') return null;
      throw error;
    },
  );
  return models.flatMap((model) =>
    model.id === ownId ? [{ ...model, id: WHISPER }, model] : [model],
  );
}

/** The model of a name that requests may have. @throws {ApiError} there is none */
export function pickModel(name: string, models: readonly ListedModel[]): ListedModel {
  const id = OPENAI_MODEL.test(name) ? WHISPER : name;
  const found = models.find((model) => model.id === id);
  if (found) return { ...found, id: name };
  const message = `Model "${name}" is not on this machine.`;
  throw new ApiError(404, message, 'invalid_request_error', 'model', 'model_not_found');
}
