import { errorSentence } from '@/app/_features/ui';
import { ACCOUNT_LIMITS, isEmail, normaliseEmail, passwordProblem } from '@/lib/contracts';
import { type ErrorCode, toAppError } from '@/lib/core';
import { t } from './messages';

const PASSWORD_LENGTHS = {
  min: ACCOUNT_LIMITS.passwordMinChars,
  max: ACCOUNT_LIMITS.passwordMaxChars,
};

/** What is wrong with a new password, or `undefined`. */
export function newPasswordText(password: string, email: string): string | undefined {
  const problem = passwordProblem(password, email);
  return problem ? t(`password.${problem}`, PASSWORD_LENGTHS) : undefined;
}

/** What is wrong with an address, or `undefined`. */
export function emailText(email: string): string | undefined {
  if (email.trim() === '') return t('enterAddress');
  return isEmail(normaliseEmail(email)) ? undefined : t('enterAddressSuchAs');
}

/** Why signing in at a provider did not work; by the name in the address that it came back to. */
const SIGN_IN_PROBLEMS = [
  'provider',
  'busy',
  'not-linked',
  'linked-elsewhere',
  'session-ended',
  'no-email',
  'email-taken',
  'invitation-gone',
  'setup-gone',
  'setup-done',
] as const;

/** The sentence for an `error` in the address; `null` when there is none. */
export function signInProblem(reason: string | null): string | null {
  if (reason === null) return null;
  const known = SIGN_IN_PROBLEMS.find((problem) => problem === reason);
  return t(known ? `signIn.${known}` : 'signInFailed');
}

/** Failures that mean something else on the page of an account than elsewhere. */
export type CodeTexts = () => Partial<Record<ErrorCode, string>>;

/** The sentence for what a form ran into. */
export function problemText(error: unknown, texts?: CodeTexts): string {
  const { code } = toAppError(error);
  return texts?.()[code] ?? errorSentence(code);
}

export const SIGN_IN_CODES: CodeTexts = () => ({
  UNAUTHENTICATED: t('emailPasswordWrong'),
  FORBIDDEN: t('pageTooOld'),
});

export const SETUP_CODES: CodeTexts = () => ({
  FORBIDDEN: t('setupLinkWrong'),
  NOT_FOUND: t('setupLinkExpired'),
  SYNC_CONFLICT: t('setupDoneAlready'),
  BAD_REQUEST: t('emailOrPasswordRefused'),
});

export const INVITE_CODES: CodeTexts = () => ({
  NOT_FOUND: t('invitationGone'),
  SYNC_CONFLICT: t('emailTaken'),
  BAD_REQUEST: t('emailOrPasswordRefused'),
});

export const RESET_CODES: CodeTexts = () => ({
  NOT_FOUND: t('resetLinkGone'),
  BAD_REQUEST: t('passwordRefused'),
});

export const PASSWORD_CODES: CodeTexts = () => ({
  FORBIDDEN: t('currentPasswordWrong'),
  BAD_REQUEST: t('passwordRefused'),
});

/** A provider's own failures. */
export const PROVIDER_CODES: CodeTexts = () => ({ SERVER_BUSY: t('providerSilent') });
