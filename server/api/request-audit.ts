import type { IncomingHttpHeaders } from 'node:http';
import { accessRules } from '../../shared/api/access-rules.ts';
import type { FileAnswer } from '../../shared/api/contract.ts';
import { exportRoutes } from '../../shared/api/routes/exports.ts';
import type { RouteName } from '../../shared/api/routes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type Acting, actingAs } from '../audit/acting.ts';
import type { ExportQuota } from '../audit/export-quota.ts';
import type { Looks } from '../audit/looks.ts';
import type { Caller } from './guard.ts';

export interface RequestAuditParts {
  quota: ExportQuota;
  looks: Looks;
}

/** What is asked, as far as the audit goes by it. */
interface Asked {
  caller: Caller;
  params: unknown;
  query: unknown;
  body: unknown;
}

const quotaed = new Set<RouteName>([...(Object.keys(exportRoutes) as RouteName[]), 'exportAudit']);
const longestReason = 1000;

/** Does each request in the name of its caller, writes down each look at people’s records, and counts what is taken away. */
export class RequestAudit {
  readonly #parts: RequestAuditParts;

  constructor(parts: RequestAuditParts) {
    this.#parts = parts;
  }

  /** The answer is given away only when the look is on record. */
  async witness<T>(name: RouteName, asked: Asked, headers: IncomingHttpHeaders, work: () => Promise<T>): Promise<T> {
    const { quota, looks } = this.#parts;
    return await actingAs(actingOf(asked, headers), async () => {
      const answer = quotaed.has(name)
        ? ((await quota.within(whoOf(asked.caller), work as () => Promise<FileAnswer>)) as T)
        : await work();
      const { reads, ids } = accessRules[name];
      if (reads !== undefined) await looks.note({ name, reads, ids, asked, who: whoOf(asked.caller) });
      return answer;
    });
  }
}

function actingOf({ caller, body }: Asked, headers: IncomingHttpHeaders): Acting {
  const { actor, staff, token, session, address } = caller;
  const actorId = staff?.id ?? token?.id;
  const { roles } = caller.standing;
  const reason = headerText(headers, 'x-rollcall-reason') ?? ownReason(body);
  const ticketId = ticketOf(headers, body);
  return {
    actor,
    address,
    ...(actorId !== undefined && { actorId }),
    ...(roles.length > 0 && { role: [...new Set(roles)].join(', ') }),
    ...(session && { session: session.id }),
    ...(reason !== undefined && { reason }),
    ...(ticketId !== undefined && { ticketId }),
  };
}

/** One name for everything a caller does, in whatever session. */
function whoOf({ staff, token }: Caller): string {
  if (token) return `token ${token.id}`;
  return staff ? `staff ${staff.id}` : 'operator';
}

/** Percent-encoded UTF-8 (RFC 3986 section 2.1), since a header is ASCII. */
function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const [given] = [headers[name]].flat();
  if (given === undefined || given === '') return undefined;
  try {
    return decodeURIComponent(given).slice(0, longestReason);
  } catch (error) {
    throw new CodedError('bad-request', `${name}: write percent-encoded UTF-8.`, [], error);
  }
}

function ownReason(body: unknown): string | undefined {
  const { reason, purpose } = Object(body) as { reason?: unknown; purpose?: unknown };
  return [reason, purpose].find((one) => typeof one === 'string' && one !== '') as string | undefined;
}

function ticketOf(headers: IncomingHttpHeaders, body: unknown): string | undefined {
  const given = headerText(headers, 'x-rollcall-ticket') ?? (Object(body) as { ticketId?: unknown }).ticketId;
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(given)) return given;
  throw new CodedError('bad-request', 'x-rollcall-ticket: write the id of a ticket.');
}
