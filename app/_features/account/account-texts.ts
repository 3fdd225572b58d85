import { errorSentence } from '@/app/_features/ui';
import {
  ACCOUNT_LIMITS,
  isEmail,
  normaliseEmail,
  type PasswordProblem,
  passwordProblem,
} from '@/lib/contracts';
import { type ErrorCode, toAppError } from '@/lib/core';

const PASSWORD_TEXTS: Record<PasswordProblem, string> = {
  short: `Use at least ${ACCOUNT_LIMITS.passwordMinChars} characters.`,
  long: `Use at most ${ACCOUNT_LIMITS.passwordMaxChars} characters.`,
  email: 'Do not use the address as the password.',
};

/** What is wrong with a new password, or `undefined`. */
export function newPasswordText(password: string, email: string): string | undefined {
  const problem = passwordProblem(password, email);
  return problem ? PASSWORD_TEXTS[problem] : undefined;
}

/** What is wrong with an address, or `undefined`. */
export function emailText(email: string): string | undefined {
  if (email.trim() === '') return 'Enter an address.';
  return isEmail(normaliseEmail(email)) ? undefined : 'Enter an address such as anna@example.org.';
}

/** Why signing in at a provider did not work; by the name in the address that it came back to. */
const SIGN_IN_TEXTS: Record<string, string> = {
  provider: 'Signing in at the provider did not work, or was stopped there. Try again.',
  busy: 'The server could not sign you in at the moment. Try again in a minute.',
  'not-linked':
    'That account is not linked to anyone here. If you have an account, sign in with your password and link it in the settings; if not, ask the owner of this server for an invitation.',
  'linked-elsewhere': 'That account is linked to another account here already.',
  'session-ended': 'You were signed out meanwhile. Sign in, then link the account again.',
  'no-email': 'The provider told no address. Choose a password instead.',
  'email-taken':
    'An account with this address exists here already. Sign in with its password and link the provider in the settings.',
  'invitation-gone': 'This invitation was used, taken back, or is over. Ask for a new one.',
  'setup-gone': 'This set-up link is over. Restart the server to get a new one.',
  'setup-done': 'This server has its owner already. Ask the owner for an invitation.',
};

/** The sentence for an `error` in the address; `null` when there is none. */
export function signInProblem(reason: string | null): string | null {
  if (reason === null) return null;
  const text = Object.hasOwn(SIGN_IN_TEXTS, reason) ? SIGN_IN_TEXTS[reason] : undefined;
  return text ?? 'Signing in did not work. Try again.';
}

/** Failures that mean something else on the page of an account than elsewhere. */
export type CodeTexts = Partial<Record<ErrorCode, string>>;

/** The sentence for what a form ran into. */
export function problemText(error: unknown, texts: CodeTexts = {}): string {
  const { code } = toAppError(error);
  return texts[code] ?? errorSentence(code);
}

export const SIGN_IN_CODES: CodeTexts = {
  UNAUTHENTICATED: 'The email or the password is wrong.',
  FORBIDDEN: 'This page is too old. Load it again and try once more.',
};

export const SETUP_CODES: CodeTexts = {
  FORBIDDEN:
    'This set-up link is not complete, or comes from another server. Copy the whole of it from what the server printed when it started.',
  NOT_FOUND: 'This set-up link is over. Restart the server: it prints a new one.',
  SYNC_CONFLICT:
    'This server has its owner already, and this link works only once. Sign in, or ask the owner for an invitation.',
  BAD_REQUEST: 'This address or this password cannot be used.',
};

export const INVITE_CODES: CodeTexts = {
  NOT_FOUND: 'This invitation was used, taken back, or is over. Ask whoever sent it for a new one.',
  SYNC_CONFLICT: 'An account with this address exists here already. Sign in, or use another one.',
  BAD_REQUEST: 'This address or this password cannot be used.',
};

export const RESET_CODES: CodeTexts = {
  NOT_FOUND: 'This link was used, or is over. Ask the owner of this server for a new one.',
  BAD_REQUEST: 'This password cannot be used.',
};

export const PASSWORD_CODES: CodeTexts = {
  FORBIDDEN: 'The current password is wrong.',
  BAD_REQUEST: 'This password cannot be used.',
};
