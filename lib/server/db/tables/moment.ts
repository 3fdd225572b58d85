import { timestamp } from 'drizzle-orm/pg-core';

/** A moment, with its time zone: PGlite and PostgreSQL then agree whatever zone they run in. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
