import { z } from 'zod';
import { modelSchema, type PublishedModel, requireSha256 } from '@/lib/catalogue';
import { AppError, ERROR_CODES, toAppError } from '@/lib/core';
import type { Backend, ModelFiles } from '@/lib/engine';
import {
  readInstallManifestText,
  storedFile,
  storedName,
  writeInstallManifestText,
} from './model-storage';

const bytesSchema = z.number().int().nonnegative();
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const pathSchema = z.string().min(1);

/** A file that was fetched or copied whole, and checked. */
const keptFileSchema = z.object({
  path: pathSchema,
  bytes: bytesSchema,
  sha256: sha256Schema,
});

/** A file to download, with what its hub reported about it when the download started. */
export const plannedFileSchema = z.object({
  path: pathSchema,
  bytes: bytesSchema.nullable(),
  sha256: sha256Schema.nullable(),
  gitSha1: z.string().nullable(),
  etag: z.string().nullable(),
});

const wantedSchema = z.object({
  backend: z.enum(['wasm', 'webgpu']),
  state: z.enum(['downloading', 'paused', 'failed']),
  /** Empty: not known yet; determined when the download is started again. */
  files: z.array(plannedFileSchema),
  /** Size of all files; an estimate if not all sizes are known. */
  totalBytes: bytesSchema,
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
});

const installedSchema = z.object({
  /** By role. */
  files: z.record(z.string(), keptFileSchema),
});

/**
 * The install manifest of one model: `state.json` in its folder, with stored field names. It says what is
 * wanted and which files are complete; files that it does not list are verified before they count.
 */
const installManifestSchema = z.object({
  version: z.literal(1),
  model: modelSchema.refine((model): model is PublishedModel => model.family !== 'ctc'),
  /** The user added it: it is not in the catalogue. */
  added: z.boolean(),
  /** The model is being copied from the user's disk; a partial copy of a closed tab is useless. */
  copying: z.boolean().catch(false),
  /** The model is to be removed as soon as no tab works on it. */
  removing: z.boolean().catch(false),
  /** Downloads that the user wants, in this order. */
  wanted: z.array(wantedSchema).catch([]),
  /** Complete files by the name they are stored under. */
  kept: z.record(z.string(), keptFileSchema).catch({}),
  /** By stored name: the identity (hash or ETag) of a file whose download has started. */
  begun: z.record(z.string(), z.string()).catch({}),
  installed: z
    .object({ wasm: installedSchema.optional(), webgpu: installedSchema.optional() })
    .catch({}),
});

export type InstallManifest = z.infer<typeof installManifestSchema>;
export type PlannedFile = z.infer<typeof plannedFileSchema>;
export type Wanted = z.infer<typeof wantedSchema>;

/**
 * Parses an install manifest. Damaged parts count as empty: the files they listed are verified again.
 * @returns `null` if it cannot be read at all; `'newer'` if a newer build wrote it
 */
export function parseInstallManifest(text: string): InstallManifest | 'newer' | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // cut off or empty: the same as none
  }
  const version = z.object({ version: z.number().gt(1) }).safeParse(value);
  if (version.success) return 'newer';
  const parsed = installManifestSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The manifest of a model without any files. */
export function newInstallManifest(model: PublishedModel, added: boolean): InstallManifest {
  return {
    version: 1,
    model,
    added,
    copying: false,
    removing: false,
    wanted: [],
    kept: {},
    begun: {},
    installed: {},
  };
}

/** What identifies a file's content; `null` if nothing does. */
export function identityOf(file: PlannedFile): string | null {
  return file.sha256 ?? file.gitSha1 ?? file.etag;
}

/** The manifest with another wanted state for one backend; `null` removes it. */
export function withWanted(
  manifest: InstallManifest,
  backend: Backend,
  wanted: Wanted | null,
): InstallManifest {
  const at = manifest.wanted.findIndex((one) => one.backend === backend);
  const all = [...manifest.wanted];
  if (at < 0) all.push(...(wanted ? [wanted] : []));
  else all.splice(at, 1, ...(wanted ? [wanted] : []));
  return { ...manifest, wanted: all };
}

/** Backends whose files are all installed. */
export function installedBackends(manifest: InstallManifest): Backend[] {
  return (['wasm', 'webgpu'] as const).filter((backend) => manifest.installed[backend]);
}

/** The part of `navigator.locks` used here. */
export type ModelLocks = Pick<LockManager, 'request'>;

/** Held while a manifest is read and written. The name is shared with older builds. */
const MANIFEST_LOCK = 'ai2text:model-marker:';

/** The install manifests of all models, which any tab may change at any time. */
export interface InstallManifestStore {
  /** `null` if there is none, or none that this build can read. @throws STORE_FAILED */
  read(id: string): Promise<InstallManifest | null>;
  /** Whether it is missing or damaged beyond repair. @throws STORE_FAILED */
  isUnreadable(id: string): Promise<boolean>;
  /**
   * Changes a manifest atomically across tabs.
   * @param change gets the stored manifest and returns the new one, or `null` to leave it
   * @throws STORE_QUOTA, STORE_FAILED
   */
  update(
    id: string,
    change: (manifest: InstallManifest | null) => InstallManifest | null,
  ): Promise<void>;
}

export function createInstallManifestStore(locks: ModelLocks): InstallManifestStore {
  const load = async (id: string) => {
    const text = await readInstallManifestText(id);
    return text === null ? null : parseInstallManifest(text);
  };
  return {
    async read(id) {
      const manifest = await load(id);
      return manifest === 'newer' ? null : manifest;
    },
    isUnreadable: async (id) => (await load(id)) === null,
    async update(id, change) {
      await locks.request(MANIFEST_LOCK + id, async () => {
        const manifest = await load(id);
        if (manifest === 'newer')
          throw new AppError('STORE_FAILED', `A newer build of the app keeps model "${id}".`);
        const changed = change(manifest);
        if (changed) await writeInstallManifestText(id, JSON.stringify(changed));
      });
    },
  };
}

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
