import { createStore } from 'zustand/vanilla';

/** Lasts as long as the tab, also over a reload or a crash of it. */
const KEY = 'ai2text:recording';

/** Id of the recording that was interrupted when this tab was reloaded; `null` if none was. */
export const brokenRecording = createStore<{ id: string | null }>(() => ({ id: null }));

/** Finds out, when the page loads, whether a reload interrupted a recording. */
export function findBrokenRecording(): void {
  try {
    brokenRecording.setState({ id: sessionStorage.getItem(KEY) });
  } catch (error) {
    // storage is disabled: the library still shows what was recovered
    console.warn('An interrupted recording cannot be looked up', error);
  }
}

/** Stores which recording this tab makes; `null`: none, and no interrupted one is shown. */
export function rememberRecording(id: string | null): void {
  brokenRecording.setState({ id: null });
  try {
    if (id === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch (error) {
    console.warn('A reload will not know of this recording', error);
  }
}
