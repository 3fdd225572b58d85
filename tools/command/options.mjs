import { parseArgs } from 'node:util';
import { HelpAsked, UsageError } from './command.mjs';

/**
 * @typedef {object} Option
 * @property {string} text what it does, for the list of options
 * @property {string} [value] what stands for its value there (`FILE`); none: it is a switch
 * @property {readonly string[]} [choices] the values that it takes
 * @property {number} [least] its value is a whole number, at least this one
 *
 * @typedef {object} Command
 * @property {string} name `bench` for `npm run bench`
 * @property {string} text what the command does, in one line
 * @property {Record<string, Option>} [options]
 * @property {{name: string, text: string, min?: number, max?: number}} [names] what may stand beside
 *   the options (`ID`), and how many of it: one, unless said otherwise
 * @property {readonly string[]} [notes] more lines for the list
 */

const HELP = { text: 'shows this list' };

/** npm has short forms for two of its scripts. */
const shownName = ({ name }) =>
  name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`;

const form = (name, { value }) => `--${name}${value ? ` ${value}` : ''}`;

/** How a command is called, and each of its options in a line. @param {Command} command */
export function helpOf(command) {
  const { text, options = {}, names, notes = [] } = command;
  const optional = names?.min === 0;
  const beside = names ? ` ${optional ? `[${names.name}]` : names.name}` : '';
  const rows = Object.entries({ ...options, help: HELP }).map(([name, option]) => [
    form(name, option),
    option.choices ? `${option.text}: ${option.choices.join(', ')}` : option.text,
  ]);
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
function distance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries())
      next.push(
        Math.min(row[index + 1] + 1, next[index] + 1, row[index] + (letter === other ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1);
}

/** What may have been meant by a name that is none. */
function meant(name, known) {
  const [best] = known.map((one) => [distance(name, one), one]).sort(([a], [b]) => a - b);
  return best && best[0] <= Math.max(2, Math.floor(name.length / 3)) ? best[1] : null;
}

function unknownOption(name, { options = {} }) {
  const known = [...Object.keys(options), 'help'];
  const near = meant(name, known);
  const list = known.map((one) => `--${one}`).join(', ');
  return `There is no option --${name}${near ? `; did you mean --${near}?` : '.'} It takes ${list}.`;
}

function checkValue(name, value, { choices, least }) {
  if (choices && !choices.includes(value))
    throw new UsageError(`--${name} is ${choices.join(' or ')}, not ${value}.`);
  if (least === undefined) return value;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least)
    throw new UsageError(`--${name} is a whole number, at least ${least}, not ${value}.`);
  return number;
}

/**
 * Reads how a command was called. Nothing is guessed: what it does not know ends it, with exit code 2
 * and a sentence that names what there is. `--help` lists the options and ends it with exit code 0.
 * Both are thrown, and `main` tells them.
 * @param {Command} command
 * @param {readonly string[]} [args]
 * @returns {{values: Record<string, any>, names: string[]}} `values`: text, a number where `least` is
 *   given, `true` for a switch; only what was given
 */
export function readCommand(command, args = process.argv.slice(2)) {
  const { options = {}, names: beside } = command;
  const fail = (sentence) => {
    throw new UsageError(`${sentence} ${shownName(command)} -- --help explains them.`);
  };
  const parsed = Object.entries({ ...options, help: HELP }).map(([name, { value }]) => [
    name,
    { type: value ? 'string' : 'boolean', ...(name === 'help' && { short: 'h' }) },
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(parsed),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (tokens.some(({ kind, name }) => kind === 'option' && name === 'help'))
    throw new HelpAsked(helpOf(command));
  const values = {};
  const names = [];
  for (const token of tokens) {
    if (token.kind === 'positional') names.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value, rawName } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) fail(unknownOption(rawName.replace(/^-+/, ''), command));
    if (Object.hasOwn(values, name)) fail(`--${name} was given twice.`);
    if (
      option.value &&
      (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--')))
    )
      fail(`--${name} needs a value: ${form(name, option)}.`);
    if (!option.value && value !== undefined) fail(`--${name} takes no value.`);
    values[name] = option.value ? checkValue(name, value, option) : true;
  }
  const { min = beside ? 1 : 0, max = beside ? 1 : 0 } = beside ?? {};
  if (names.length > max)
    fail(
      `It is not clear what ${names[max]} is for: options begin with --, and npm keeps those before a lone -- for itself.`,
    );
  if (names.length < min) fail(`${beside.name} is missing: ${beside.text}.`);
  return { values, names };
}
