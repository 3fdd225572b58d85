import { currentLibrary, libraryName } from '@/lib/client/store';
import type { JobProgress, ProgressChannel } from './job-views';

/** Shares progress between tabs through a `BroadcastChannel`. */
export function progressChannel(): ProgressChannel {
  const channel = new BroadcastChannel(`${libraryName(currentLibrary())}:progress`);
  return {
    post: (progress) => channel.postMessage(progress),
    onMessage: (listener) => {
      const take = (event: MessageEvent<JobProgress>) => listener(event.data);
      channel.addEventListener('message', take);
      return () => channel.removeEventListener('message', take);
    },
  };
}
