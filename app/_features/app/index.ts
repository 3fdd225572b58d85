export type { OpenDocument } from '@/lib/client';
export { getApp, getDocuments } from './app';
export { batchChanges } from './change-batch';
export {
  createQueryClient,
  invalidateFor,
  pageOfRow,
  queryKeys,
  ROWS_PER_PAGE,
  showPatch,
} from './queries';
export { usePrivateSession } from './use-private-session';
export {
  useCatalogue,
  useChosenSetting,
  useLibraryBytes,
  useSetting,
  useStorageFacts,
} from './use-settings';
