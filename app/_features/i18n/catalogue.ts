import type { GetICUArgs } from '@schummar/icu-type-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import { createElement, Fragment, type ReactNode } from 'react';
import { ENGLISH, type Language } from './languages';

/** The features that have messages: a language translates each of them. */
export const FEATURES = [
  'account',
  'admin',
  'api-docs',
  'app',
  'dataset',
  'captions',
  'diagnostics',
  'inbox',
  'library',
  'models',
  'reader',
  'recording',
  'settings',
  'sharing',
  'shell',
  'sync',
  'ui',
] as const;
export type Feature = (typeof FEATURES)[number];

/** Messages by key, in ICU MessageFormat. */
export type Messages = Readonly<Record<string, string>>;

/** The same keys in another language: one that is missing or unknown does not compile. */
export type Translation<M extends Messages> = { readonly [K in keyof M]: string };

/** All messages of a language. */
export type Dictionary = Readonly<Record<Feature, Messages>>;

/** The typed arguments of a message, by name. */
type Values<Message extends string> = GetICUArgs<
  Message,
  { ICUArgument: string | number; ICUNumberArgument: number; ICUDateArgument: Date | number }
>;
/** If a key may stand for several messages: the arguments of all of them. */
type AllValues<Message extends string> = (
  Message extends string
    ? (values: Values<Message>) => void
    : never
) extends (values: infer All) => void
  ? All
  : never;
type Arguments<Message extends string> = keyof AllValues<Message> extends never
  ? []
  : [values: AllValues<Message>];

type TagNames<Message extends string> = Message extends `${string}</${infer Name}>${infer Rest}`
  ? Name | TagNames<Rest>
  : never;
/** Renders the elements of a message, such as `<b>…</b>`. */
type Tags<Message extends string> = Record<TagNames<Message>, (children: ReactNode) => ReactNode>;

/** A feature's texts in the language of the page. */
export interface Translate<M extends Messages> {
  <K extends keyof M & string>(key: K, ...values: Arguments<M[K]>): string;
  /** A text with elements in it. */
  rich<K extends keyof M & string>(key: K, values: Values<M[K]> & Tags<M[K]>): ReactNode;
}

let language: Language = ENGLISH;
let dictionary: Dictionary | null = null;
const formats = new Map<string, IntlMessageFormat>();

/** The language of the page: English until `activate` was called, and on the server. */
export const currentLanguage = (): Language => language;

/** Switches to another language; `null`: the messages in the source code. */
export function activate(next: Language, messages: Dictionary | null): void {
  language = next;
  dictionary = messages;
  formats.clear();
}

/**
 * The texts of a feature. Look them up when they are used, never when a module is loaded: the language may change
 * after that.
 * @param english the messages in the source code; also used on the server
 */
export function catalogue<const M extends Messages>(feature: Feature, english: M): Translate<M> {
  const format = (key: string, values: object): string | ReactNode[] => {
    const message = dictionary?.[feature][key] ?? english[key] ?? key;
    // most have no arguments
    if (!/[{<']/.test(message)) return message;
    let compiled = formats.get(message);
    if (!compiled) {
      // the same locale as for numbers outside of messages
      compiled = new IntlMessageFormat(message, formatLocale());
      formats.set(message, compiled);
    }
    // the arguments are typed by `Translate`
    return compiled.format(values as Record<string, string>);
  };
  const translate = (key: string, values: object = {}) => {
    const text = format(key, values);
    return marked(typeof text === 'string' ? [text] : text).join('');
  };
  const rich = (key: string, values: object) => {
    const elements = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'function' ? (inner: ReactNode[]) => value(inOrder(inner)) : value,
    ]);
    const text = format(key, Object.fromEntries(elements));
    // a message that is all in one tag is that element alone
    return inOrder(marked(Array.isArray(text) ? text : [text]));
  };
  // one signature for every key cannot be written without a cast
  return Object.assign(translate, { rich }) as unknown as Translate<M>;
}

/** Parts that never change places need no keys. */
function inOrder(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts);
}

/** In the pseudo-language a text stands in brackets and is half as long again, as longer languages are. */
function marked(text: readonly ReactNode[]): readonly ReactNode[] {
  if (language.tag !== 'en-XB') return text;
  const length = text.reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? part.length : 0),
    0,
  );
  return ['[', ...text, ' ', '~'.repeat(Math.ceil(length / 3)), ']'];
}

/**
 * The locale for numbers and dates: the browser's own variant of the page's language, if it has one (such as
 * British English or Austrian German).
 */
export function formatLocale(): string {
  const [tag = 'en'] = currentLanguage().tag.split('-');
  const wanted = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
  return wanted.find((one) => one.toLowerCase().split('-')[0] === tag) ?? tag;
}
