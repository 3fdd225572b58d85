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

function pad(value: number, width = 2): string {
  return String(Math.floor(value)).padStart(width, '0');
}
