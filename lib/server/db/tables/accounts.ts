import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { moment } from './moment';

/** Who may sign in. The first one is the owner. */
export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    /** `scrypt$N$r$p$salt$key`; `null`: signs in through a provider only. */
    passwordHash: text('password_hash'),
    role: text('role', { enum: ['owner', 'member'] }).notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('users_email').on(sql`lower(${table.email})`),
    // two people who press a set-up link at once do not both become the owner
    uniqueIndex('users_owner').on(table.role).where(sql`${table.role} = 'owner'`),
  ],
);

/** Accounts at OIDC, GitHub or Google that sign a user in. */
export const identities = pgTable(
  'identities',
  {
    provider: text('provider').notNull(),
    /** What the provider calls this person; never changes, as an address may. */
    subject: text('subject').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.subject] }),
    index('identities_user').on(table.userId),
  ],
);

/** One sign-in on one device. A session counts only while its row is here and has not ended. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What the browser calls itself, cut short: for the list of devices. */
    device: text('device').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('sessions_user').on(table.userId)],
);

/** Links that let one more person in. */
export const invitations = pgTable('invitations', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** SHA-256 of the link's token, base64url: a copy of the database opens nothing. */
  tokenHash: text('token_hash').notNull().unique(),
  /** For whom it is, as the inviter noted it. */
  note: text('note').notNull(),
  createdBy: uuid('created_by')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  createdAt: moment('created_at').notNull().defaultNow(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
  usedBy: uuid('used_by').references(() => users.id, { onDelete: 'set null' }),
});
