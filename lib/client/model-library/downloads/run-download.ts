import { modelFileUrl } from '@/lib/catalogue';
import { shelfFileUrl } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import type { Patience } from '../hub/hub-fetch';
import type { FileTransfers } from './file-transfers';
import { identityOf, type Marker, type PlannedFile, withWanted } from './install-manifest';
import type { MarkerStore } from './install-manifest-store';
import { storedFile, storedName } from './model-storage';

/** What a download needs from outside. */
export interface DownloadParts {
  markers: MarkerStore;
  hub(): Promise<string>;
  /** Absolute address of `/api/models`, where the server's own models lie. */
  shelfUrl: string;
  /** Absolute address of the folder that built-in models lie in, with a last slash. */
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
 * Fetches what the marker wants for a backend, file after file, and marks the backend installed
 * when all are there. Files that another backend's variant shares, or that have come before, are
 * not fetched again. The caller holds the model's lock.
 * @throws see `FileTransfers`; ABORTED
 */
export async function runDownload(
  id: string,
  backend: Backend,
  { markers, hub, shelfUrl, modelsUrl, openTransfers, patience }: DownloadParts,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<void> {
  const marker = await markers.read(id);
  const wanted = marker?.wanted.find((one) => one.backend === backend);
  if (!marker || !wanted) return;
  const onDisk = await sizesOnDisk(id, wanted.files);
  let receivedBefore = 0;
  let received = 0;
  const tell = () => {
    const doneBytes = [...onDisk.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress({ doneBytes, receivedBytes: receivedBefore + received });
  };
  tell();
  const transfers = openTransfers();
  try {
    for (const file of wanted.files) {
      const name = storedName(file.path);
      if (isKept(marker, file, onDisk.get(name) ?? 0)) continue;
      const identity = identityOf(file) ?? '';
      const fresh = !isSame(marker, file);
      await markers.update(id, (now) => now && beginFile(now, name, identity));
      const { bytes, sha256, gitSha1 } = file;
      const url = marker.model.isOnServer
        ? shelfFileUrl(shelfUrl, marker.model, file.path)
        : await modelFileUrl(marker.model, file.path, modelsUrl, hub);
      const result = await transfers.fetchFile(
        { url, bytes, sha256, gitSha1, fresh, patience },
        {
          modelId: id,
          name,
          signal,
          onProgress: (doneBytes, receivedBytes) => {
            onDisk.set(name, doneBytes);
            received = receivedBytes;
            tell();
          },
        },
      );
      receivedBefore += received;
      received = 0;
      onDisk.set(name, result.bytes);
      const kept = { path: file.path, ...result };
      await markers.update(id, (now) => now && { ...now, kept: { ...now.kept, [name]: kept } });
      tell();
    }
  } finally {
    transfers.dispose();
  }
  await markers.update(id, (now) => now && withInstalled(now, backend));
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

function isKept(marker: Marker, file: PlannedFile, size: number): boolean {
  const kept = marker.kept[storedName(file.path)];
  if (!kept || kept.bytes !== size) return false;
  return file.sha256 === null ? isSame(marker, file) : file.sha256 === kept.sha256;
}

/**
 * Whether what lies on disk is (a beginning of) this file. Where nothing is noted, a hash will
 * tell; without one nobody would notice.
 */
function isSame(marker: Marker, file: PlannedFile): boolean {
  const begun = marker.begun[storedName(file.path)];
  const identity = identityOf(file);
  if (begun === undefined) return file.sha256 !== null || file.gitSha1 !== null;
  return identity !== null && begun === identity;
}

function beginFile(marker: Marker, name: string, identity: string): Marker {
  const { [name]: _, ...kept } = marker.kept;
  return { ...marker, kept, begun: { ...marker.begun, [name]: identity } };
}

/** The marker with this backend installed. @throws STORE_CORRUPT when a file of it is not there */
export function withInstalled(marker: Marker, backend: Backend): Marker {
  const roles = Object.entries(marker.model.backends[backend]?.files ?? {}).map(
    ([role, { path }]) => {
      const kept = marker.kept[storedName(path)];
      if (!kept) throw new AppError('STORE_CORRUPT', `"${path}" was not kept.`);
      return [role, kept] as const;
    },
  );
  const installed = { ...marker.installed, [backend]: { files: Object.fromEntries(roles) } };
  return { ...withWanted(marker, backend, null), installed };
}
