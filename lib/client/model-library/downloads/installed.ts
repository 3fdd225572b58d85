import { requireSha256 } from '@/lib/catalogue';
import { AppError, toAppError } from '@/lib/core';
import type { Backend, ModelFiles } from '@/lib/engine';
import { parseInstallManifest } from './install-manifest';
import { readInstallManifestText, storedFile, storedName } from './model-storage';

/**
 * The files of a downloaded model, for a worker that loads it. Each is checked again when it is read:
 * a disk may have changed it since it came.
 * @throws NOT_FOUND when the model is not on this device for this backend, as a whole; STORE_FAILED;
 * reading: MODEL_HASH_MISMATCH
 */
export async function openInstalled(id: string, backend: Backend): Promise<ModelFiles> {
  const text = await readInstallManifestText(id);
  const manifest = text === null ? null : parseInstallManifest(text);
  const installed =
    manifest && manifest !== 'newer' && !manifest.removing
      ? manifest.installed[backend]
      : undefined;
  if (!installed)
    throw new AppError('NOT_FOUND', `Model "${id}" is not on this device for ${backend}.`);
  const { files } = installed;
  const fileOf = (role: string) => {
    const file = files[role];
    if (!file) throw new AppError('NOT_FOUND', `Model "${id}" has no file for "${role}".`);
    return file;
  };
  return {
    has: (role) => files[role] !== undefined,
    nameOf: (role) => fileOf(role).path.split('/').at(-1) ?? '',
    async read(role) {
      const { path, bytes, sha256 } = fileOf(role);
      const file = await storedFile(id, storedName(path));
      if (file?.size !== bytes)
        throw new AppError('NOT_FOUND', `"${path}" of model "${id}" is not complete.`, {
          details: { bytes: file?.size ?? null, expected: bytes },
        });
      let buffer: ArrayBuffer;
      try {
        buffer = await file.arrayBuffer();
      } catch (error) {
        throw toAppError(error, 'STORE_FAILED');
      }
      await requireSha256(buffer, sha256, `"${path}" of model "${id}"`);
      return new Uint8Array(buffer);
    },
  };
}
