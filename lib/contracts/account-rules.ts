import { isPlainText } from '@/lib/core';

/** What is asked of names, addresses and passwords; the same in the forms and on the server. */
export const ACCOUNT_LIMITS = {
  nameChars: 100,
  /** The longest address that mail systems carry (RFC 5321). */
  emailChars: 254,
  passwordMinChars: 10,
  passwordMaxChars: 200,
  noteChars: 200,
} as const;

/** Why a password is not taken. */
export type PasswordProblem = 'short' | 'long' | 'email';

/** An address as it is stored and compared: without spaces around it, in lower case. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/**
 * Whether a text has the form of an address. Nothing more is claimed: nobody is written to, the
 * address is the name one signs in with.
 */
export function isEmail(email: string): boolean {
  return (
    email.length <= ACCOUNT_LIMITS.emailChars &&
    isPlainText(email) &&
    /^[^\s@"<>]+@[^\s@"<>]+$/.test(email)
  );
}

/** A password as it is hashed: two keyboards that write one letter differently give the same. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * Why a new password is not taken, or `null`. Length is all that is asked: rules about kinds of
 * characters make passwords that are hard to remember and easy to guess (NIST SP 800-63B).
 */
export function passwordProblem(password: string, email: string): PasswordProblem | null {
  const normal = normalisePassword(password);
  const { length } = [...normal];
  if (length < ACCOUNT_LIMITS.passwordMinChars) return 'short';
  if (length > ACCOUNT_LIMITS.passwordMaxChars) return 'long';
  return normaliseEmail(normal) === normaliseEmail(email) ? 'email' : null;
}
