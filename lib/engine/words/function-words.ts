/**
 * English words of grammar, in small letters. Where one alone is an entry of the user's vocabulary ("IT",
 * "US", "Will"), the text has the plain word far more often, so the entry does not change how it is written.
 */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    'a all am an and are as at be but by can could did do does for from go had has have he her him his how i if in is it ' +
    'its may me might must my no nor not of off on one or our out she should so than that the their them then they this ' +
    'to up us was we were what when who why will with would you your'
  ).split(' '),
);
