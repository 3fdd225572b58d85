export { DatasetPage } from './dataset-page';
export { GiveDialog } from './give-dialog';
export { t } from './messages';
export { useGiving } from './use-dataset';
