import { z } from 'zod';
import { readEntry, VOCABULARY_LIMITS } from '@/lib/engine';
import { DEFAULT_EXPORT_OPTIONS, exportOptionsSchema, FORMAT_IDS } from '@/lib/export';
import type { Settings } from './schema';

/** Settings of the device, for all of its users: stored in the library without an account. */
export const OF_DEVICE: ReadonlySet<keyof Settings> = new Set([
  'backend',
  'modelId',
  'backendChoices',
  'integerProducts',
  'capture',
  'pedals',
  'moving',
]);

/** Settings of a person: the next user of the device does not see them. */
export const isPersonal = (name: string) => ![...OF_DEVICE].some((other) => other === name);

const byteSchema = z.number().int().min(0).max(255);
const buttonSchema = z.object({
  reportId: byteSchema,
  byte: z.number().int().min(0),
  mask: byteSchema,
  value: byteSchema,
});

const selfTestSchema = z.object({
  backend: z.enum(['wasm', 'webgpu']),
  outcome: z.enum(['right', 'wrong-text', 'unavailable', 'failed']),
  runMs: z.number().nullable(),
  loadMs: z.number().nullable(),
  detail: z.string(),
  anyText: z.literal(true).optional(),
  runs: z
    .array(
      z.object({
        part: z.enum(['encoder', 'decoder']),
        by: z.enum(['kernels', 'loop', 'choice', 'graph']),
        reason: z.string().nullable(),
      }),
    )
    .optional(),
  asPublished: z.string().optional(),
});

/** A name and what it sounds like are limited each by itself, as where they are typed. */
function isWithinLimits(entry: string): boolean {
  const { written, soundsLike } = readEntry(entry);
  return (
    written !== '' &&
    [written, soundsLike ?? ''].every(({ length }) => length <= VOCABULARY_LIMITS.characters)
  );
}

/** Valid values of each setting; anything else on disk counts as unset. */
export const settingSchemas: { [K in keyof Settings]: z.ZodType<Settings[K]> } = {
  backend: z.enum(['auto', 'wasm', 'webgpu']),
  modelId: z.string().min(1).nullable(),
  backendChoices: z.record(
    z.string(),
    z.object({
      modelId: z.string(),
      backend: z.enum(['wasm', 'webgpu']),
      reason: z.string(),
      trials: z.array(selfTestSchema),
      chosenAt: z.string(),
      madeFor: z.string(),
    }),
  ),
  integerProducts: z
    .object({ products: z.enum(['wide', 'bytes', 'pairs']), browser: z.string() })
    .nullable(),
  playbackRate: z.number().min(0.5).max(3),
  followAlong: z.boolean(),
  slowWhileTyping: z.boolean(),
  pedals: z.array(
    z.object({
      vendorId: z.number().int(),
      productId: z.number().int(),
      buttons: z.object({ left: buttonSchema, centre: buttonSchema, right: buttonSchema }),
    }),
  ),
  shortcuts: z.record(z.string(), z.array(z.string().min(1)).max(10)),
  corrections: z.record(z.string(), z.number().int().positive()),
  vocabulary: z.array(z.string().refine(isWithinLimits)).max(VOCABULARY_LIMITS.entries),
  language: z.string().min(2).nullable(),
  translate: z.boolean(),
  numbers: z.enum(['as-is', 'figures', 'words']),
  exports: z.object({ formats: z.array(z.enum(FORMAT_IDS)), options: exportOptionsSchema }),
  capture: z.object({
    source: z.enum(['microphone', 'display', 'both']),
    deviceId: z.string().min(1).nullable(),
    echoCancellation: z.boolean(),
    noiseSuppression: z.boolean(),
  }),
  sync: z.object({
    owner: z.string().min(1).nullable(),
    signedIn: z.boolean(),
    revision: z.number().int().min(0),
    shows: z.record(z.string(), z.boolean()),
  }),
  pseudonymKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  inboxKeys: z.array(
    z.object({
      version: z.literal(1),
      publicKey: z.string(),
      privateKey: z.string(),
      createdAt: z.string(),
    }),
  ),
  answered: z.array(z.uuid().nullable()),
  moving: z.object({ from: z.uuid().nullable(), to: z.uuid().nullable() }).nullable(),
};

/** Defaults, until the user has chosen. */
export const DEFAULT_SETTINGS: Settings = {
  backend: 'auto',
  modelId: null,
  backendChoices: {},
  integerProducts: null,
  playbackRate: 1,
  followAlong: true,
  slowWhileTyping: false,
  shortcuts: {},
  pedals: [],
  vocabulary: [],
  corrections: {},
  language: null,
  translate: false,
  numbers: 'as-is',
  exports: { formats: ['docx'], options: DEFAULT_EXPORT_OPTIONS },
  capture: {
    source: 'microphone',
    deviceId: null,
    // made for calls: they harm recognition more than they help
    echoCancellation: false,
    noiseSuppression: false,
  },
  sync: { owner: null, signedIn: false, revision: 0, shows: {} },
  pseudonymKey: null,
  inboxKeys: [],
  answered: [],
  moving: null,
};

/** The setting in a stored record, or its default if unset or unreadable. */
export function settingOf<K extends keyof Settings>(
  name: K,
  record: { value: unknown } | undefined,
): Settings[K] {
  const parsed = settingSchemas[name].safeParse(record?.value);
  return parsed.success ? parsed.data : DEFAULT_SETTINGS[name];
}
