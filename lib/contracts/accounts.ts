import { z } from 'zod';
import { isPlainText } from '@/lib/core';
import {
  ACCOUNT_LIMITS,
  isEmail,
  normaliseEmail,
  normalisePassword,
  passwordProblem,
} from './account-rules';
import type { Endpoint } from './endpoint';

/** A line that others read: a name, a note. */
export const shownLine = (maxChars: number) =>
  z.string().trim().max(maxChars).refine(isPlainText, 'This holds characters that cannot be shown');

/** The secret of a link, as it stands in the address. */
export const linkToken = z.string().max(200);

/** A password that is checked, not chosen: whatever somebody once chose has to fit. */
export const givenPassword = z.string().max(ACCOUNT_LIMITS.passwordMaxChars * 8);

const chosenPassword = givenPassword.transform(normalisePassword);

const PROBLEMS = {
  short: `The password needs at least ${ACCOUNT_LIMITS.passwordMinChars} characters`,
  long: `The password may have at most ${ACCOUNT_LIMITS.passwordMaxChars} characters`,
  email: 'The password must not be the address',
} as const;

/** What is wrong with a password for the account of this address, as a sentence; `null`: nothing. */
export function passwordSentence(password: string, email: string): string | null {
  const problem = passwordProblem(password, email);
  return problem && PROBLEMS[problem];
}

/** A new account as its form sends it. */
export const newAccount = z
  .object({
    /** Empty: the part of the address before the @. */
    name: shownLine(ACCOUNT_LIMITS.nameChars),
    email: z
      .string()
      .max(ACCOUNT_LIMITS.emailChars * 2)
      .transform(normaliseEmail)
      .refine(isEmail, 'This is not an address'),
    password: chosenPassword,
  })
  .superRefine(({ email, password }, context) => {
    const message = passwordSentence(password, email);
    if (message) context.addIssue({ code: 'custom', path: ['password'], message });
  })
  .transform(({ name, email, password }) => ({
    name: name || email.replace(/@.*$/, ''),
    email,
    password,
  }));

/** A chosen password; whether it fits is known only with the account's address. */
export const newPassword = chosenPassword;

const time = z.iso.datetime();

/** A provider that signs people in on this server. */
export const providerSchema = z.object({
  id: z.string(),
  /** As it stands on its button. */
  name: z.string(),
});

/** A browser in which the user is signed in. */
export const deviceSchema = z.object({
  id: z.uuid(),
  /** Browser and system, as far as they are known. */
  device: z.string(),
  createdAt: time,
  lastSeenAt: time,
  /** It is the one that asks. */
  current: z.boolean(),
});

/** Somebody who has an account. */
export const memberSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'member']),
  createdAt: time,
  lastSeenAt: time.nullable(),
});

/** An invitation that was not used yet. */
export const invitationSchema = z.object({
  id: z.uuid(),
  note: z.string(),
  createdAt: time,
  expiresAt: time,
});

const byId = z.object({ id: z.uuid() });
const byToken = z.object({ token: linkToken });

/** Accounts that a browser may ask about at once. */
const KNOWN_MAX = 50;

/** Before anyone is signed in. */
export const signInApi = {
  facts: {
    method: 'GET',
    path: '/api/sign-in',
    summary: 'Tells whether there may be accounts, and which providers sign people in.',
    session: 'open',
    answer: z.object({ accounts: z.boolean(), providers: z.array(providerSchema) }),
  },
  known: {
    method: 'POST',
    path: '/api/sign-in/known',
    summary: 'Tells which of these accounts are no more.',
    session: 'open',
    body: z.object({ accounts: z.array(z.uuid()).max(KNOWN_MAX) }),
    answer: z.object({ gone: z.array(z.uuid()) }),
  },
} as const satisfies Record<string, Endpoint>;

/** The user's own account. */
export const accountApi = {
  read: {
    method: 'GET',
    path: '/api/account',
    summary: 'Tells how the user signs in, and how else they could.',
    session: 'user',
    answer: z.object({
      hasPassword: z.boolean(),
      /** Ids of providers. */
      linked: z.array(z.string()),
      providers: z.array(providerSchema),
    }),
  },
  changePassword: {
    method: 'POST',
    path: '/api/account/password',
    summary: 'Changes the password, and signs the user out everywhere else.',
    session: 'user',
    body: z.object({ current: givenPassword, next: newPassword }),
    answer: null,
  },
  unlink: {
    method: 'DELETE',
    path: '/api/account/providers/{provider}',
    summary: 'Takes an account at a provider away from the user’s own.',
    session: 'user',
    params: z.object({ provider: z.string().max(50) }),
    answer: null,
  },
  sessions: {
    method: 'GET',
    path: '/api/sessions',
    summary: 'Lists where the user is signed in.',
    session: 'user',
    answer: z.object({ sessions: z.array(deviceSchema) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/{id}',
    summary: 'Signs the user out on one device.',
    session: 'user',
    params: byId,
    answer: null,
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/api/sessions',
    summary: 'Signs the user out everywhere but here.',
    session: 'user',
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;

/** Who has an account, and links that make or mend one. */
export const membersApi = {
  list: {
    method: 'GET',
    path: '/api/members',
    summary: 'Lists everyone who has an account.',
    session: 'owner',
    answer: z.object({ members: z.array(memberSchema) }),
  },
  remove: {
    method: 'DELETE',
    path: '/api/members/{id}',
    summary: 'Removes an account with its sessions, list of transcripts and shares.',
    session: 'owner',
    params: byId,
    answer: null,
  },
  reset: {
    method: 'POST',
    path: '/api/members/{id}/reset',
    summary: 'Makes a link by which a member chooses a new password.',
    session: 'owner',
    params: byId,
    answer: z.object({ token: z.string() }),
  },
  invitations: {
    method: 'GET',
    path: '/api/invitations',
    summary: 'Lists the invitations that are open.',
    session: 'owner',
    answer: z.object({ invitations: z.array(invitationSchema) }),
  },
  invite: {
    method: 'POST',
    path: '/api/invitations',
    summary: 'Creates an invitation. Its token is shown only this once.',
    session: 'owner',
    body: z.object({ note: shownLine(ACCOUNT_LIMITS.noteChars) }),
    answer: invitationSchema.extend({ token: z.string() }),
  },
  revokeInvitation: {
    method: 'DELETE',
    path: '/api/invitations/{id}',
    summary: 'Takes an invitation back.',
    session: 'owner',
    params: byId,
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;

/** What the holder of a link may do. */
export const linksApi = {
  checkInvitation: {
    method: 'POST',
    path: '/api/invitations/check',
    summary: 'Tells who invites with this link.',
    session: 'open',
    body: byToken,
    answer: z.object({ invitedBy: z.string() }),
  },
  acceptInvitation: {
    method: 'POST',
    path: '/api/invitations/accept',
    summary: 'Makes the account that a link is for, and signs this browser in.',
    session: 'open',
    body: byToken.extend({ account: newAccount }),
    answer: null,
  },
  checkSetup: {
    method: 'POST',
    path: '/api/setup/check',
    summary: 'Tells whether a set-up link works.',
    session: 'open',
    body: byToken,
    answer: null,
  },
  setUp: {
    method: 'POST',
    path: '/api/setup',
    summary: 'Makes the owner’s account, once, and signs this browser in.',
    session: 'open',
    body: byToken.extend({ account: newAccount }),
    answer: null,
  },
  checkReset: {
    method: 'POST',
    path: '/api/password-reset/check',
    summary: 'Tells whose password a link changes.',
    session: 'open',
    body: byToken,
    answer: z.object({ email: z.string() }),
  },
  resetPassword: {
    method: 'POST',
    path: '/api/password-reset',
    summary: 'Sets the password that a link was made for, and signs this browser in.',
    session: 'open',
    body: byToken.extend({ password: newPassword }),
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;

export type SignInProvider = z.infer<typeof providerSchema>;
export type SignedInDevice = z.infer<typeof deviceSchema>;
export type Member = z.infer<typeof memberSchema>;
export type Invitation = z.infer<typeof invitationSchema>;
