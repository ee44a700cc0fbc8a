import { createHash } from 'node:crypto';
import type { AccessRule } from '../../shared/api/access-rules.ts';
import type { RouteName } from '../../shared/api/routes.ts';
import { lookCode } from '../../shared/audit/reads.ts';
import type { Clock } from '../../shared/clock.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { EventLog, NewEvent } from '../services.ts';

/** Somebody gets to see records of people. */
export interface Look {
  name: RouteName;
  /** What of them, as the access rule words it. */
  reads: string;
  ids: AccessRule['ids'];
  asked: {
    caller: { actor: string; session?: { id: string } | undefined };
    params: unknown;
    query: unknown;
    body: unknown;
  };
  who: string;
}

export interface LooksParts {
  events: EventLog;
  clock: Clock;
  /** Which device a diagnosis, or a request for a recovery key, is about. */
  deviceOf: (kind: 'diagnosis' | 'recovery-request', id: string) => Promise<string | undefined>;
}

/** Pages follow what happens by themselves, and reload: within this time that is one look. */
const oneLookMs = 10 * 60_000;
const mostRemembered = 20_000;
const longestSearch = 300;

/**
 * Writes an event for each look. The same session, route and object (a list: the same filters and page) within ten minutes are
 * one look; a restart forgets that, and writes one more.
 */
export class Looks {
  readonly #parts: LooksParts;
  /** When each was last written down, oldest first. */
  readonly #written = new Map<string, number>();

  constructor(parts: LooksParts) {
    this.#parts = parts;
  }

  async note(look: Look): Promise<void> {
    const { name, who, asked } = look;
    const body = createHash('sha256').update(canonicalJson(asked.body)).digest('base64url');
    const key = canonicalJson([who, asked.caller.session?.id ?? '', name, asked.params, asked.query, body]);
    const now = this.#parts.clock.now();
    const last = this.#written.get(key);
    if (last !== undefined && now >= last && now - last < oneLookMs) return;
    await this.#parts.events.add({ ...eventOf(look), ...(await this.#subject(look)) });
    this.#written.delete(key);
    this.#written.set(key, now);
    for (const oldest of this.#written.keys()) {
      if (this.#written.size <= mostRemembered) break;
      this.#written.delete(oldest);
    }
  }

  /** The person, device or ticket whose id is in the path or the body, as the access rule says; else of whom a list was asked. */
  async #subject({ ids, asked }: Look): Promise<Pick<NewEvent, 'subject'>> {
    for (const [place, kind] of Object.entries(ids ?? {})) {
      const [from, field = ''] = place.split('.');
      const id = from === 'query' ? undefined : fieldsOf(from === 'body' ? asked.body : asked.params)[field];
      if (typeof id !== 'string') continue;
      if (kind === 'person' || kind === 'device' || kind === 'ticket') return { subject: { kind, id } };
      const device =
        kind === 'diagnosis' || kind === 'recovery-request' ? await this.#parts.deviceOf(kind, id) : undefined;
      if (device !== undefined) return { subject: { kind: 'device', id: device } };
    }
    return listed(fieldsOf(asked.query));
  }
}

/** A list of what is about one person or device is a look at them. */
function listed({ person, device }: Record<string, unknown>): Pick<NewEvent, 'subject'> {
  if (typeof person === 'string') return { subject: { kind: 'person', id: person } };
  return typeof device === 'string' ? { subject: { kind: 'device', id: device } } : {};
}

function eventOf({ reads, asked }: Look): NewEvent {
  const query = fieldsOf(asked.query);
  const filters = Object.entries(query).filter(([field]) => field !== 'limit' && field !== 'cursor');
  const said = filters.map(([field, value]) => `${field} “${value}”`).join(', ');
  const further = 'cursor' in query ? ', a further page' : '';
  const how = said === '' ? '' : ` (${said.slice(0, longestSearch)})`;
  return { actor: asked.caller.actor, code: lookCode, words: `Looked at ${reads}${how}${further}.` };
}

function fieldsOf(asked: unknown): Record<string, unknown> {
  return Object(asked) as Record<string, unknown>;
}
