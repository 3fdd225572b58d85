import { parseArgs } from 'node:util';
import { PlainError } from './app.mjs';

/**
 * Options of a command, each with a value.
 * @template {string} K
 * @param {readonly K[]} names
 * @param {string} usage shown with a mistake
 * @returns {{[name in K]?: string}}
 */
export function readOptions(names, usage, args = process.argv.slice(2)) {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new PlainError(`${error.message}\n${usage}`);
  }
}
