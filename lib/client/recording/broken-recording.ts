import { createStore } from 'zustand/vanilla';

/** Lasts as long as the tab, also over a reload or a crash of it. */
const KEY = 'ai2text:recording';

/** Id of the recording that broke off when this tab was loaded again; `null`: none did. */
export const brokenRecording = createStore<{ id: string | null }>(() => ({ id: null }));

/** Finds out, when the page begins, whether a recording was under way when it was loaded again. */
export function findBrokenRecording(): void {
  try {
    brokenRecording.setState({ id: sessionStorage.getItem(KEY) });
  } catch (error) {
    // storage is switched off: the library shows what was recovered all the same
    console.warn('Nothing is known of a recording before', error);
  }
}

/** Notes what this tab records from now on; `null`: nothing, and nothing that broke off is told. */
export function rememberRecording(id: string | null): void {
  brokenRecording.setState({ id: null });
  try {
    if (id === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch (error) {
    console.warn('A reload will not know of this recording', error);
  }
}
