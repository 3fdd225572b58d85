import 'server-only';
import { and, gt, isNull, sql } from 'drizzle-orm';
import { shares } from '@/lib/server/db';

export type ShareRow = typeof shares.$inferSelect;

/** What can still be opened, or still be uploaded. */
export const isAlive = and(isNull(shares.revokedAt), gt(shares.expiresAt, sql`now()`));
