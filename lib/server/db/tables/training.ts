import { bigint, index, integer, jsonb, pgTable, real, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './moment';

/** Runs that train a model on a version: one for each version at most. */
export const trainingRuns = pgTable(
  'training_runs',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    version: integer('version').notNull().unique(),
    engine: text('engine', { enum: ['webhook', 'ray'] }).notNull(),
    state: text('state', {
      enum: ['waiting', 'sent', 'running', 'done', 'failed', 'cancelled'],
    }).notNull(),
    /** The id under which it is delivered to the trainer, the same at every try; a new one for each start. */
    delivery: uuid('delivery').notNull().defaultRandom(),
    /** What still has to be delivered to the trainer. */
    pending: text('pending', { enum: ['start', 'cancel'] }),
    /** Tries of what is pending, and when the next one is due. */
    tries: integer('tries').notNull().default(0),
    dueAt: moment('due_at').notNull().defaultNow(),
    /** New gold speech in ms since the run before. */
    newMs: bigint('new_ms', { mode: 'number' }).notNull(),
    progress: real('progress'),
    message: text('message'),
    logsUrl: text('logs_url'),
    scores: jsonb('scores'),
    /** Why the server itself ended it; `silent`: it was silent for too long. */
    failure: text('failure', { enum: ['silent'] }),
    /** When the trainer last gave a sign of life. */
    heardAt: moment('heard_at').notNull().defaultNow(),
    /** Of the model on the shelf of the server. */
    modelId: text('model_id'),
    /** The server's default model before this one; null also for the built-in one. */
    replacedModelId: text('replaced_model_id'),
    createdAt: moment('created_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (table) => [index('training_runs_due').on(table.dueAt)],
);
