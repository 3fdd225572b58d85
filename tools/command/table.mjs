/**
 * Lines of a text table; columns are as wide as their widest cell, numbers stand at the right.
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 * @returns {string[]}
 */
export function tableLines(head, rows) {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row) =>
    row
      .map((text, column) => {
        const number = /^[-+]?[\d.,]+( ?%)?$/.test(text);
        return number ? text.padStart(widths[column]) : text.padEnd(widths[column]);
      })
      .join('  ')
      .trimEnd();
  const [first = [], ...rest] = texts;
  return [line(first), widths.map((width) => '-'.repeat(width)).join('  '), ...rest.map(line)];
}
