import { figures } from './numbers';

/** Word lists of the English normaliser: what people write in more than one way. */

/** Said while thinking; not part of the text. */
const FILLERS: ReadonlySet<string> = new Set([
  'hmm',
  'hm',
  'mm',
  'mhm',
  'mmm',
  'uh',
  'um',
  'uhm',
  'er',
  'erm',
]);

/** Whole words that stand for others: contractions of their own kind, and titles. */
const EXPANSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "won't": 'will not',
    "can't": 'can not',
    cannot: 'can not',
    "let's": 'let us',
    "ain't": 'aint',
    "y'all": 'you all',
    "'tis": 'it is',
    "'twas": 'it was',
    "o'clock": 'oclock',
    wanna: 'want to',
    gonna: 'going to',
    gotta: 'got to',
    gimme: 'give me',
    lemme: 'let me',
    "i'ma": 'i am going to',
    imma: 'i am going to',
    woulda: 'would have',
    coulda: 'could have',
    shoulda: 'should have',
    "ma'am": 'madam',
    mr: 'mister',
    mrs: 'missus',
    ms: 'miss',
    st: 'saint',
    dr: 'doctor',
    prof: 'professor',
    capt: 'captain',
    gov: 'governor',
    gen: 'general',
    sen: 'senator',
    rep: 'representative',
    pres: 'president',
    rev: 'reverend',
    hon: 'honorable',
    asst: 'assistant',
    assoc: 'associate',
    lt: 'lieutenant',
    col: 'colonel',
    jr: 'junior',
    sr: 'senior',
    esq: 'esquire',
  }),
);

/** Ends of contractions, longest first. What `'s` and `'d` stand for needs the next word. */
const CONTRACTED: readonly (readonly [ending: string, full: string])[] = [
  ["n't", ' not'],
  ["'re", ' are'],
  ["'ll", ' will'],
  ["'ve", ' have'],
  ["'m", ' am'],
  ["'t", ' not'],
];

/** Before these, `'s` stands for `has` and `'d` for `had`. */
const PARTICIPLES: ReadonlySet<string> = new Set(['been', 'gone', 'done', 'got', 'become']);

/** British stems in -our, which are -or in American spelling. */
const OUR_STEMS = [
  ...['arb', 'ard', 'arm', 'behavi', 'cand', 'clam', 'col', 'demean', 'endeav', 'fav', 'ferv'],
  ...['flav', 'glam', 'harb', 'hon', 'hum', 'lab', 'misdemean', 'neighb', 'od', 'parl', 'ranc'],
  ...['rig', 'rum', 'sav', 'splend', 'succ', 'tum', 'val', 'vap', 'vig', 'discol', 'dishon'],
];

/** British stems in -is(e), which are -iz(e); `exercise`, `promise` and their like are not among them. */
const ISE_STEMS = [
  ...['agon', 'apolog', 'author', 'brutal', 'capital', 'categor', 'central', 'character', 'civil'],
  ...['colon', 'critic', 'crystall', 'econom', 'emphas', 'equal', 'familiar'],
  ...['fertil', 'final', 'formal', 'general', 'global', 'harmon', 'hospital', 'hypothes', 'ideal'],
  ...['immun', 'industrial', 'item', 'legal', 'local', 'material', 'maxim', 'mechan'],
  ...['memor', 'minim', 'mobil', 'modern', 'monopol', 'moral', 'national', 'natural', 'neutral'],
  ...['normal', 'optim', 'organ', 'reorgan', 'disorgan', 'patron', 'penal', 'personal', 'polar'],
  ...['popular', 'priorit', 'privat', 'public', 'real', 'recogn', 'revolution', 'romantic'],
  ...['scrutin', 'special', 'stabil', 'standard', 'steril', 'subsid', 'summar', 'symbol'],
  ...['sympath', 'synthes', 'terror', 'theor', 'tranquill', 'util', 'vandal', 'victim', 'visual'],
];

const ISE_ENDINGS = ['e', 'ed', 'es', 'ing', 'er', 'ers', 'able', 'ation', 'ations'];

/** Verbs that double their last letter in British spelling before -ed, -ing, -er. */
const DOUBLED = [
  ...['cancel', 'channel', 'counsel', 'dial', 'duel', 'equal', 'fuel', 'grovel', 'jewel', 'label'],
  ...[
    'level',
    'libel',
    'marshal',
    'marvel',
    'model',
    'panel',
    'pedal',
    'quarrel',
    'revel',
    'rival',
  ],
  ...['shovel', 'shrivel', 'signal', 'snivel', 'spiral', 'swivel', 'total', 'towel', 'travel'],
  ...['tunnel', 'unravel', 'worship', 'kidnap'],
];

const DOUBLED_ENDINGS = ['ed', 'ing', 'er', 'ers', 'or', 'ors', 'ous', 'ously'];

/** British, American. */
const WORD_PAIRS: readonly (readonly [string, string])[] = (
  'grey gray, greyish grayish, plough plow, ploughed plowed, ploughing plowing, ploughs plows, ' +
  'programme program, programmes programs, cheque check, cheques checks, tyre tire, tyres tires, ' +
  'storey story, storeys stories, mould mold, moulds molds, moulded molded, mouldy moldy, ' +
  'smoulder smolder, smouldering smoldering, moult molt, judgement judgment, ' +
  'judgements judgments, acknowledgement acknowledgment, ageing aging, ' +
  'encyclopaedia encyclopedia, mediaeval medieval, anaemia anemia, anaesthetic anesthetic, ' +
  'manoeuvre maneuver, manoeuvres maneuvers, moustache mustache, pyjamas pajamas, ' +
  'sceptic skeptic, sceptical skeptical, scepticism skepticism, aluminium aluminum, ' +
  'aeroplane airplane, aeroplanes airplanes, mum mom, mums moms, kerb curb, gaol jail, ' +
  'draught draft, draughts drafts, draughty drafty, analyse analyze, analysed analyzed, ' +
  'analysing analyzing, paralyse paralyze, paralysed paralyzed, practise practice, ' +
  'practised practiced, practising practicing, defence defense, defences defenses, ' +
  'offence offense, offences offenses, licence license, licences licenses, pretence pretense, ' +
  'pretences pretenses, centre center, centres centers, centred centered, theatre theater, ' +
  'theatres theaters, metre meter, metres meters, kilometre kilometer, kilometres kilometers, ' +
  'centimetre centimeter, centimetres centimeters, millimetre millimeter, ' +
  'millimetres millimeters, litre liter, litres liters, fibre fiber, fibres fibers, ' +
  'calibre caliber, sombre somber, lustre luster, meagre meager, spectre specter, sabre saber, ' +
  'sceptre scepter, skilful skillful, skilfully skillfully, wilful willful, fulfil fulfill, ' +
  'fulfils fulfills, fulfilment fulfillment, enrol enroll, enrolment enrollment, ' +
  'instalment installment, instalments installments, woollen woolen, jewellery jewelry, ' +
  'catalogue catalog, catalogues catalogs, dialogue dialog, dialogues dialogs, axe ax, ' +
  'cosy cozy, gramme gram, grammes grams, learnt learned, spelt spelled, burnt burned, ' +
  'dreamt dreamed, leapt leaped, whilst while, amongst among, towards toward, ' +
  'afterwards afterward, forwards forward, backwards backward, waggon wagon, waggons wagons, ' +
  'for-ever forever, to-day today, to-morrow tomorrow, to-night tonight, okay ok'
)
  .split(', ')
  .map((pair) => {
    const [british = '', american = ''] = pair.split(' ');
    return [british, american] as const;
  });

/** British to American spelling, for words that stand alone. */
const SPELLINGS: ReadonlyMap<string, string> = new Map<string, string>([
  ...ISE_STEMS.flatMap((stem) =>
    ISE_ENDINGS.map((ending) => [`${stem}is${ending}`, `${stem}iz${ending}`] as const),
  ),
  ...DOUBLED.flatMap((verb) =>
    DOUBLED_ENDINGS.map(
      (ending) => [`${verb}${verb.at(-1) ?? ''}${ending}`, `${verb}${ending}`] as const,
    ),
  ),
  ...WORD_PAIRS,
]);

/** A word with a stem in -our at its start: `colourful`, `neighbourhood`. */
const OUR_WORD = new RegExp(
  `^((?:un)?(?:${OUR_STEMS.join('|')}))our(s|ed|ing|er|ers|able|ably|ful|fully|less|ite|ites|hood|hoods|ly|y|al|ist|ists)?$`,
);

/**
 * English text as it is scored: lower case, no punctuation, no remarks in brackets and no fillers,
 * contractions and titles written out, numbers as figures, American spelling. Follows the rules of
 * the Whisper English normaliser (Radford et al. 2022, appendix C), so that figures can be compared
 * with published ones; both reference and hypothesis must go through it.
 */
export function normaliseEnglish(text: string): string {
  const bare = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/<[^<>]*>|\[[^[\]]*\]|\([^()]*\)/g, ' ')
    .replace(/(\p{L})\s+'(?=(?:s|d|t|m|re|ll|ve)\b)/gu, "$1'")
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    // signs of money and per cent stay with their figures
    .replace(/([$£€¢])\s+(?=\d)/g, '$1')
    .replace(/(\d)\s+%/g, '$1%')
    .replace(/\.(?!\d)/g, ' ')
    .replace(/[-‐-―](?=\D|$)/g, ' ')
    .replace(/(\D)-(?=\d)/g, '$1 ')
    .replace(/(\d)-(?=\d)/g, '$1 ')
    .replace(/[^\p{L}\p{N}'.%$£€¢\s]/gu, ' ');
  const words = bare.split(/\s+/).map(trimWord).filter(Boolean);
  const expanded = words.flatMap((word, i) => expand(word, words[i + 1])).filter(spoken);
  return figures(expanded).map(american).join(' ');
}

/** Takes away quotes, and signs that stand with no figure. */
function trimWord(word: string): string {
  const bare = EXPANSIONS.has(word) ? word : word.replace(/^'+|'+$/g, '');
  return bare
    .replace(/[$£€¢](?!\d)/g, '')
    .replace(/(?<!\d)[.%]+/g, '')
    .replace(/^\./, '');
}

function spoken(word: string): boolean {
  return word !== '' && !FILLERS.has(word);
}

/** Contractions and titles written out. */
function expand(word: string, next: string | undefined): string[] {
  const whole = EXPANSIONS.get(word);
  if (whole) return whole.split(' ');
  const participle = next !== undefined && PARTICIPLES.has(next);
  for (const [ending, full] of CONTRACTED)
    if (word.length > ending.length && word.endsWith(ending))
      return [...bareWord(word.slice(0, -ending.length)), full.trim()];
  if (word.length > 2 && word.endsWith("'s"))
    return [...bareWord(word.slice(0, -2)), participle ? 'has' : 'is'];
  if (word.length > 2 && word.endsWith("'d"))
    return [...bareWord(word.slice(0, -2)), participle ? 'had' : 'would'];
  return bareWord(word);
}

/** A word without apostrophes; figures that touch letters stay with them. */
function bareWord(word: string): string[] {
  return [word.replaceAll("'", '')];
}

function american(word: string): string {
  return SPELLINGS.get(word) ?? word.replace(OUR_WORD, '$1or$2');
}
