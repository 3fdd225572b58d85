export { CaptionView } from './caption-view';
export { CaptionsButton, CaptionsPage, CaptionsWindow, useAwake } from './captions-window';
export { t } from './messages';
