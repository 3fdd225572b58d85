import { type ErrorCode, isAbort, toAppError } from '@/lib/core';
import { errorSentence } from './error-text';
import { showToast } from './toasts';

/**
 * Runs what the user asked for; a failure becomes a message on the page.
 * @param sentences what to say of some failures, where this place knows more than the general sentence
 * @returns whether it worked
 */
export async function attempt(
  step: () => Promise<unknown>,
  sentences: Partial<Record<ErrorCode, string>> = {},
): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    if (isAbort(error)) return false;
    const { code } = toAppError(error);
    showToast({ text: sentences[code] ?? errorSentence(code), tone: 'danger' });
    return false;
  }
}
