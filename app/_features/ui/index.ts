export { attempt } from './attempt';
export { clearBlocked, showBanner } from './banner';
export { Button, buttonClass, IconButton } from './button';
export { ACCEPT, filesFromDrop } from './collect-files';
export { CopyButton } from './copy-button';
export { CopyLink } from './copy-link';
export { CopyReport } from './copy-report';
export { Dialog } from './dialog';
export { saveAs } from './download';
export { type ErrorText, errorSentence, errorText } from './error-text';
export { Field, FormPage, FormProblem, PasswordField } from './fields';
export { focusMain, keepFocus } from './focus';
export {
  formatBytes,
  formatDate,
  formatDuration,
  formatList,
  formatMeasured,
  formatMoment,
  formatNumber,
  formatPercent,
  remainingText,
  snippet,
} from './format';
export { MenuButton } from './menu';
export { Notice } from './notice';
export { Panel } from './panel';
export { ProgressLine } from './progress-line';
export { QueryProblem } from './query-problem';
export { isMoveKey, mirrored, moveWord, type WordPlace } from './roving';
export { type LaterSaver, saveLater } from './save-later';
export { loadTheme, setTheme, THEME_SCRIPT, THEMES } from './theme';
export { dismissToast, keepToast, showKeptToast, showToast, TOAST_MS, type Toast } from './toasts';
export { trackLabel } from './track-facts';
export { TransferBar } from './transfer-bar';
export { positionInAddress, useTranscriptId } from './use-address';
export { type FormField, useForm } from './use-form';
export { useKeptFocus } from './use-kept-focus';
export { useBanner, useTheme, useToasts } from './use-store';
