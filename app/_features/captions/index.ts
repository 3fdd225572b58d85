export { CaptionView } from './caption-view';
export { CaptionsPage } from './captions-page';
export { CaptionsButton, CaptionsWindow } from './captions-window';
export { t } from './messages';
export { useAwake } from './use-awake';
