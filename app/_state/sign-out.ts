import { signOut } from './account';
import { attempt } from './commands';
import { showToast } from './toasts';

/** Signs this browser out and says so. @param refresh reads anew who is signed in */
export async function signOutHere(refresh: () => Promise<void>): Promise<void> {
  const done = await attempt(async () => {
    await signOut();
    await refresh();
  });
  if (done) showToast({ text: 'You are signed out. What is on this device stays here.' });
}
