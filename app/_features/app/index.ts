export type { OpenDocument } from '@/lib/client';
export { getApp, getDocuments } from './app';
export {
  batchChanges,
  createQueryClient,
  invalidateFor,
  pageOfRow,
  queryKeys,
  ROWS_PER_PAGE,
  showPatch,
} from './queries';
export {
  useCatalogue,
  useChosenSetting,
  useLibraryBytes,
  usePrivateSession,
  useSetting,
  useStorageFacts,
} from './use-settings';
