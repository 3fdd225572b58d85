import { modelFileUrl } from '@/lib/catalogue';
import { shelfFileUrl } from '@/lib/contracts';
import { AppError, type ErrorCode, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import type { Patience } from '../hub/hub-fetch';
import { statusOf } from '../hub/hub-listing';
import {
  type InstallManifest,
  type InstallManifestStore,
  identityOf,
  type PlannedFile,
  withWanted,
} from './install-manifest';
import { storedFile, storedName } from './model-storage';
import type { TransferredFile, WantedFile } from './transfer';

/** Where a file is stored, and who receives its progress. */
export interface TransferCall {
  modelId: string;
  /** As `storedName` gives it. */
  name: string;
  signal: AbortSignal;
  /** At most ten times a second. */
  onProgress(doneBytes: number, receivedBytes: number): void;
}

/**
 * Writes files of models into OPFS one after another. One is created per model, so that models do not wait
 * for each other.
 */
export interface FileTransfers {
  /** Downloads a file, resuming after what is there. Errors: see `transferFile`; STORE_FAILED, WORKER_CRASHED. */
  fetchFile(
    file: WantedFile & { fresh: boolean; patience: Patience },
    call: TransferCall,
  ): Promise<TransferredFile>;
  /** Errors: see `copyFile`; STORE_FAILED, WORKER_CRASHED. */
  copyFile(file: File, call: TransferCall): Promise<TransferredFile>;
  /** Ends it; what waits rejects with ABORTED. */
  dispose(): void;
}

/** What a download needs from outside. */
export interface DownloadDependencies {
  manifests: InstallManifestStore;
  hub(): Promise<string>;
  /** Absolute address of `/api/models`, where the server's own models lie. */
  shelfUrl: string;
  /** Absolute address of the folder of built-in models, with a trailing slash. */
  modelsUrl: string;
  openTransfers(): FileTransfers;
  patience: Patience;
}

export interface DownloadProgress {
  /** Bytes of all files that are on disk. */
  doneBytes: number;
  /** Of these, bytes that came over the network in this run. */
  receivedBytes: number;
}

/**
 * Downloads what the manifest wants for a backend, file by file, and marks the backend as installed when
 * all files are complete. Files shared with another backend's variant, or downloaded before, are not
 * downloaded again. The caller holds the model's lock.
 * @throws see `FileTransfers`; ABORTED
 */
export async function runDownload(
  id: string,
  backend: Backend,
  { manifests, hub, shelfUrl, modelsUrl, openTransfers, patience }: DownloadDependencies,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<void> {
  const manifest = await manifests.read(id);
  const wanted = manifest?.wanted.find((one) => one.backend === backend);
  if (!manifest || !wanted) return;
  const onDisk = await sizesOnDisk(id, wanted.files);
  let receivedBefore = 0;
  let received = 0;
  const notify = () => {
    const doneBytes = [...onDisk.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress({ doneBytes, receivedBytes: receivedBefore + received });
  };
  notify();
  const transfers = openTransfers();
  try {
    for (const file of wanted.files) {
      const name = storedName(file.path);
      if (isKept(manifest, file, onDisk.get(name) ?? 0)) continue;
      const identity = identityOf(file) ?? '';
      const fresh = !isSame(manifest, file);
      await manifests.update(id, (now) => now && beginFile(now, name, identity));
      const { bytes, sha256, gitSha1 } = file;
      const url = manifest.model.isOnServer
        ? shelfFileUrl(shelfUrl, manifest.model, file.path)
        : await modelFileUrl(manifest.model, file.path, modelsUrl, hub);
      const result = await transfers.fetchFile(
        { url, bytes, sha256, gitSha1, fresh, patience },
        {
          modelId: id,
          name,
          signal,
          onProgress: (doneBytes, receivedBytes) => {
            onDisk.set(name, doneBytes);
            received = receivedBytes;
            notify();
          },
        },
      );
      receivedBefore += received;
      received = 0;
      onDisk.set(name, result.bytes);
      const kept = { path: file.path, ...result };
      await manifests.update(id, (now) => now && { ...now, kept: { ...now.kept, [name]: kept } });
      notify();
    }
  } finally {
    transfers.dispose();
  }
  await manifests.update(id, (now) => now && withInstalled(now, backend));
}

/** Bytes on disk of these files, by the name they are stored under. @throws STORE_FAILED */
export async function sizesOnDisk(
  id: string,
  files: readonly { path: string }[],
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const { path } of files) {
    const name = storedName(path);
    sizes.set(name, (await storedFile(id, name))?.size ?? 0);
  }
  return sizes;
}

function isKept(manifest: InstallManifest, file: PlannedFile, size: number): boolean {
  const kept = manifest.kept[storedName(file.path)];
  if (!kept || kept.bytes !== size) return false;
  return file.sha256 === null ? isSame(manifest, file) : file.sha256 === kept.sha256;
}

/**
 * Whether what lies on disk is (a beginning of) this file. Where nothing is recorded, a hash will
 * notify; without one it would go unnoticed.
 */
function isSame(manifest: InstallManifest, file: PlannedFile): boolean {
  const begun = manifest.begun[storedName(file.path)];
  const identity = identityOf(file);
  if (begun === undefined) return file.sha256 !== null || file.gitSha1 !== null;
  return identity !== null && begun === identity;
}

function beginFile(manifest: InstallManifest, name: string, identity: string): InstallManifest {
  const { [name]: _, ...kept } = manifest.kept;
  return { ...manifest, kept, begun: { ...manifest.begun, [name]: identity } };
}

/** The manifest with this backend installed. @throws STORE_CORRUPT if one of its files is missing */
export function withInstalled(manifest: InstallManifest, backend: Backend): InstallManifest {
  const roles = Object.entries(manifest.model.backends[backend]?.files ?? {}).map(
    ([role, { path }]) => {
      const kept = manifest.kept[storedName(path)];
      if (!kept) throw new AppError('STORE_CORRUPT', `"${path}" was not kept.`);
      return [role, kept] as const;
    },
  );
  const installed = { ...manifest.installed, [backend]: { files: Object.fromEntries(roles) } };
  return { ...withWanted(manifest, backend, null), installed };
}

/** Hub responses that mean a file does not exist, or is not public. */
const NOT_THERE = new Set<number | null>([401, 403, 404, 410]);

/** A download's failure as stored: retrying does not help if a file is NOT_FOUND. */
export function failureOf(error: unknown): { code: ErrorCode; message: string } {
  const { code, message } = toAppError(error, 'MODEL_DOWNLOAD_FAILED');
  return { code: NOT_THERE.has(statusOf(error)) ? 'NOT_FOUND' : code, message };
}
