import 'server-only';

export {
  acceptInvitation,
  announceSetup,
  checkSetup,
  createInvitation,
  listInvitations,
  readOpenInvitation,
  revokeInvitation,
  setUpOwner,
  sweepInvitations,
} from './account-links';
export { readAuth, writeAuth } from './auth-handler';
export { listProviders, signInMethods, unlink } from './identities';
export { changePassword, hashPassword, readReset, resetPassword, resetToken } from './passwords';
export {
  type CurrentSession,
  currentSession,
  deviceOf,
  endOtherSessions,
  endSession,
  listSessions,
  type SessionUser,
  signedIn,
  sweepSessions,
} from './sessions';
export { findGone, listMembers, removeMember } from './users';
