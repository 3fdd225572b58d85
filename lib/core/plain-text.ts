/** NUL, and halves of characters: no text at all, which databases and encoders refuse. */
const BROKEN = /\0|\p{Cs}/u;

/**
 * What a line that others read must not hold beside that: control characters, ends of lines and
 * paragraphs, and what turns the direction of the text around it (embeddings, overrides, isolates):
 * by these a name takes on the looks of another. Marks of direction (U+200E, U+200F, U+061C), which
 * Arabic and Hebrew need, turn nothing around.
 */
const UNSHOWABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** Whether a string is text that can be stored at all. */
export function isText(value: string): boolean {
  return !BROKEN.test(value);
}

/** Whether a name, note or title can be shown to others as it is: one line, nothing hidden in it. */
export function isPlainText(value: string): boolean {
  return !UNSHOWABLE.test(value);
}

/** The text without what `isPlainText` does not take; ends of lines and tabs become spaces. */
export function plainText(value: string): string {
  return value
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(new RegExp(UNSHOWABLE.source, 'gu'), '');
}
