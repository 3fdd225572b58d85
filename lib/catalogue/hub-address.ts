import { AppError } from '@/lib/core';
import type { PublishedModel } from './catalogue';

/** The hub that is used unless `MODEL_HUB` names another. */
export const DEFAULT_HUB = 'https://huggingface.co';

/** One part of a repository's name, as the hub allows it. */
const NAME_PART = /^[\w-]+(?:\.[\w-]+)*$/;

/**
 * The base address of the hub, without a last slash.
 * @param value of `MODEL_HUB`; unset or empty means the default
 * @throws BAD_REQUEST when it is not an http or https address
 */
export function parseHub(value: string | undefined): string {
  const text = value?.trim() ?? '';
  if (text === '') return DEFAULT_HUB;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new AppError(
      'BAD_REQUEST',
      'MODEL_HUB must be an http or https address, such as https://huggingface.co.',
    );
  return url.href.replace(/\/+$/, '');
}

/**
 * The repository that a user names: `owner/name`, or the address of its page, with or without a
 * folder or file behind it.
 * @throws BAD_REQUEST, `details.reason`: `no-repository`
 */
export function repositoryName(text: string): string {
  const trimmed = text.trim();
  const path = URL.canParse(trimmed) ? new URL(trimmed).pathname : trimmed;
  const isAddress = path !== trimmed;
  const parts = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/^models\//, '')
    .split('/');
  const [owner = '', name = ''] = parts;
  const isName = NAME_PART.test(owner) && NAME_PART.test(name);
  if (!isName || (parts.length > 2 && !isAddress))
    throw new AppError('BAD_REQUEST', `"${trimmed}" is not the name of a repository.`, {
      details: { reason: 'no-repository' },
    });
  return `${owner}/${name}`;
}

/** Where a file of a repository lies. */
export function fileUrl(hub: string, repository: string, revision: string, path: string): string {
  const parts = path.split('/').map(encodeURIComponent).join('/');
  return `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/${parts}`;
}

/**
 * Where a file of a model of the catalogue lies.
 * @param modelsUrl absolute address of the catalogue's folder, with a last slash
 * @param hub asked only for models that the app does not serve itself
 */
export async function modelFileUrl(
  { id, repository, revision }: Pick<PublishedModel, 'id' | 'repository' | 'revision'>,
  path: string,
  modelsUrl: string,
  hub: () => Promise<string>,
): Promise<string> {
  if (repository === '') return new URL(`${id}/${path}`, modelsUrl).href;
  return fileUrl(await hub(), repository, revision, path);
}

/** Where the list of all files of a repository lies. */
export function treeUrl(hub: string, repository: string, revision: string): string {
  return `${hub}/api/models/${repository}/tree/${encodeURIComponent(revision)}?recursive=1`;
}

/** Where a revision of a repository is described: its commit and its licence. */
export function descriptionUrl(hub: string, repository: string, revision: string): string {
  return `${hub}/api/models/${repository}/revision/${encodeURIComponent(revision)}`;
}
