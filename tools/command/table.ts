/**
 * Lines of a text table; columns are as wide as their widest cell, numbers are aligned to the right.
 * @param head one cell for each column
 */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        const isNumber = /^[-+]?[\d.,]+( ?%)?$/.test(text);
        return isNumber ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const [first = [], ...rest] = texts;
  return [line(first), widths.map((width) => '-'.repeat(width)).join('  '), ...rest.map(line)];
}
