import { type RefObject, type UIEvent, useLayoutEffect, useRef, useState } from 'react';

/** So near to the end the text scrolls along, in pixels. */
const NEAR_END_PX = 60;

/** The end of text that grows, in a box that scrolls. */
export interface FollowedEnd {
  /** The box. */
  box: RefObject<HTMLElement | null>;
  /** Whether the end stays in view; not while somebody reads further up. */
  follows: boolean;
  /** For the box. */
  onScroll: (event: UIEvent<HTMLElement>) => void;
  goToEnd: () => void;
}

/** Keeps the end of growing text in view, until somebody scrolls up. The component that grows calls it. */
export function useFollowedEnd(): FollowedEnd {
  const box = useRef<HTMLElement>(null);
  const [follows, setFollows] = useState(true);
  // after every render: new words are what it renders for
  useLayoutEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  return {
    box,
    follows,
    onScroll: ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
      setFollows(scrollHeight - scrollTop - clientHeight < NEAR_END_PX),
    goToEnd: () => setFollows(true),
  };
}
