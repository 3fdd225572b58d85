/**
 * What the random models can say: common words, some with letters of several bytes, so that a
 * character may be cut in two by tokens.
 */
export const WORDS =
  `the of and to in that was his he it with is for as had you not be her on at by which have or
from this him but all she they were my are me one their so an said them we who would been will no
when there if more out up into do any your what has man could other than our some very time upon
about may its only now like little then can should made did us such great before must two these see
know over much down after first mister good men café über señor naïve année 你好 мир`.split(/\s+/);
