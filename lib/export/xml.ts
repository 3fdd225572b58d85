const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML 1.0 has no way to write: control characters, halves of characters, U+FFFE and U+FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** Text without what XML has no way to write. */
export function writable(text: string): string {
  return text.replace(UNWRITABLE, '');
}

/** Text as the content of an element or the value of an attribute, in XML and in HTML. */
export function escapeXml(text: string): string {
  return writable(text).replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}
