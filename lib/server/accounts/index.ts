import 'server-only';

export { readAuth, writeAuth } from './auth-handler';
export { signInMethods, unlink } from './identities';
export {
  acceptInvitation,
  createInvitation,
  listInvitations,
  readOpenInvitation,
  revokeInvitation,
  sweepInvitations,
} from './invitations';
export { changePassword, readReset, resetPassword, resetToken } from './password-change';
export { hashPassword } from './passwords';
export { listProviders } from './providers';
export { signedIn } from './session-cookie';
export {
  currentSession,
  deviceOf,
  endOtherSessions,
  endSession,
  listSessions,
  type SessionUser,
  sweepSessions,
} from './sessions';
export { announceSetup, checkSetup, setUpOwner } from './setup';
export { findGone, listMembers, removeMember } from './users';
