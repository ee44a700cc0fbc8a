import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import type { Response } from '../../shared/api/contract.ts';
import { Id } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { Policy, PolicyKind, PolicyPlan, PolicyWish } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { Sha256, strictObject, text, validator } from '../../shared/schema.ts';
import { artifactPath, folders, pathsOf, singles } from '../policy-code/file-names.ts';
import { policySchemas } from '../policy-code/json-schemas.ts';
import { fingerprintOf, keyOf, objectsOf, type PolicyObject, policyOf } from '../policy-code/objects.ts';
import { documentIn } from '../policy-code/read-yaml.ts';
import { yamlOf } from '../policy-code/yaml-text.ts';
import { demandNoLink, documentsIn, filesIn, hasSettings, writeIn } from './folder-files.ts';

/** The lock file: which folder this is, and what it knows of the district it was last in step with. */
const statePath = '.rollcall/state.json';
const FolderState = strictObject({
  about: text(400),
  folder: Id,
  district: Sha256,
  known: Type.Record(text(320), Sha256),
});
type FolderState = Type.Static<typeof FolderState>;
const states = validator(FolderState);

const about =
  'What this folder knows of the server it was exported from or applied to. Commit it with the rest; rollcall writes it.';
const largestFile = 16 * 1_048_576;
const artifactFolder = 'lists/artifacts';

/** Documents with the file each is in. */
export interface ReadFolder {
  wish: Pick<PolicyWish, 'policy' | 'folder'>;
  /** Key → path within the folder. */
  files: ReadonlyMap<string, string>;
}

/** Writes what a server holds over an empty folder or an earlier export. Returns how many documents there are. */
export function writeFolder(
  folder: string,
  { policy, district, folder: id, names }: Response<Routes['exportPolicy']>,
  artifacts: ReadonlyMap<string, Uint8Array>,
): number {
  demandOurs(folder);
  const objects = objectsOf(policy);
  const paths = pathsOf(objects);
  const contents = new Map<string, string | Uint8Array>(
    objects.map((object) => {
      const path = paths.get(keyOf(object)) ?? '';
      return [path, yamlOf(object, path, new Map(Object.entries(names)))];
    }),
  );
  for (const [name, schema] of policySchemas()) contents.set(`schemas/${name}`, schema);
  for (const [hash, bytes] of artifacts) contents.set(artifactPath(hash), bytes);
  const before = readState(folder);
  for (const path of contents.keys()) demandNoLink(folder, path);
  clear(folder, contents);
  for (const [path, content] of contents) writeIn(folder, path, content);
  writeState(folder, { folder: before?.folder ?? id, district, known: knownOf(objects) });
  return objects.length;
}

/** Fingerprints of what was applied take the place of those it had; what waits stays as it was known. */
export function rememberApplied(
  folder: string,
  { wish }: ReadFolder,
  { id, district }: PolicyPlan['folder'],
  isDone: (key: string) => boolean,
): void {
  const objects = objectsOf(wish.policy);
  const before = wish.folder.district === district ? wish.folder.known : {};
  const after = knownOf(objects.filter((object) => isDone(keyOf(object))));
  const waiting = objects.filter((object) => !isDone(keyOf(object))).map(keyOf);
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => waiting.includes(key)));
  writeState(folder, { folder: id, district, known: { ...kept, ...after } });
}

function knownOf(objects: readonly PolicyObject[]): FolderState['known'] {
  return Object.fromEntries(objects.map((object) => [keyOf(object), fingerprintOf(object)]).sort());
}

function writeState(folder: string, state: Omit<FolderState, 'about'>): void {
  writeIn(folder, statePath, `${JSON.stringify({ about, ...state }, null, 2)}\n`);
}

/** Every document of a folder, each held to its schema; `bad-file` names file and line of the first that is wrong. */
export function readFolder(folder: string): ReadFolder {
  if (!isFolder(folder))
    throw new CodedError('bad-file', `${folder} is no folder. Make one: rollcall export ${folder}`);
  const found = [
    ...(Object.entries(folders) as [PolicyKind, string][]).flatMap(([kind, name]) =>
      documentsIn(folder, name, [artifactFolder]).map((path) => ({ kind, path })),
    ),
    ...(Object.entries(singles) as [PolicyKind, string][])
      .filter(([, name]) => hasSettings(folder, name))
      .map(([kind, path]) => ({ kind, path })),
  ];
  if (found.length === 0)
    throw new CodedError('bad-file', `${folder} holds no policy. Make it: rollcall export ${folder}`);
  const files = new Map<string, string>();
  const objects = found.map(({ kind, path }) => {
    const [object] = objectsOf(
      policyOf([{ kind, name: '', document: documentIn(path, readText(folder, path), kind) }]),
    );
    if (!object) throw new Error(`${path} came to nothing`);
    const other = files.get(keyOf(object));
    if (other !== undefined) throw new CodedError('bad-file', `${path}: ${other} is about the same ${kind}. Keep one.`);
    files.set(keyOf(object), path);
    return object;
  });
  return { wish: { policy: policyOf(objects), folder: folderOf(folder) }, files };
}

/** The compiled names of a list; `bad-file` where they are not in the folder. */
export function readArtifact(folder: string, { category, artifact }: Policy['lists'][number]): Uint8Array {
  const path = join(folder, artifactPath(artifact));
  if (existsSync(path)) return readFileSync(path);
  throw new CodedError(
    'bad-file',
    `lists/${category}.yaml names compiled names that are not here: ${artifactPath(artifact)}.`,
  );
}

function folderOf(folder: string): PolicyWish['folder'] {
  const state = readState(folder);
  // A folder that was written by hand has no memory, and knows of nothing.
  if (!state) return { id: null, district: null, known: {} };
  return { id: state.folder, district: state.district, known: state.known };
}

function readState(folder: string): FolderState | undefined {
  const path = join(folder, statePath);
  if (!existsSync(path)) return undefined;
  const state = parse(path);
  if (states.check(state)) return state;
  throw new CodedError(
    'bad-file',
    `${statePath} is damaged: ${states.problems(state)[0]}. Take an earlier one, or export again.`,
  );
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CodedError('bad-file', `${statePath} is no JSON: ${(error as Error).message}`, [], error);
  }
}

function demandOurs(folder: string): void {
  const isFree = !existsSync(folder) || (isFolder(folder) && readdirSync(folder).every((name) => name.startsWith('.')));
  if (isFree || existsSync(join(folder, statePath))) return;
  throw new CodedError(
    'bad-file',
    `${folder} holds something else. Export to an empty folder, or to an earlier export.`,
  );
}

/** What an earlier export wrote, and this one does not. */
function clear(folder: string, contents: ReadonlyMap<string, unknown>): void {
  const ours = [...Object.values(folders), artifactFolder].flatMap((name) =>
    filesIn(folder, name).map((file) => `${name}/${file}`),
  );
  for (const path of ours) if (/\.(yaml|names)$/.test(path) && !contents.has(path)) rmSync(join(folder, path));
}

function readText(folder: string, path: string): string {
  const whole = join(folder, path);
  if (statSync(whole).size > largestFile) throw new CodedError('too-large', `${path} is larger than 16 MB.`);
  return readFileSync(whole, 'utf8');
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
