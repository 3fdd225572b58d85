export { ShareButton } from './share-dialog';
export { SharesPanel } from './shares-panel';
