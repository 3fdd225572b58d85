import { attempt, errorSentence, keepToast, showToast } from '@/app/_features/ui';
import { leaveAccount } from '@/lib/client/store';
import { toAppError } from '@/lib/core';
import { signOut } from './account';
import { t } from './messages';
import { goOnAt, leavePage, pageStore, refuseWhileBusy } from './page-library';
import { fetchSession, rememberUser } from './session';

/**
 * Signs somebody in, and continues at `path` with their library, which is a page of its own.
 * @param step what signs them in
 * @param text said there
 * @throws what `step` throws; RECORDING_UNDER_WAY, COPY_UNDER_WAY
 */
export async function signInBy(
  step: () => Promise<unknown>,
  path: string,
  text?: string,
): Promise<void> {
  await refuseWhileBusy();
  await step();
  if (text) keepToast(text);
  goOnAt(path);
  await fetchSession();
  if (pageStore.getState().state === 'open') leavePage(path);
}

/** Signs this browser out and says so. @param anyway also while a file is not copied yet */
export async function signOutHere(anyway = false): Promise<void> {
  try {
    await refuseWhileBusy();
  } catch (error) {
    const { code } = toAppError(error);
    if (code === 'COPY_UNDER_WAY' && !anyway) {
      showToast({
        text: t('stillCopying'),
        action: { label: t('signOutAnyway'), run: () => signOutHere(true) },
      });
      return;
    }
    if (code !== 'COPY_UNDER_WAY') {
      showToast({ text: errorSentence(code), tone: 'danger' });
      return;
    }
  }
  if (!(await attempt(signOut))) return;
  // what other devices have is up to them to report, at the next sign-in
  await leaveAccount().catch((error: unknown) =>
    console.warn('The list of other devices was not cleared', error),
  );
  keepToast(t('signedOut'));
  // an address of a transcript is of no use to who is signed out
  if (window.location.pathname.startsWith('/transcripts/')) goOnAt('/');
  rememberUser(null);
}
