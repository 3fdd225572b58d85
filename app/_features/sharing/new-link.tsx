'use client';

import { Button, CopyLink } from '@/app/_features/ui';

/** The link that was made, ready to be copied. */
export function NewLink({ link, onAnother }: { link: string; onAnother: () => void }) {
  return (
    <div className="space-y-3">
      <CopyLink label="Share link" link={link} />
      <p className="text-muted text-sm">
        Whoever has this link can open it. Only this browser can show it again: the server does not
        know all of it.
      </p>
      <Button onClick={onAnother}>Create another link</Button>
    </div>
  );
}
