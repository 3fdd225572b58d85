export { t } from './messages';
export { SettingsPage } from './settings-page';
