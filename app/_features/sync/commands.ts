import { attempt } from '@/app/_features/ui';
import {
  renameRemoteTranscript,
  setShownOnOtherDevices,
  withdrawFromServer,
} from '@/lib/client/store';

/**
 * Stores whether this device's list is shown on the user's other devices.
 * @returns whether it was stored; a failure is shown
 */
export const showOnOtherDevices = (owner: string, show: boolean): Promise<boolean> =>
  attempt(() => setShownOnOtherDevices(owner, show));

/**
 * Has the entries of this device removed from the server.
 * @returns whether that was noted; a failure is shown
 */
export const withdrawList = (owner: string): Promise<boolean> =>
  attempt(() => withdrawFromServer(owner));

/** Renames a transcript that is on another device. @throws STORE_FAILED, STORE_QUOTA */
export const renameRemote = (id: string, title: string): Promise<void> =>
  renameRemoteTranscript(id, title);
