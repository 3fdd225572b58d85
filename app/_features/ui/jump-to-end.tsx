import { ArrowDown } from 'lucide-react';
import { Button } from './button';

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
