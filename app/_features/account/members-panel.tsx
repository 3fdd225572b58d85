'use client';

import { useState } from 'react';
import {
  attempt,
  Button,
  CopyLink,
  Dialog,
  focusMain,
  formatDate,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import { createResetLink, type Member, removeMember } from './account';
import { useMembers, useRefresh } from './use-account';

/** Everyone who has an account on this server. */
export function MembersPanel() {
  const { data: members, error, refetch } = useMembers();
  return (
    <Panel split title="Members">
      {error && !members && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <ul aria-label="Members" className="divide-y divide-line">
        {members?.map((member) => (
          <MemberItem key={member.id} member={member} />
        ))}
      </ul>
    </Panel>
  );
}

function MemberItem({ member }: { member: Member }) {
  const { id, name, email, role, lastSeenAt } = member;
  const refresh = useRefresh();
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState<string | null>(null);

  const remove = async () => {
    setAsking(false);
    const done = await attempt(() => removeMember(id));
    await refresh();
    // the row goes away with the button that has the focus
    focusMain();
    if (done) showToast({ text: `${name} no longer has an account here.` });
  };

  return (
    <li className="flex flex-wrap items-center gap-x-3 py-2 text-sm">
      <span
        id={`member-${id}`}
        className="min-w-0 flex-1 basis-full [overflow-wrap:anywhere] sm:basis-0"
      >
        {name}
        <span className="block text-muted">
          {email} · {role === 'owner' ? 'owner' : seenText(lastSeenAt)}
        </span>
      </span>
      {role === 'member' && (
        <>
          <Button
            tone="quiet"
            aria-describedby={`member-${id}`}
            onClick={() => void attempt(async () => setLink(await createResetLink(id)))}
          >
            Password link
          </Button>
          <Button tone="quiet" aria-describedby={`member-${id}`} onClick={() => setAsking(true)}>
            Remove
          </Button>
        </>
      )}
      {link !== null && (
        <Dialog title="A new password" onClose={() => setLink(null)}>
          <p className="mb-4 text-sm">
            By this link {name} chooses a new password, once, within 24 hours. Whoever has the link
            can use it: send it to nobody else.
          </p>
          <CopyLink label="Password link" link={link} />
        </Dialog>
      )}
      {asking && (
        <Dialog title={`Remove ${name}?`} onClose={() => setAsking(false)}>
          <p className="text-sm">
            {name} is signed out everywhere and cannot sign in any more; links to what they shared
            stop working. The transcripts on their own devices stay there. This cannot be undone.
          </p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsking(false)}>Keep the account</Button>
            <Button tone="danger" onClick={() => void remove()}>
              Remove for good
            </Button>
          </div>
        </Dialog>
      )}
    </li>
  );
}

function seenText(lastSeenAt: string | null): string {
  return lastSeenAt === null ? 'signed in nowhere' : `last seen ${formatDate(lastSeenAt)}`;
}
