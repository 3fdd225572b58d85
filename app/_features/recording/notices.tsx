'use client';

import { Notice } from '@/app/_features/ui';
import { isMild, noticeText } from './record-facts';
import { useRecording } from './use-recording';

/** What the user should know of the recording under way. */
export function Notices() {
  const notices = useRecording((state) => state.notices);
  const goesOn = useRecording((state) => state.phase === 'recording');
  return (
    // always there: what comes into it is read aloud
    <div role="status" className={notices.length === 0 ? 'sr-only' : 'space-y-3'}>
      {notices.map((notice) => (
        <Notice key={`${notice.kind} ${notice.input}`} tone={isMild(notice) ? 'info' : 'warn'}>
          <p>{noticeText(notice, goesOn)}</p>
        </Notice>
      ))}
    </div>
  );
}
