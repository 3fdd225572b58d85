/** `01:02:03,004`, with the mark that the format puts before the milliseconds. */
export function timestamp(ms: number, mark: ',' | '.'): string {
  return `${clock(ms)}${mark}${pad(ms % 1000, 3)}`;
}

/** `01:02:03`: the second in which it begins. */
export function clock(ms: number): string {
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}`;
}

/** `3.004`: seconds, as most formats of data have them. */
export function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)}.${pad(ms % 1000, 3)}`;
}

/** `2026-01-02`: the day of a moment in ISO 8601 where the file is written, as the app shows it there. */
export function dayOf(iso: string): string {
  const at = new Date(iso);
  // imported files hold anything here
  if (Number.isNaN(at.getTime())) return iso.slice(0, 10);
  return [pad(at.getFullYear(), 4), pad(at.getMonth() + 1), pad(at.getDate())].join('-');
}

function pad(value: number, width = 2): string {
  return String(Math.floor(value)).padStart(width, '0');
}
