export { LiveShareButton, LiveShareStatus } from './live-share';
export { ShareButton } from './share-dialog';
export { SharesPanel } from './share-lists';
