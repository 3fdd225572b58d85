export {
  addToLibrary,
  chooseInboxKey,
  countUnread,
  fetchInbox,
  keepKey,
  keyFile,
  keyToSealTo,
  markInboxSeen,
  readKeyFile,
  removeFromInbox,
  restoreToInbox,
  soundAddress,
} from './inbox';
