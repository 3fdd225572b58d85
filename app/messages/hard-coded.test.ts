import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';

const app = join(import.meta.dirname, '..');

/** A node of the syntax tree. */
type Node = { type: string; start: number; [field: string]: unknown };

/** Names, and units that are the same in every language. */
const SAME_EVERYWHERE = /^(AI2Text|API|WebGPU|WASM|Draft|Samsung Internet)$/;
/** Attributes whose text is read or heard. */
const READ = /^(aria-label|aria-valuetext|title|label|placeholder|alt|hint|missing|waiting)$/;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

/** Text that people would read as a sentence or a name: not a class, a path or a key. */
function isSentence(text: string): boolean {
  const words = text.trim();
  return (
    /^[A-Z][a-z]+[ ,.:?…]+\S|^[a-z]+ [a-z’]+ [a-z]+.*[.?]$/.test(words) && /[a-z] /.test(words)
  );
}

/** Where a file has text of its own. */
function textsIn(path: string, source: string): string[] {
  const found: string[] = [];
  const note = (text: string) => {
    const words = text.trim();
    if (/[A-Za-z]{2}/.test(words) && !SAME_EVERYWHERE.test(words)) found.push(words);
  };
  const visit = (node: Node, parent: Node | null): void => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'TSLiteralType':
        return;
      case 'CallExpression':
      case 'NewExpression': {
        // what developers read: the console, and the message of an error
        const callee = source.slice(node.start, (node.callee as Node).end as number);
        if (/console\.|Error$/.test(callee)) return;
        break;
      }
      case 'JSXAttribute': {
        const name = (node.name as Node).name;
        const value = node.value as Node | null;
        if (typeof name === 'string' && READ.test(name) && value?.type === 'Literal')
          note(String(value.value));
        if (name === 'className') return;
        break;
      }
      case 'JSXText':
        note(String(node.value));
        break;
      case 'Literal':
        if (
          typeof node.value === 'string' &&
          parent?.type !== 'JSXAttribute' &&
          isSentence(node.value)
        )
          note(node.value);
        break;
      case 'TemplateElement': {
        const { raw } = node.value as { raw: string };
        if (isSentence(raw)) note(raw);
        break;
      }
    }
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child)) visit(child, node);
  };
  visit(parseSync(path, source).program as unknown as Node, null);
  return found;
}

const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter(
  (file) =>
    /\.tsx?$/.test(file) &&
    // routes are for programs
    !/^api\/|(^|\/)messages\/|\.test\.ts|\/test-|test-data/.test(file),
);

it('finds text that lies outside the catalogues', () => {
  expect(textsIn('a.tsx', 'const a = <p title="Go on">Hello {b}</p>;')).toEqual(['Go on', 'Hello']);
  expect(textsIn('a.ts', "showToast({ text: 'The file was removed.' });")).toHaveLength(1);
  expect(textsIn('a.tsx', '<p className="Flex me">{t("key")}</p>;')).toEqual([]);
});

it('every text that users read lies in a catalogue', () => {
  const texts = files.flatMap((file) =>
    textsIn(file, readFileSync(join(app, file), 'utf8')).map((text) => `${file}: ${text}`),
  );
  expect(texts).toEqual([]);
});

it('no text is looked up before the language is known', () => {
  // at the top of a module, or in what it keeps: only functions may ask for texts
  const early = files
    .filter((file) => !/(page|layout|manifest)\.tsx?$/.test(file))
    .filter((file) => callsAtTop(file, readFileSync(join(app, file), 'utf8')));
  expect(early).toEqual([]);
});

function callsAtTop(path: string, source: string): boolean {
  const visit = (node: Node): boolean => {
    if (/Function/.test(node.type)) return false;
    if (node.type === 'CallExpression' && (node.callee as Node).name === 't') return true;
    return Object.values(node).some((value) =>
      (Array.isArray(value) ? value : [value]).some((child) => isNode(child) && visit(child)),
    );
  };
  return visit(parseSync(path, source).program as unknown as Node);
}
