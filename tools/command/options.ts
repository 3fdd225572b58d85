import { parseArgs } from 'node:util';
import { HelpAsked, UsageError } from './errors';

/** An option of a command. */
export interface Option {
  /** What it does, for the list of options. */
  text: string;
  /** Placeholder of its value in that list (`FILE`); missing: it is a switch. */
  value?: string;
  /** The values that it takes. */
  choices?: readonly string[];
  /** Its value is a whole number, at least this one. */
  least?: number;
}

/** The positional arguments. */
export interface Names {
  /** `ID`. */
  name: string;
  text: string;
  /** How many, at least and at most; one by default. */
  min?: number;
  max?: number;
}

/** How a command is called. */
export interface Command {
  /** `bench` for `npm run bench`. */
  name: string;
  /** What the command does, in one line. */
  text: string;
  options?: Readonly<Record<string, Option>>;
  names?: Names;
  /** More lines for the list. */
  notes?: readonly string[];
}

/** Text, one of its choices, a number where `least` is given, `true` for a switch. */
type ValueOf<O extends Option> = O extends { least: number }
  ? number
  : O extends { choices: readonly (infer Choice)[] }
    ? Choice
    : O extends { value: string }
      ? string
      : true;

/** The options that were given, by name. */
export type Values<C extends Command> = C extends { options: infer O }
  ? { [N in keyof O]?: O[N] extends Option ? ValueOf<O[N]> : never }
  : Record<string, never>;

const HELP: Option = { text: 'shows this list' };

/** npm has short forms for two of its scripts. */
const shownName = ({ name }: Command) =>
  name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`;

const form = (name: string, { value }: Option) => `--${name}${value ? ` ${value}` : ''}`;

/** How a command is called, and each of its options in a line. */
export function helpOf(command: Command): string {
  const { text, options = {}, names, notes = [] } = command;
  const optional = names?.min === 0;
  const beside = names ? ` ${optional ? `[${names.name}]` : names.name}` : '';
  const rows = Object.entries({ ...options, help: HELP }).map(
    ([name, option]): [string, string] => [
      form(name, option),
      option.choices ? `${option.text}: ${option.choices.join(', ')}` : option.text,
    ],
  );
  if (names) rows.unshift([names.name, names.text]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `${shownName(command)}: ${text}`,
    `Usage: ${shownName(command)} -- [OPTIONS]${beside}`,
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...notes,
  ].join('\n');
}

/** Letters that differ between two names, at least: what was meant is likely the nearest. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries()) {
      const changed = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** What may have been meant by a name that is not one. */
function meant(name: string, known: readonly string[]): string | null {
  const [best] = known
    .map((one) => ({ one, letters: distance(name, one) }))
    .sort((a, b) => a.letters - b.letters);
  return best && best.letters <= Math.max(2, Math.floor(name.length / 3)) ? best.one : null;
}

function unknownOption(name: string, { options = {} }: Command): string {
  const known = [...Object.keys(options), 'help'];
  const near = meant(name, known);
  const list = known.map((one) => `--${one}`).join(', ');
  return `There is no option --${name}${near ? `; did you mean --${near}?` : '.'} It takes ${list}.`;
}

function checkValue(name: string, value: string, { choices, least }: Option): string | number {
  if (choices && !choices.includes(value))
    throw new UsageError(`--${name} is ${choices.join(' or ')}, not ${value}.`);
  if (least === undefined) return value;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least)
    throw new UsageError(`--${name} is a whole number, at least ${least}, not ${value}.`);
  return number;
}

/**
 * Parses the command line. Nothing is guessed: an unknown argument ends the command with exit code 2 and a sentence
 * that names the valid ones. `--help` lists the options and ends it with exit code 0. Both are thrown, and `main`
 * prints them.
 * @returns `values`: the options that were given; `names`: the positional arguments
 */
export function readCommand<C extends Command>(
  command: C,
  args: readonly string[] = process.argv.slice(2),
): { values: Values<C>; names: string[] } {
  const { options = {}, names: beside } = command;
  const fail = (sentence: string): never => {
    throw new UsageError(`${sentence} ${shownName(command)} -- --help explains them.`);
  };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries({ ...options, help: HELP }).map(([name, { value }]) => [
        name,
        { type: value ? 'string' : 'boolean', ...(name === 'help' && { short: 'h' }) },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help'))
    throw new HelpAsked(helpOf(command));
  const values: Record<string, string | number | true> = {};
  const names: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') names.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value, rawName } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) return fail(unknownOption(rawName.replace(/^-+/, ''), command));
    if (Object.hasOwn(values, name)) fail(`--${name} was given twice.`);
    if (!option.value) {
      if (value !== undefined) fail(`--${name} takes no value.`);
      values[name] = true;
    } else if (!value || (!token.inlineValue && value.startsWith('--')))
      fail(`--${name} needs a value: ${form(name, option)}.`);
    else values[name] = checkValue(name, value, option);
  }
  const { min = 1, max = 1 } = beside ?? { min: 0, max: 0 };
  if (names.length > max)
    fail(
      `It is not clear what ${names[max]} is for: options begin with --, and npm keeps those before a lone -- for itself.`,
    );
  if (beside && names.length < min) fail(`${beside.name} is missing: ${beside.text}.`);
  // each was read as its option says
  return { values: values as Values<C>, names };
}
