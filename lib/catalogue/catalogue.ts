import { z } from 'zod';

/** One file of a model: where it lies below the catalogue's folder, and what it must be. */
export const modelFileSchema = z.object({
  /** Relative to the catalogue: `ai2text-en/model.onnx`. Never upwards, never another host. */
  path: z.string().regex(/^[\w-]+(?:[./][\w-]+)*$/),
  bytes: z.number().int().positive(),
  /** Lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const ctcFilesSchema = z.object({
  network: modelFileSchema,
  vocabulary: modelFileSchema,
  languageModel: modelFileSchema,
});

/** What one backend loads, and the numeric form of the weights it then runs. */
const ctcVariantSchema = z.object({ precision: z.string().min(1), files: ctcFilesSchema });

/** Settings of the word search; all scores and margins are natural logarithms. */
export const ctcSearchSchema = z.object({
  /** Hypotheses kept from frame to frame. */
  beam: z.number().int().min(1).max(2000),
  /** Hypotheses this much worse than the best are dropped. */
  beamMargin: z.number().positive(),
  /**
   * A hypothesis is not made when its own score is this far below one that enough others of its frame to fill
   * the beam have reached. A smaller margin makes the search faster, but loses hypotheses that would have
   * grown by merging with others.
   */
  entryMargin: z.number().nonnegative(),
  /** Phones tried in one frame. */
  phonesPerFrame: z.number().int().min(1),
  /** Phones this much less likely than the frame's best are not tried. */
  unitMargin: z.number().positive(),
  /** What a word's language-model score is multiplied with. */
  weight: z.number().positive(),
  /** Added for each word. */
  wordBonus: z.number(),
  /** Taken off the blank's log-probability: a young CTC network favours the blank too much. */
  blankPenalty: z.number(),
  /** Added when the recording ends in the middle of a word, which is then lost. */
  unfinishedWordScore: z.number().max(0),
  /** Added for each word of the user's list. */
  hotBonus: z.number().nonnegative(),
  /** Stands for the language-model score of a word that only the user's list has. */
  newWordScore: z.number().max(0),
});

/** A short recording with known text: shows whether a backend computes correctly here. */
const selfTestClipSchema = modelFileSchema.extend({
  /** What the reference search makes of it, in lower case. */
  text: z.string().min(1),
  /** A backend is right when its text is at most this far from `text` (word error rate). */
  maxWordErrorRate: z.number().min(0).max(1),
});

/**
 * How a word's confidence follows from what was measured: the logistic function of `bias` and the
 * weighted log-odds of each probability (Platt 1999). With other weights than zero it rises with each.
 */
const confidenceSchema = z.object({
  /** By the model's own probability alone. */
  alone: z.object({ bias: z.number(), model: z.number().nonnegative() }),
  /** Together with how well the phone network that gives word times matches the word; `null`: not used. */
  heard: z
    .object({
      bias: z.number(),
      model: z.number().nonnegative(),
      sound: z.number().nonnegative(),
    })
    .nullable(),
});

/** What was learnt about a model's words on training speech: `training/fit-words.ts` writes it. */
const wordsSchema = z.object({
  /** Whisper's decoder heads that attend to the onset of a token, or to a point this long after it. */
  onsetHeads: z
    .array(
      z.object({
        layer: z.number().int().nonnegative(),
        head: z.number().int().nonnegative(),
        lagMs: z.number(),
      }),
    )
    .min(1)
    .optional(),
  confidence: confidenceSchema.optional(),
});

const about = {
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  name: z.string().min(1),
  description: z.string().min(1),
  /** The same in other languages of the app, by their tags. */
  descriptions: z.record(z.string(), z.string().min(1)).optional(),
  /** BCP 47. */
  languages: z.array(z.string().min(2)).min(1),
  licence: z.string().min(1),
  credits: z.array(z.string().min(1)),
  /** Not given: nothing was learnt about it. */
  words: wordsSchema.optional(),
};

/** CTC over phones with a pronunciation tree and a trigram language model: Draft, the small built-in model. */
const draftModelSchema = z.object({
  ...about,
  family: z.literal('ctc'),
  backends: z.object({ wasm: ctcVariantSchema, webgpu: ctcVariantSchema }),
  search: ctcSearchSchema,
  knownClip: selfTestClipSchema,
});

/** One file of a published repository; what is not known beforehand, the hub says. */
const publishedFileSchema = z.object({
  /** Relative to the repository: `onnx/encoder_model.onnx`. */
  path: z.string().regex(/^[\w-]+(?:[./][\w-]+)*$/),
  bytes: z.number().int().positive().nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

const publishedVariantSchema = z.object({
  /** Numeric form of the weights: "q8", "fp32 encoder, q4 decoder". */
  precision: z.string().min(1),
  /** By role: see `lib/catalogue/families.ts`. */
  files: z.record(z.string(), publishedFileSchema),
  /** Of all files together; rounded where `bytes` are not known. */
  approximateBytes: z.number().int().positive(),
  /** What the GPU must have: without it fp16 weights load and give empty text. */
  needs: z.array(z.enum(['shader-f16'])),
  /**
   * The app's own kernels are known to give what the decoder of these very files gives, so the graph need not
   * be opened to compare. Not given: they are compared whenever the model is loaded.
   */
  checked: z.boolean().optional(),
});

/** A word error rate as published: measured by others. */
const publishedScoreSchema = z.object({
  percent: z.number().positive(),
  on: z.string().min(1),
  source: z.string().min(1),
});

/** A model that others publish: downloaded once, then used offline. */
export const publishedModelSchema = z.object({
  ...about,
  family: z.enum([
    'whisper',
    'moonshine',
    'nemo-ctc',
    'tdt',
    'phone-ctc',
    'speaker-segmentation',
    'speaker-embedding',
  ]),
  /**
   * `owner/name` on the hub. Empty in the catalogue: the app serves the files itself, below the model's
   * id beside the catalogue; empty elsewhere: a folder of files that the user gave.
   */
  repository: z.string().regex(/^(?:[\w.-]+\/[\w.-]+)?$/),
  revision: z.string().min(1),
  /** The app's own server has the files of this revision (`shelf.ts`): no hub is asked for them. */
  isOnServer: z.boolean().optional(),
  scores: z.array(publishedScoreSchema),
  /** `null`: known not to work there, so not offered. */
  backends: z.object({
    wasm: publishedVariantSchema.nullable(),
    webgpu: publishedVariantSchema.nullable(),
  }),
});

/** One model of the catalogue, or one that the user added. */
export const modelSchema = z.discriminatedUnion('family', [draftModelSchema, publishedModelSchema]);

/** The list of models that the app offers: `public/models/catalogue.json`. */
export const catalogueSchema = z.object({
  version: z.literal(1),
  models: z.tuple([draftModelSchema], modelSchema),
});

export type ModelFile = z.infer<typeof modelFileSchema>;
export type CtcSearch = z.infer<typeof ctcSearchSchema>;
export type ConfidenceMap = z.infer<typeof confidenceSchema>;
export type DraftModel = z.infer<typeof draftModelSchema>;
export type PublishedFile = z.infer<typeof publishedFileSchema>;
export type PublishedVariant = z.infer<typeof publishedVariantSchema>;
export type PublishedModel = z.infer<typeof publishedModelSchema>;
export type CatalogueModel = z.infer<typeof modelSchema>;
export type Catalogue = z.infer<typeof catalogueSchema>;

/** Draft: the small built-in model, for slow machines and for the first words. */
export const DRAFT_MODEL_ID = 'ai2text-en';

/** The large built-in model: fetched once from the app itself, then kept on the device. */
export const BASE_MODEL_ID = 'ai2text-base';
