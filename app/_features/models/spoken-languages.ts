/** How many languages of one recording can be declared. */
const MOST = 3;

/**
 * The languages that were chosen, of those that the model knows.
 * @param value as the setting has it: BCP 47, several with commas between them
 */
export function chosenLanguages(value: string | null, known: readonly string[]): string[] {
  const codes = (value ?? '').split(',').filter((code) => known.includes(code));
  return [...new Set(codes)].slice(0, MOST);
}

/**
 * The setting with the language at one place chosen.
 * @param code empty: none at this place; those behind move up
 */
export function withLanguage(
  chosen: readonly string[],
  place: number,
  code: string,
): string | null {
  const codes = [...chosen.slice(0, place), code, ...chosen.slice(place + 1)];
  return codes.filter((one) => one !== '').join(',') || null;
}
