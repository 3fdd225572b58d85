import 'server-only';

export { currentSession, type SessionUser } from './auth';
export { readAuth, writeAuth } from './auth-handler';
export { unlink, waysIn } from './identities';
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
export { deviceOf, endOtherSessions, endSession, listSessions, sweepSessions } from './sessions';
export { announceSetup, checkSetup, setUpOwner } from './setup';
export { signedIn } from './signed-in';
export { findGone, listMembers, removeMember } from './users';
