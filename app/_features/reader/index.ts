export { t } from './messages';
export { SharedPage } from './shared/shared-page';
export { TranscriptPage } from './transcript-page';
