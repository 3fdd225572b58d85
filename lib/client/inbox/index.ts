export { addToLibrary } from './add-to-library';
export { keepKey, keyFile, keyToSealTo, readKeyFile } from './inbox-keys';
export {
  chooseInboxKey,
  countUnread,
  fetchInbox,
  markInboxSeen,
  removeFromInbox,
  restoreToInbox,
  soundAddress,
} from './inbox-server';
