import { ArrowDown } from 'lucide-react';
import { type RefObject, type UIEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from './button';

/** The text follows its end while scrolled this close to it, in pixels. */
const NEAR_END_PX = 60;

/** Follows the end of growing text in a scrolling box. */
interface FollowedEnd {
  /** The box; its text is in `p`. */
  box: RefObject<HTMLElement | null>;
  /** Whether the end is kept in view; false while somebody reads further up. */
  follows: boolean;
  /** For the box. */
  onScroll: (event: UIEvent<HTMLElement>) => void;
  goToEnd: () => void;
}

/** The paragraph at the top of the box. */
interface Place {
  /** Its index. */
  at: number;
  /** Share of its height above the top, 0 to 1; negative: it begins that many pixels below the top. */
  above: number;
}

/**
 * Keeps the end of growing text in view until somebody scrolls up: then what they read stays in place, even if lines
 * are broken differently. Must be called by the component whose text grows.
 * @param layout what line breaks depend on besides the width of the box
 */
export function useFollowedEnd(layout = ''): FollowedEnd {
  const box = useRef<HTMLElement>(null);
  const place = useRef<Place | null>(null);
  const laidOut = useRef(layout);
  const [follows, setFollows] = useState(true);
  // after every render: new words are what it renders for
  useLayoutEffect(() => {
    if (follows) place.current = null;
    const isSame = laidOut.current === layout;
    laidOut.current = layout;
    if (box.current && (follows || !isSame)) stay(box.current, place.current);
  });
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    // the observer of the box's own window: another window's would not be notified
    const { ResizeObserver } = current.ownerDocument.defaultView ?? window;
    const observer = new ResizeObserver(() => stay(current, place.current));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return {
    box,
    follows,
    onScroll: ({ currentTarget }) => {
      const { scrollTop, scrollHeight, clientHeight } = currentTarget;
      const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      place.current = isAtEnd ? null : placeIn(currentTarget);
      setFollows(isAtEnd);
    },
    goToEnd: () => setFollows(true),
  };
}

/** @param place `null`: the end */
function stay(box: HTMLElement, place: Place | null): void {
  const paragraph = place && box.querySelectorAll('p')[place.at];
  if (!paragraph) {
    box.scrollTop = box.scrollHeight;
    return;
  }
  const { top, height } = paragraph.getBoundingClientRect();
  const above = place.above > 0 ? place.above * height : place.above;
  box.scrollTop += top - box.getBoundingClientRect().top + above;
}

function placeIn(box: HTMLElement): Place | null {
  const { top } = box.getBoundingClientRect();
  for (const [at, paragraph] of box.querySelectorAll('p').entries()) {
    const rect = paragraph.getBoundingClientRect();
    const above = top - rect.top;
    if (rect.height > 0 && rect.bottom > top)
      return { at, above: above > 0 ? above / rect.height : above };
  }
  return null;
}

/** Lies over text that grows, while somebody reads further up: goes back to its end. */
export function JumpToEnd({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <Button
      className="-translate-x-1/2 absolute bottom-3 left-1/2 shadow-raised"
      icon={<ArrowDown aria-hidden size={16} />}
      onClick={onPress}
    >
      {label}
    </Button>
  );
}
