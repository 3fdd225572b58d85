export { DiagnosticsPage } from './diagnostics-page';
export { t } from './messages';
