export { AppShell } from './app-shell';
export { registerServiceWorker } from './offline';
export { Sync } from './sync';
