import { modelSchema, type PublishedModel } from '@/lib/catalogue';
import { type FamilyHints, type OfferedFile, recogniseFamily } from './hub/recognise-family';

/** What is known of a model that the user adds, beside its files. */
export interface AddedModel {
  /** `owner/name` on the hub, or the folder's name. */
  title: string;
  /** Empty for a folder. */
  repository: string;
  revision: string;
  files: readonly OfferedFile[];
  /** The parsed `config.json`, or `null`. */
  config: unknown;
  /** `null`: the source does not say. */
  licence: string | null;
  languages: readonly string[];
  /** See `FamilyHints`. */
  speakers?: FamilyHints['speakers'];
}

/** A language in BCP 47's short form: authors write other things there too. */
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
/** BCP 47 for several languages that are not named. */
const SEVERAL = 'mul';

/**
 * The catalogue's entry for a model that the user adds.
 * @param taken ids that other models have
 * @throws MODEL_UNSUPPORTED
 */
export function describeAdded(added: AddedModel, taken: ReadonlySet<string>): PublishedModel {
  const { title, repository, revision, config, licence } = added;
  // other files than ours can have any name
  const files = added.files.filter(({ path }) => /^[\w-]+(?:[./][\w-]+)*$/.test(path));
  const { family, backends } = recogniseFamily(files, config, { title, speakers: added.speakers });
  const name = title.split('/').at(-1) || title;
  const model: PublishedModel = {
    id: freeId(title, taken),
    name,
    description: repository
      ? `Added by you from ${repository}.`
      : 'Added by you from a folder of this device.',
    languages: languagesOf(name, added.languages),
    licence: licence ?? (repository ? 'see the repository' : 'not known'),
    credits: repository ? [repository] : [],
    family,
    repository,
    revision,
    scores: [],
    backends,
  };
  modelSchema.parse(model); // what is stored must be read again
  return model;
}

/** Names of models of one language end with it; otherwise what the author says. */
function languagesOf(name: string, declared: readonly string[]): string[] {
  if (/[.-]en$/i.test(name)) return ['en'];
  const known = declared.filter((language) => LANGUAGE.test(language));
  return known.length > 0 ? [...new Set(known)] : [SEVERAL];
}

/** The name as an id; with the owner, then with a number, when another model has it. */
function freeId(title: string, taken: ReadonlySet<string>): string {
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '');
  const short = slug(title.split('/').at(-1) ?? '') || 'model';
  const long = slug(title) || short;
  for (const id of [short, long]) if (!taken.has(id)) return id;
  let count = 2;
  while (taken.has(`${long}-${count}`)) count++;
  return `${long}-${count}`;
}
