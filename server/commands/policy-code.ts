import { createHash } from 'node:crypto';
import type { PolicyPlan, PolicyStep } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';
import { type ReadFolder, readArtifact, readFolder, rememberApplied, writeFolder } from './policy-folder.ts';

export interface ApplyFlags {
  dryRun: boolean;
  prune: boolean;
  overwrite: boolean;
  /** Most of what there is may be taken away. */
  yes: boolean;
  note: string;
}

/** `rollcall export DIR`: everything that is published as a folder of YAML. */
export async function exportPolicy(client: OperatorClient, folder: string, output: Output): Promise<void> {
  const exported = await client.call('exportPolicy');
  const artifacts = new Map<string, Uint8Array>();
  for (const { artifact } of exported.policy.lists) {
    const { bytes } = await client.call('readListArtifact', { params: { hash: artifact } });
    if (createHash('sha256').update(bytes).digest('hex') !== artifact)
      throw new CodedError('bad-list', `The compiled names ${artifact} arrived damaged. Try again.`);
    artifacts.set(artifact, bytes);
  }
  const documents = writeFolder(folder, exported, artifacts);
  output.result({ folder, documents }, `${documents} documents are in ${folder}.`);
}

/** `rollcall diff DIR [--prune]`: what applying would change; nothing is changed. */
export async function diffPolicy(
  client: OperatorClient,
  folder: string,
  { prune }: Pick<ApplyFlags, 'prune'>,
  output: Output,
): Promise<number> {
  const read = readFolder(folder);
  const plan = await client.call('diffPolicy', { body: { ...read.wish, prune } });
  output.result(plan, planWords(plan, read));
  return plan.problems.length > 0 ? exitCodes.refused : exitCodes.done;
}

/** `rollcall apply DIR`: makes the policy what the folder says. */
export async function applyPolicy(
  client: OperatorClient,
  folder: string,
  { dryRun, prune, overwrite, yes, note }: ApplyFlags,
  output: Output,
): Promise<number> {
  if (dryRun) return await diffPolicy(client, folder, { prune }, output);
  const read = readFolder(folder);
  const before = await client.call('diffPolicy', { body: { ...read.wish, prune } });
  demandSound(before, read, overwrite);
  await giveArtifacts(client, folder, read, before);
  const plan = await client.call('applyPolicy', { body: { ...read.wish, prune, overwrite, confirm: yes, note } });
  const done = new Set(plan.steps.filter(({ state }) => state === 'done').map(keyOf));
  rememberApplied(folder, read, plan.folder, (key) => done.has(key));
  output.result(plan, planWords(plan, read));
  return plan.steps.some(({ state }) => state === 'waits') ? exitCodes.confirm : exitCodes.done;
}

function demandSound({ problems, steps }: PolicyPlan, read: ReadFolder, overwrite: boolean): void {
  if (problems.length > 0)
    throw new CodedError(
      'bad-policy',
      undefined,
      problems.map((words) => withFile(words, read)),
    );
  const changed = steps.filter(({ changedHere }) => changedHere);
  if (changed.length === 0 || overwrite) return;
  throw new CodedError(
    'changed-meanwhile',
    'Nothing was applied: this was changed on the server since the folder was exported or last applied. Export again, or replace what is there with --overwrite.',
    changed.map((step) => `${step.kind} ${step.name}: ${changedWords(step)}`),
  );
}

async function giveArtifacts(
  client: OperatorClient,
  folder: string,
  { wish }: ReadFolder,
  plan: PolicyPlan,
): Promise<void> {
  const due = new Set(
    plan.steps
      .filter(({ kind, action }) => kind === 'list' && action !== 'unchanged' && action !== 'remove')
      .map(({ name }) => name),
  );
  for (const list of wish.policy.lists.filter(({ category }) => due.has(category))) {
    const upload = { bytes: readArtifact(folder, list), type: 'application/octet-stream' };
    await client.call('giveListArtifact', { params: { hash: list.artifact }, upload });
  }
}

const keyOf = ({ kind, name }: PolicyStep) => `${kind} ${name}`;

/** Problems begin with the object's key: people look for its file. */
function withFile(words: string, { files }: ReadFolder): string {
  const found = [...files].find(([key]) => words.startsWith(`${key}: `));
  return found ? `${found[1]}${words.slice(found[0].length)}` : words;
}

const signs = { create: '+', update: '~', remove: '-', unchanged: '=' } as const;
const isSingle = ({ kind, name }: PolicyStep) => kind === name;

function planWords(plan: PolicyPlan, read: ReadFolder): string {
  const changed = plan.steps.filter(({ action }) => action !== 'unchanged');
  const lines = changed.flatMap((step) => [
    `${signs[step.action]} ${isSingle(step) ? step.kind : `${step.kind} “${step.name}”`}: ${stepWords(step)}`,
    ...(step.changedHere ? [`    ${changedWords(step)}`] : []),
    ...step.differences.map((words) => `    ${words}`),
  ]);
  const unchanged = plan.steps.length - changed.length;
  return [
    ...plan.problems.map((words) => `problem: ${withFile(words, read)}`),
    ...plan.warnings.map((words) => `note: ${words}`),
    ...lines,
    `${unchanged} unchanged.`,
    ...previewWords(plan),
    ...changeWords(plan),
  ].join('\n');
}

const actionWords = {
  create: { planned: 'would be made', done: 'made', waits: 'waits to be made' },
  update: { planned: 'would change', done: 'changed', waits: 'waits to be changed' },
  remove: { planned: 'would be taken away', done: 'taken away', waits: 'waits to be taken away' },
  unchanged: { planned: 'unchanged', done: 'unchanged', waits: 'unchanged' },
} as const;

const stepWords = ({ action, state }: PolicyStep) => actionWords[action][state];

function changedWords({ changedHere }: PolicyStep): string {
  if (!changedHere) return '';
  const when = changedHere.at === null ? '' : ` on ${changedHere.at}`;
  return `changed on the server by ${changedHere.by}${when}`;
}

function previewWords({ preview }: PolicyPlan): string[] {
  if (!preview) return [];
  return [`It changes ${preview.devices} devices (${preview.percent} %) of ${preview.people} people.`];
}

function changeWords({ change }: PolicyPlan): string[] {
  if (!change) return [];
  if (change.published) return [`Published with the change ${change.id}.`];
  return [
    `The change ${change.id} waits, and what depends on it. Apply again once it is published.`,
    ...change.needs.map((words) => `    ${words}`),
  ];
}
