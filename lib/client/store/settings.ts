import { z } from 'zod';
import { readEntry, VOCABULARY_LIMITS } from '@/lib/engine';
import { DEFAULT_EXPORT_OPTIONS, exportOptionsSchema, FORMAT_IDS } from '@/lib/export';
import { announce } from './changes';
import { storing, storingIn } from './db';
import type { TranscriptLibraryId } from './library';
import type { Settings } from './schema';
import { dropValue, keptValue, storeKept } from './unsaved';

/** Settings of the device, for all of its users: stored in the library without an account. */
const OF_DEVICE: ReadonlySet<keyof Settings> = new Set([
  'backend',
  'modelId',
  'backendChoices',
  'capture',
  'pedals',
  'moving',
]);

/** Settings of a person: the next user of the device does not see them. */
export const isPersonal = (name: string) => ![...OF_DEVICE].some((other) => other === name);

/** Settings that are typed: the page may be left before they are stored. */
const TYPED: ReadonlySet<keyof Settings> = new Set(['vocabulary']);

const keptName = (name: string) => `setting:${name}`;

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
  inBytes: z.boolean().optional(),
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
const schemas: { [K in keyof Settings]: z.ZodType<Settings[K]> } = {
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

/** One setting, or its default if unset or unreadable. */
export async function getSetting<K extends keyof Settings>(name: K): Promise<Settings[K]> {
  const left = schemas[name].safeParse(TYPED.has(name) ? keptValue(keptName(name)) : undefined);
  if (left.success) {
    // it stays kept if it cannot be stored
    await setSetting(name, left.data).catch((error: unknown) =>
      console.warn('What an earlier page kept of a setting was not stored', error),
    );
    return left.data;
  }
  return settingOf(name, await inPlace(name)((db) => db.get('settings', name)));
}

/** The settings that pages of a library did not get to store. */
export function keptSettings(
  library: TranscriptLibraryId,
): { name: keyof Settings; value: unknown }[] {
  return [...TYPED].flatMap((name) => {
    const left = schemas[name].safeParse(keptValue(keptName(name), library));
    return left.success ? [{ name, value: left.data }] : [];
  });
}

/** Drops a setting that was kept in a library and is stored elsewhere. */
export const dropKeptSetting = (name: string, library: TranscriptLibraryId): void =>
  dropValue(keptName(name), library);

/** Runs a storage step on the library that holds a setting. */
function inPlace(name: keyof Settings): typeof storing {
  return OF_DEVICE.has(name) ? (step) => storingIn(null, step) : storing;
}

/** The setting in a stored record, or its default if unset or unreadable. */
export function settingOf<K extends keyof Settings>(
  name: K,
  record: { value: unknown } | undefined,
): Settings[K] {
  const parsed = schemas[name].safeParse(record?.value);
  return parsed.success ? parsed.data : DEFAULT_SETTINGS[name];
}

/** Stores one setting and notifies every tab. */
export async function setSetting<K extends keyof Settings>(
  name: K,
  value: Settings[K],
): Promise<void> {
  const store = () =>
    inPlace(name)(async (db) => {
      const tx = db.transaction('settings', 'readwrite');
      const put = tx.store.put({ name, value });
      // a page that goes away ends no transaction by itself
      tx.commit();
      await Promise.all([put, tx.done]);
    });
  await (TYPED.has(name) ? storeKept(keptName(name), value, store) : store());
  announce('settings', name);
}
