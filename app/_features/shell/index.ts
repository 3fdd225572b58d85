export { AppShell } from './app-shell';
export { t } from './messages';
export { registerServiceWorker } from './offline';
export { Sync } from './sync';
