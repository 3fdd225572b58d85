export { AppShell, registerServiceWorker, Sync } from './app-shell';
export { t } from './messages';
