import { formatBytes, formatPercent } from './format';
import { t } from './messages';

/** How much of something is done, with its name and what it is for. It moves without an animation. */
export function ProgressLine({
  label,
  percent,
  hint,
}: {
  label: string;
  /** 0 to 100. */
  percent: number;
  hint: string;
}) {
  const whole = Math.floor(percent);
  return (
    <div>
      <p className="tabular-nums">
        {label} · {formatPercent(whole)}
      </p>
      <p className="text-muted text-sm">{hint}</p>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={whole}
        className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full origin-left rtl:origin-right rounded-full bg-accent"
          style={{ transform: `scaleX(${whole / 100})` }}
        />
      </div>
    </div>
  );
}

/** How much of an upload or a download is done; it moves without an animation, as all bars do. */
export function TransferBar({
  label,
  doneBytes,
  totalBytes,
}: {
  label: string;
  doneBytes: number;
  totalBytes: number;
}) {
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
  const text = t('doneOfTotal', { done: formatBytes(doneBytes), total: formatBytes(totalBytes) });
  return (
    <div>
      <p className="text-muted text-sm tabular-nums">
        {label} · {text}
      </p>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuetext={text}
        className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full origin-left rtl:origin-right rounded-full bg-accent"
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
    </div>
  );
}
