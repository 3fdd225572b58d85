export { clearBlocked, showBanner } from './banner';
export { Button, buttonClass, IconButton } from './button';
export { ACCEPT, filesFromDrop, folderOf, looksLikeMedia } from './collect-files';
export { CopyButton, CopyLink, CopyReport } from './copy-button';
export { Dialog } from './dialog';
export { saveAs } from './download';
export { DropOverlay } from './drop-overlay';
export { type ErrorText, errorSentence, errorText } from './error-text';
export {
  Field,
  FileButton,
  FormPage,
  FormProblem,
  PasswordField,
  RadioGroup,
  Select,
  SelectField,
} from './fields';
export { focusMain, keepFocus, useKeptFocus } from './focus';
export {
  formatBytes,
  formatDate,
  formatDuration,
  formatList,
  formatMeasured,
  formatMoment,
  formatNumber,
  formatPercent,
  formatTimeOfDay,
  remainingText,
  snippet,
} from './format';
export { JumpToEnd } from './jump-to-end';
export { MenuButton } from './menu';
export { Notice, QueryProblem } from './notice';
export { Panel } from './panel';
export { ProgressLine, TransferBar } from './progress-line';
export { isMoveKey, mirrored, moveWord, type WordPlace } from './roving';
export { type LaterSaver, saveLater } from './save-later';
export { loadTheme, setTheme, THEME_SCRIPT, THEMES } from './theme';
export {
  attempt,
  dismissToast,
  keepToast,
  showKeptToast,
  showToast,
  TOAST_MS,
  type Toast,
} from './toasts';
export { languageName, trackLabel } from './track-facts';
export { positionInAddress, useTranscriptId } from './use-address';
export { useFollowedEnd } from './use-followed-end';
export { type FormField, useForm } from './use-form';
export { useBanner, useTheme, useToasts } from './use-store';
export { workerFailure } from './worker-failure';
