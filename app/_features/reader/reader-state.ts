import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WordPlace } from '@/app/_features/ui';
import type { PedalMap } from './pedals/pedal';
import type { ShortcutChanges } from './shortcut-list';

/** Whether the page keeps the spoken word in view. */
export interface Follow {
  /** The user's standing choice, kept as a setting. */
  enabled: boolean;
  /** The user looks at another place right now. */
  suspended: boolean;
}

/** `enable` and `disable` are the user's choice; the others are side effects. */
type FollowEvent = 'enable' | 'disable' | 'scrolled' | 'returned' | 'sought';

/** The next state. Scrolling by hand suspends; going back or pressing a word resumes. */
export function nextFollow(state: Follow, event: FollowEvent): Follow {
  switch (event) {
    case 'enable':
      return { enabled: true, suspended: false };
    case 'disable':
      return { enabled: false, suspended: false };
    case 'scrolled':
      return state.enabled && !state.suspended ? { ...state, suspended: true } : state;
    case 'returned':
    case 'sought':
      return state.suspended ? { ...state, suspended: false } : state;
  }
}

/** Whether the page may scroll by itself now. */
export function isFollowing({ enabled, suspended }: Follow): boolean {
  return enabled && !suspended;
}

/** Rows that are selected as a whole while editing, by their ids. Either end may come first. */
export interface RowSelection {
  /** Where it began. */
  anchor: string;
  /** The end that moves. */
  head: string;
}

/** The state of reading a transcript that belongs to this page alone. */
export interface ReaderState {
  /** The one word in the tab order. */
  active: WordPlace;
  /** The active word takes the focus as soon as it is on the page. */
  focusWanted: boolean;
  follow: Follow;
  markUnsure: boolean;
  find: {
    open: boolean;
    query: string;
    matchCase: boolean;
    wholeWord: boolean;
    /** What replaces a match. */
    replacement: string;
    /** The fields for replacing are shown, while one edits. */
    replacing: boolean;
    /** Index of the match one is at; -1 for none. */
    current: number;
    /** Counts up when Find is asked for again: the box takes the focus. */
    asked: number;
  };
  /** The row being spoken; -1 before the first. */
  spokenRow: number;
  /** The text can be changed. */
  editing: boolean;
  /** What was corrected is shown beside what was recognised. */
  comparing: boolean;
  /**
   * Where the caret goes as soon as its row is on the page. `typed` is what was typed meanwhile, `burst` the burst of
   * typing that continues there.
   */
  caret: { rowId: string; offset: number; typed?: string; burst?: string } | null;
  selected: RowSelection | null;
  /** The doubtful word under review; `null`: no review is going on. */
  review: { rowId: string; startMs: number } | null;
  /** The row whose speaker is being chosen; empty: the list of speakers alone; `null`: neither. */
  speakersOf: string | null;
  /** Keys that the user has chosen for commands. */
  shortcutChanges: ShortcutChanges;
  /** Foot pedals that were connected, apart from those that act as keyboards. */
  pedals: PedalMap[];
}

export type ReaderStore = StoreApi<ReaderState>;

/** Makes the state of a freshly opened transcript. */
export function createReaderState(): ReaderStore {
  return createStore<ReaderState>(() => ({
    active: { row: 0, word: 0 },
    focusWanted: false,
    follow: { enabled: true, suspended: false },
    markUnsure: true,
    find: {
      open: false,
      query: '',
      matchCase: false,
      wholeWord: false,
      replacement: '',
      replacing: false,
      current: -1,
      asked: 0,
    },
    selected: null,
    review: null,
    spokenRow: -1,
    editing: false,
    comparing: false,
    caret: null,
    speakersOf: null,
    shortcutChanges: {},
    pedals: [],
  }));
}

/** Updates whether the page follows, after something has happened. */
export function updateFollow(reader: ReaderStore, event: FollowEvent): void {
  const { follow } = reader.getState();
  const next = nextFollow(follow, event);
  if (next !== follow) reader.setState({ follow: next });
}

/** Opens Find, or puts the focus into it when it is open. @param replacing with the fields for replacing */
export function openFind(reader: ReaderStore, replacing?: boolean): void {
  reader.setState(({ find }) => ({
    find: {
      ...find,
      open: true,
      asked: find.asked + 1,
      replacing: replacing ?? find.replacing,
    },
  }));
}

/** Closes Find and takes its marks away. */
export function closeFind(reader: ReaderStore): void {
  reader.setState(({ find }) => ({ find: { ...find, open: false, query: '', current: -1 } }));
}
