import type { ChangeSummary, ChangeView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { allPages, type OperatorClient } from './client.ts';
import { type Output, table } from './output.ts';

export const changeActs = ['list', 'show', 'approve', 'reject', 'publish'] as const;
export type ChangeAct = (typeof changeActs)[number];

interface Wish {
  id: string | undefined;
  /** What is said with a decision, or why it goes out in a freeze. */
  reason: string | undefined;
}

/** `rollcall change …`: the operator reviews as a second person, for a district with a single account. */
export async function change(client: OperatorClient, act: ChangeAct, wish: Wish, output: Output): Promise<void> {
  if (act === 'list') return await list(client, output);
  if (!wish.id) throw new CodedError('bad-request', 'Name the change by its id: rollcall change list shows them.');
  const view = await done(client, act, wish.id, wish.reason);
  output.result(view, inWords(view));
}

async function done(
  client: OperatorClient,
  act: Exclude<ChangeAct, 'list'>,
  id: string,
  reason: string | undefined,
): Promise<ChangeView> {
  const params = { id };
  switch (act) {
    case 'show':
      return await client.call('readChange', { params });
    case 'approve':
      return await client.call('decideChange', { params, body: { decision: 'approved', words: reason ?? '' } });
    case 'reject':
      return await client.call('decideChange', { params, body: { decision: 'rejected', words: reason ?? '' } });
    case 'publish':
      return await client.call('publishChange', { params, body: reason ? { despiteFreeze: reason } : {} });
  }
}

async function list(client: OperatorClient, output: Output): Promise<void> {
  const changes = await Array.fromAsync(
    allPages((cursor) => client.call('listChanges', { query: { limit: 200, ...(cursor ? { cursor } : {}) } })),
  );
  output.result(changes, table(['CHANGE', 'STATE', 'DEVICES', 'NEEDS', 'BY', 'ID'], changes.map(row)));
}

function row({ title, state, devices, needs, by, id }: ChangeSummary): string[] {
  return [title, state, String(devices), needs.join(', '), by, id];
}

function inWords({ change: about, note, preview, requirements, hindrances }: ChangeView): string {
  const { title, state, by, devices, people, percent, items } = about;
  return [
    `${title} (${state}), proposed by ${by}${note === '' ? '' : `: ${note}`}`,
    `Changes ${devices} devices (${percent} %) of ${people} people: ${items.map(({ name }) => name).join(', ')}`,
    ...preview.settings.map(({ words }) => `  ${words}`),
    ...requirements.map(({ why, metBy }) => `${metBy === null ? 'Needed' : `Given by ${metBy}`}: ${why}`),
    ...hindrances.map((words) => `Hinders: ${words}`),
  ].join('\n');
}
