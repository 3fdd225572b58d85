import type { Tools } from '../context';
import { EditableText } from './editable-text';

/** Resumed while one edits, it plays again from this long before, in ms: what was being written down. */
const RESUME_EARLIER_MS = 1_500;

/**
 * Plays or pauses. While one edits, the caret follows the sound to where it was paused, unless something
 * was typed meanwhile.
 */
export function playOrPause({ playback, reader }: Pick<Tools, 'playback' | 'reader'>): void {
  const { editing } = reader.getState();
  const { playing } = playback.store.getState();
  playback.toggle({ resumeEarlierMs: editing ? RESUME_EARLIER_MS : 0 });
  if (!editing || !playing) return;
  const box = document.activeElement;
  const spoken = document.querySelector<HTMLElement>('.word[data-current]');
  const spokenBox = spoken?.closest<HTMLElement>('[role="textbox"]');
  // the caret of somebody who types stays where it is
  if (!spoken || !spokenBox || playback.wasTypedIn()) return;
  if (!(box instanceof HTMLElement) || !box.matches('[role="textbox"]')) return;
  spokenBox.focus({ preventScroll: true });
  const range = document.createRange();
  range.selectNodeContents(spokenBox);
  range.setEndBefore(spoken);
  new EditableText(spokenBox).setCaret(range.toString().length);
}
