import { fileUrl, type PublishedModel, repositoryName } from '@/lib/catalogue';
import { AppError } from '@/lib/core';
import { describeAdded } from '../added-model';
import type { DownloadManager } from '../downloads/download-manager';
import { type InstallManifestStore, newInstallManifest } from '../downloads/install-manifest';
import type { ModelLibraryState } from '../model-library-state';
import type { AskHub, Patience } from './hub-fetch';
import {
  describeRepository,
  fetchText,
  type HubOptions,
  listRepository,
  statusOf,
} from './hub-listing';

interface Dependencies {
  state: ModelLibraryState;
  manifests: InstallManifestStore;
  downloads: DownloadManager;
  hub(): Promise<string>;
  ask: AskHub | undefined;
  patience: Patience;
}

const CONFIG = 'config.json';
/** The branch that is taken where the hub does not give its newest commit. */
const MAIN = 'main';

/** See `ModelLibrary.addRepository`. A repository that is in the list already is given back. */
export async function addRepository(
  text: string,
  { state, manifests, downloads, hub, ask, patience }: Dependencies,
): Promise<PublishedModel> {
  const repository = repositoryName(text);
  const listed = state.list().find(({ model }) => sameName(model.repository, repository));
  if (listed) return listed.model;
  const address = await hub();
  const model = await describeOnHub(address, repository, state.ids(), {
    ask,
    patience,
    signal: undefined,
  });
  await manifests.update(model.id, (manifest) => manifest ?? newInstallManifest(model, true));
  await downloads.notifyChanged(model.id);
  return model;
}

/**
 * The catalogue's entry for a repository of a hub, which is asked what files it has.
 * @param taken ids that other models have
 * @throws NOT_FOUND, MODEL_UNSUPPORTED, OFFLINE, MODEL_DOWNLOAD_FAILED, ABORTED
 */
export async function describeOnHub(
  address: string,
  repository: string,
  taken: ReadonlySet<string>,
  options: HubOptions,
): Promise<PublishedModel> {
  try {
    const description = await describeRepository(address, repository, MAIN, options);
    const revision = description?.commit ?? MAIN;
    const files = await listRepository(address, repository, revision, options);
    const config = files.some(({ path }) => path === CONFIG)
      ? parseJson(await fetchText(fileUrl(address, repository, revision, CONFIG), options))
      : null;
    return describeAdded(
      {
        title: repository,
        repository,
        revision,
        files: files.map(({ path, bytes, sha256 }) => ({ path, bytes: bytes || null, sha256 })),
        config,
        licence: description?.licence ?? null,
        languages: description?.languages ?? [],
      },
      taken,
    );
  } catch (error) {
    const status = statusOf(error);
    // an anonymous client gets 401 for what is not there and for what is private
    if (status !== 401 && status !== 404) throw error;
    throw new AppError('NOT_FOUND', `${address} has no public repository "${repository}".`, {
      cause: error,
    });
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** `null`: this is not JSON, and says nothing of the family. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
