export { DiagnosticsPage } from './diagnostics-page';
export { t } from './messages';
export { RequestsPage } from './requests-page';
