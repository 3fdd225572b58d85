export { clearBlocked, showBanner } from './banner';
export { Button, buttonClass, IconButton } from './button';
export { CopyButton, CopyLink, CopyReport } from './copy-button';
export { Dialog, DropOverlay } from './dialog';
export { type ErrorText, errorSentence, errorText, workerFailure } from './error-text';
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
export { ACCEPT, filesFromDrop, folderOf, looksLikeMedia, saveAs } from './files';
export {
  focusMain,
  isMoveKey,
  keepFocus,
  mirrored,
  moveWord,
  useKeptFocus,
  type WordPlace,
} from './focus';
export { JumpToEnd, useFollowedEnd } from './followed-end';
export {
  formatBytes,
  formatDate,
  formatDuration,
  formatList,
  formatMeasured,
  formatMoment,
  formatNumber,
  formatPercent,
  formatRoughBytes,
  formatSpeed,
  formatTimeOfDay,
  languageName,
  remainingText,
  snippet,
  trackLabel,
} from './format';
export { MenuButton } from './menu';
export { Notice, QueryProblem } from './notice';
export { Panel } from './panel';
export { ProgressLine, TransferBar } from './progress-line';
export { type LaterSaver, saveLater } from './save-later';
export { loadTheme, setTheme, THEME_SCRIPT, THEMES } from './theme';
export {
  attempt,
  dismissToast,
  keepToast,
  raiseToasts,
  showKeptToast,
  showToast,
  TOAST_MS,
  type Toast,
} from './toasts';
export { positionInAddress, useTranscriptId } from './use-address';
export { type FormField, useForm } from './use-form';
export { useBanner, useTheme, useToasts } from './use-store';
export { useOnLeave, useTypedText } from './use-typed-text';
