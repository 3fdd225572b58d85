/** Whether the page keeps the spoken word in view. */
export interface Follow {
  /** The user's standing choice, kept as a setting. */
  enabled: boolean;
  /** The user looks at another place right now. */
  suspended: boolean;
}

/** What happens to it: `enable` and `disable` are the choice, the others come by the way. */
export type FollowEvent = 'enable' | 'disable' | 'scrolled' | 'returned' | 'sought';

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
