import { z } from 'zod';
import { isPlainText } from '@/lib/core';
import {
  ACCOUNT_LIMITS,
  isEmail,
  normaliseEmail,
  normalisePassword,
  passwordProblem,
} from './account-rules';

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
