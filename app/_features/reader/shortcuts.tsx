'use client';

import { useEffect, useState } from 'react';
import { setBookmark } from './bookmarks';
import { type Tools, useTools } from './context';
import { assignSpeakerNumber, moveBorderByWord, stepEdits } from './editing/commands';
import { stepReview } from './editing/doubts';
import { EditableText } from './editing/editable-text';
import { usePedals } from './pedals/pedal';
import {
  HeldKeys,
  type Hold,
  hasSound,
  playWhileHeld,
  repeatWhileHeld,
  SKIP_MS,
  stepRate,
} from './playback';
import { closeFind, openFind } from './reader-state';
import {
  commandOf,
  isForTyping,
  keyName,
  type ShortcutId,
  shortcutsWith,
  speakerKey,
} from './shortcut-list';
import { ShortcutsDialog } from './shortcuts-dialog';

/** Resumed while one edits, it plays again from this long before, in ms: what was being written down. */
const RESUME_EARLIER_MS = 1_500;

/**
 * Plays or pauses. While one edits, the caret follows the sound to where it was paused, unless something
 * was typed meanwhile.
 */
function playOrPause({ playback, reader }: Pick<Tools, 'playback' | 'reader'>): void {
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

/** Elements that have keys of their own. A slider needs none of these, or takes them first. */
const FIELDS = 'input:not([type="range"]), textarea, select';
const KEEPS_KEYS = '[role="menu"]';

/** The character of its row's text that a word begins with. */
function offsetOf(word: HTMLElement): number {
  const before = document.createRange();
  before.setStart(word.parentElement ?? word, 0);
  before.setEndBefore(word);
  return before.toString().length;
}

/** The keys of the whole page; not while a dialog or a menu is open. */
export function Shortcuts() {
  const tools = useTools();
  const [help, setHelp] = useState(false);
  usePedals();

  useEffect(() => {
    const { source, playback, reader, editor } = tools;
    const setRate = (by: -1 | 1) => {
      const rate = stepRate(playback.store.getState().rate, by);
      // at once: the next press counts from here
      playback.setRate(rate);
      source.keep({ playbackRate: rate });
      return true;
    };
    const stepDoubt = (by: -1 | 1) => {
      if (!editor) return false;
      stepReview(tools, by);
      return true;
    };
    const held = new HeldKeys();
    const holding = {
      play: playWhileHeld(playback),
      back: repeatWhileHeld(() => playback.skip(-SKIP_MS)),
      forward: repeatWhileHeld(() => playback.skip(SKIP_MS)),
    };
    const hold = (event: KeyboardEvent, what: Hold) => {
      held.press(event, what);
      return true;
    };
    const moveBorder = (by: -1 | 1) => {
      const { editing, active } = reader.getState();
      const row = editing ? editor?.rows()[active.row] : undefined;
      if (!editor || !row) return false;
      moveBorderByWord(editor, row.id, by);
      return true;
    };
    /** What a command does; `false`: it means nothing here, and the key is the browser's. */
    const commands: Partial<Record<ShortcutId, (event: KeyboardEvent) => boolean>> = {
      playPause({ key, repeat }) {
        const { editing, find } = reader.getState();
        if (key === 'Escape' && find.open) {
          closeFind(reader);
          return true;
        }
        // Escape is for those who type; with nothing to play, space scrolls as everywhere
        if ((key === 'Escape' && !editing) || !hasSound(playback.store.getState())) return false;
        // held down, it is pressed once
        if (!repeat) playOrPause(tools);
        return true;
      },
      holdToPlay: (event) => hold(event, holding.play),
      back: (event) => hold(event, holding.back),
      forward: (event) => hold(event, holding.forward),
      slower: () => setRate(-1),
      faster: () => setRate(1),
      find({ target }) {
        // the browser's own search would miss rows that are not drawn; pressed again it is theirs
        if (target instanceof Element && target.matches('[type="search"]')) return false;
        openFind(reader);
        return true;
      },
      replace() {
        if (!editor) return false;
        reader.setState({ editing: true });
        openFind(reader, true);
        return true;
      },
      nextDoubt: () => stepDoubt(1),
      previousDoubt: () => stepDoubt(-1),
      edit({ target }) {
        if (!editor) return false;
        const word = target instanceof Element ? target.closest<HTMLElement>('.word') : null;
        const at = word?.closest<HTMLElement>('[data-row]')?.dataset.row;
        const row = at === undefined ? undefined : editor.rows()[Number(at)];
        // the word that has the focus goes: the caret takes its place
        if (word && row) reader.setState({ caret: { rowId: row.id, offset: offsetOf(word) } });
        reader.setState(({ editing }) => ({ editing: !editing }));
        return true;
      },
      undo() {
        if (editor) void stepEdits(editor, reader, -1);
        return editor !== null;
      },
      redo() {
        if (editor) void stepEdits(editor, reader, 1);
        return editor !== null;
      },
      mark({ repeat }) {
        // without a recording there is no position, and one under way has marks of its own
        if (!editor || playback.store.getState().status === 'none') return false;
        if (!repeat) void setBookmark(source.id, playback.nowMs());
        return true;
      },
      borderBack: () => moveBorder(-1),
      borderForward: () => moveBorder(1),
      help() {
        setHelp(true);
        return true;
      },
    };
    const act = (event: KeyboardEvent, name: string): boolean => {
      const speaker = speakerKey(name);
      if (speaker && editor) {
        const { active, spokenRow, editing } = reader.getState();
        const row = editor.rows()[editing ? active.row : Math.max(0, spokenRow)];
        if (!row) return false;
        assignSpeakerNumber(editor, row.id, speaker.number, speaker.isOnwards ? 'onwards' : 'row');
        return true;
      }
      const id = commandOf(name, shortcutsWith(reader.getState().shortcutChanges));
      return (id && commands[id]?.(event)) ?? false;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (document.querySelector('dialog[open]')) return;
      const name = keyName(event);
      const target = event.target instanceof Element ? event.target : null;
      const isField = target?.closest(FIELDS) !== null && target !== null;
      const isTyping = isField || (target?.closest('[contenteditable]') ?? null) !== null;
      if (isTyping && isForTyping(name)) return;
      // a field has an undo of its own
      if (isField && (name === 'Escape' || /^Ctrl\+(Shift\+)?[zy]$/.test(name))) return;
      if (target?.closest(KEEPS_KEYS) && isForTyping(name)) return;
      // a button or a link pressed by space does its own work
      if (name === 'Space' && target?.closest('button, a, summary')) return;
      if (act(event, name)) event.preventDefault();
    };
    const scope = new AbortController();
    const { signal } = scope;
    window.addEventListener('keydown', onKey, { signal });
    window.addEventListener('keyup', (event) => held.release(event), { signal });
    window.addEventListener('blur', () => held.releaseAll(), { signal });
    return () => {
      held.releaseAll();
      scope.abort();
    };
  }, [tools]);

  return help ? <ShortcutsDialog onClose={() => setHelp(false)} /> : null;
}
