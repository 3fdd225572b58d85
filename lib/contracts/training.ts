import { z } from 'zod';
import { sha256Schema, versionNameSchema } from './dataset';
import type { Endpoint } from './endpoint';

/**
 * States of a training run, in their order; the last three are final.
 * - `waiting`: it has not been handed to the trainer yet.
 * - `sent`: the trainer has accepted it.
 * - `running`: the trainer has reported that it is running.
 */
export const RUN_STATES = ['waiting', 'sent', 'running', 'done', 'failed', 'cancelled'] as const;

/** Who trains: a receiver of signed requests, or a Ray cluster. */
const TRAINING_ENGINES = ['webhook', 'ray'] as const;

/** Files of a model at most. */
const MAX_MODEL_FILES = 20;

/** Of one file of a model. */
export const MAX_MODEL_FILE_BYTES = 4 * 2 ** 30;

const count = z.int().nonnegative();
const percent = z.number().min(0).max(1000);

/** A path below the model's folder. */
const modelPath = z
  .string()
  .max(120)
  .regex(/^[\w-]+(?:[./][\w-]+)*$/, 'Not the path of a model’s file');

const line = z.string().trim().min(1).max(300);

/** Word error rates on the version's test split, of the finished model and of the one before. */
const runScoresSchema = z.strictObject({
  /** Of the model that training started from, in percent. */
  beforePercent: percent,
  /** Of the new model. */
  afterPercent: percent,
  utterances: count,
  words: count,
});

const variant = z.strictObject({
  /** Numeric form of the weights: `int8`, `fp32`. */
  precision: z.string().min(1).max(40),
  /** Paths by role: see `FAMILY_ROLES`. */
  files: z.record(z.string().max(40), modelPath),
});

/** The model that a run has made. Its files lie in the store by then. */
const trainedModelSchema = z.strictObject({
  family: z.string().max(40),
  languages: z.array(z.string().min(2).max(35)).min(1).max(200),
  licence: line,
  credits: z.array(line).max(50),
  backends: z.strictObject({ wasm: variant.nullable(), webgpu: variant.nullable() }),
  files: z
    .array(z.strictObject({ path: modelPath, bytes: z.int().min(1), sha256: sha256Schema }))
    .min(1)
    .max(MAX_MODEL_FILES),
});

/** What the trainer reports. Reports are idempotent; a run never goes backwards. */
const reportSchema = z.strictObject({
  run: z.uuid().toLowerCase(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** Of the whole, from 0 to 1. */
  progress: z.number().min(0).max(1).optional(),
  /** What it is doing, or why it failed. */
  message: line.optional(),
  /** Where its log can be read. */
  logsUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  /** With `done`. */
  scores: runScoresSchema.optional(),
  model: trainedModelSchema.optional(),
});

export const runSchema = z.object({
  id: z.uuid(),
  version: versionNameSchema,
  engine: z.enum(TRAINING_ENGINES),
  state: z.enum(RUN_STATES),
  /** Length of the version's speech that no earlier run had, in ms. */
  newMs: count,
  progress: z.number().nullable(),
  message: z.string().nullable(),
  /** `silent`: the server gave it up, since it no longer reported. */
  failure: z.enum(['silent']).nullable(),
  logsUrl: z.string().nullable(),
  scores: runScoresSchema.nullable(),
  /** The model on the server, once it is there. */
  modelId: z.string().nullable(),
  /** Browsers that have chosen no model use this one. */
  isDefault: z.boolean(),
  /** When the trainer last gave a sign of life. */
  heardAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});

const trainingSchema = z.object({
  /** `null`: no one trains for this server. */
  engine: z.enum(TRAINING_ENGINES).nullable(),
  /** A run starts automatically with a version that has this much new speech, in ms; `null`: never. */
  startsAtMs: count.nullable(),
  /** Newest first. */
  runs: z.array(runSchema),
});

export type RunState = (typeof RUN_STATES)[number];
export type RunScores = z.infer<typeof runScoresSchema>;
export type TrainedModel = z.infer<typeof trainedModelSchema>;
export type RunReport = z.infer<typeof reportSchema>;
export type TrainingRun = z.infer<typeof runSchema>;
export type Training = z.infer<typeof trainingSchema>;

const byRun = z.object({ id: z.uuid().toLowerCase() });

/** Runs that make a model of a version of the dataset. */
export const trainingApi = {
  list: {
    method: 'GET',
    path: '/api/training/runs',
    summary: 'Lists the training runs, newest first.',
    session: 'owner',
    answer: trainingSchema,
  },
  start: {
    method: 'POST',
    path: '/api/training/runs',
    summary: 'Starts the run of a version; a version has one.',
    session: 'owner',
    body: z.strictObject({ version: versionNameSchema }),
    answer: runSchema,
  },
  act: {
    method: 'POST',
    path: '/api/training/runs/{id}',
    summary:
      'Cancels a run, starts one that has ended again, or puts its model in use or out of it.',
    session: 'owner',
    params: byRun,
    body: z.strictObject({ action: z.enum(['cancel', 'retry', 'use', 'use-previous']) }),
    answer: runSchema,
  },
  callback: {
    method: 'POST',
    path: '/api/training/callback',
    summary: 'Takes the report of a run; answers how the run stands.',
    session: 'open',
    authorization: 'token of the training run',
    body: reportSchema,
    answer: z.object({ state: z.enum(RUN_STATES) }),
  },
  file: {
    method: 'GET',
    path: '/api/training/runs/{id}/dataset/{path}',
    summary: 'Gives a file of the run’s version, or one of its clips.',
    session: 'open',
    authorization: 'token of the training run',
    params: byRun.extend({ path: z.array(z.string().max(100)).min(1).max(4) }),
    answer: 'application/octet-stream',
  },
  putFile: {
    method: 'PUT',
    path: '/api/training/runs/{id}/model/{path}',
    summary: 'Takes a file of the model that a run has made.',
    session: 'open',
    authorization: 'token of the training run',
    params: byRun.extend({ path: z.array(z.string().max(60)).min(1).max(3) }),
    rawBody: true,
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;
