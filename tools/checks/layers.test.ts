// Components get what is stored from hooks and commands of their feature; types are theirs to import.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const features = join(import.meta.dirname, '..', '..', 'app', '_features');

/** Functions that a source imports from the store, by name; constants open nothing. */
function storeFunctions(source: string): string[] {
  const imports = source.matchAll(/import (type )?\{([^}]*)\} from '@\/lib\/client\/store'/g);
  return [...imports]
    .flatMap(([, type, names = '']) => (type ? [] : names.split(',')))
    .map((name) => name.trim())
    .filter((name) => /^[a-z]\w*$/.test(name));
}

it('no component opens the database', () => {
  const components = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.test)\.tsx$/.test(file),
  );
  expect(components.length).toBeGreaterThan(50);
  const found = components.filter(
    (file) => storeFunctions(readFileSync(join(features, file), 'utf8')).length > 0,
  );
  expect(found).toEqual([]);
});
