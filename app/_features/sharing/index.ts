export { ShareButton } from './share-button';
export { SharesPanel } from './shares-panel';
