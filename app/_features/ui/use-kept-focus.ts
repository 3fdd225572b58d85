'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { keepFocus } from './focus';

/** For the region of a list whose rows come and go: the focus stays near its place. */
export function useKeptFocus(): RefObject<HTMLElement | null> {
  const region = useRef<HTMLElement>(null);
  useEffect(() => (region.current ? keepFocus(region.current) : undefined), []);
  return region;
}
