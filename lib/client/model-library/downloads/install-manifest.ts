import { z } from 'zod';
import { modelSchema, type PublishedModel } from '@/lib/catalogue';
import { ERROR_CODES } from '@/lib/core';
import type { Backend } from '@/lib/engine';

const bytesSchema = z.number().int().nonnegative();
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const pathSchema = z.string().min(1);

/** A file that was fetched or copied whole, and checked. */
const keptFileSchema = z.object({
  path: pathSchema,
  bytes: bytesSchema,
  sha256: sha256Schema,
});

/** A file that is to be fetched, with what its hub told of it when the download began. */
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
  /** Empty: not known yet; asked for when the download is begun again. */
  files: z.array(plannedFileSchema),
  /** Of all files; a guess where not all lengths are known. */
  totalBytes: bytesSchema,
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
});

const installedSchema = z.object({
  /** By role. */
  files: z.record(z.string(), keptFileSchema),
});

/**
 * What is known of one model on this device: `state.json` in its folder. It is the truth of what
 * is wanted and of what is there; files of which it says nothing are checked before they count.
 */
const installManifestSchema = z.object({
  version: z.literal(1),
  model: modelSchema.refine((model): model is PublishedModel => model.family !== 'ctc'),
  /** The user added it: it is in no catalogue. */
  added: z.boolean(),
  /** The model is being copied from the user's disk; what a closed tab leaves is of no use. */
  copying: z.boolean().catch(false),
  /** The model is to go, as soon as no tab works on it. */
  removing: z.boolean().catch(false),
  /** What the user wants to be fetched, in this order. */
  wanted: z.array(wantedSchema).catch([]),
  /** Complete files by the name they are stored under. */
  kept: z.record(z.string(), keptFileSchema).catch({}),
  /** By the name they are stored under: which bytes (by hash or mark) a file began with. */
  begun: z.record(z.string(), z.string()).catch({}),
  installed: z
    .object({ wasm: installedSchema.optional(), webgpu: installedSchema.optional() })
    .catch({}),
});

export type InstallManifest = z.infer<typeof installManifestSchema>;
export type PlannedFile = z.infer<typeof plannedFileSchema>;
export type Wanted = z.infer<typeof wantedSchema>;

/**
 * Reads a marker. Damaged parts count as empty: the bytes they spoke of are looked at again.
 * @returns `null` when it cannot be read at all; `'newer'`: a newer build wrote it
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

/** A marker for a model of which nothing is here. */
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

/** What tells one content of a file from another; `null`: nothing does. */
export function identityOf(file: PlannedFile): string | null {
  return file.sha256 ?? file.gitSha1 ?? file.etag;
}

/** The marker with another state of what is wanted for one backend; `null` takes it away. */
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

/** Backends for which all files are here. */
export function installedBackends(manifest: InstallManifest): Backend[] {
  return (['wasm', 'webgpu'] as const).filter((backend) => manifest.installed[backend]);
}
