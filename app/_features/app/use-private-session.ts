import { useSyncExternalStore } from 'react';
import { isPrivateSession } from '@/lib/core';

const never = () => () => undefined;
const notOnServer = () => false;

/** Whether this tab is a private session; not before it is in a browser. */
export const usePrivateSession = () => useSyncExternalStore(never, isPrivateSession, notOnServer);
