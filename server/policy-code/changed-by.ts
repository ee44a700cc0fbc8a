import type { PolicyStep } from '../../shared/api/schemas.ts';
import type { EventStore } from '../store/events.ts';
import type { PolicyObject } from './objects.ts';

const codes = {
  calendar: ['calendar-saved', 'calendar-deleted'],
  compliance: ['compliance-policy-saved'],
  filter: ['filter-settings-saved'],
  publishing: ['publishing-saved', 'publishing-weakened'],
} as const;

/** Who changed an object last, as the events tell it. `unit`: what a calendar's unit is called. */
export async function changedBy(
  events: EventStore,
  { kind, name }: Pick<PolicyObject, 'kind' | 'name'>,
  { id, unit }: { id: string | undefined; unit: string | undefined },
): Promise<PolicyStep['changedHere']> {
  const row =
    kind === 'profile' || kind === 'group' || kind === 'list'
      ? await ofSubject(events, kind, id ?? name)
      : await events.newest(codes[kind], kind === 'calendar' ? (unit ?? '') : '');
  return row ? { by: row.actor, at: new Date(row.at).toISOString() } : { by: 'somebody', at: null };
}

async function ofSubject(events: EventStore, kind: string, id: string) {
  const { rows } = await events.page(1, undefined, { kind, id });
  return rows[0];
}
