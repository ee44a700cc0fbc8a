import { verdictsPerDelivery, type WebhookEvent, type WebhookPayload } from '../../shared/api/webhook-events.ts';
import type { Noticed, NoticedVerdict } from '../store/webhook-notices.ts';

type Payload = { [E in WebhookEvent]: WebhookPayload<E> }[WebhookEvent];

const iso = (ms: number) => new Date(ms).toISOString();

/** What webhooks are told of what was noticed, in the order of its kinds. Pure. */
export function payloadsOf({ verdicts, tampers, requests, halts, heads }: Noticed, now: number): Payload[] {
  return [
    ...verdictPayloads(verdicts, now),
    ...verdicts.filter(({ kind, state }) => kind === 'device' && state === 'silent').map(silentPayload),
    ...tampers.map(({ deviceId, findingId, at }) => {
      const data = { deviceId, findingId, openedAt: iso(at) };
      return { type: 'tamper' as const, timestamp: iso(at), data };
    }),
    ...requests.map(({ at, dueAt, ...request }) => {
      const data = { ...request, askedAt: iso(at), dueAt: iso(dueAt) };
      return { type: 'unblock-request' as const, timestamp: iso(at), data };
    }),
    ...halts.map(({ at, ...data }) => ({ type: 'rollout-halted' as const, timestamp: iso(at), data })),
    ...heads.map((head) => ({ type: 'audit-head' as const, timestamp: head.at, data: head })),
  ];
}

function verdictPayloads(verdicts: readonly NoticedVerdict[], now: number): Payload[] {
  const pieces = Array.from({ length: Math.ceil(verdicts.length / verdictsPerDelivery) }, (_, piece) =>
    verdicts.slice(piece * verdictsPerDelivery, (piece + 1) * verdictsPerDelivery),
  );
  return pieces.map((piece) => ({
    type: 'verdict-changed',
    timestamp: iso(now),
    data: {
      verdicts: piece.map(({ kind, subjectId, state, before, at }) => ({
        subject: { kind, id: subjectId },
        state,
        before,
        since: iso(at),
      })),
    },
  }));
}

function silentPayload({ subjectId, at }: NoticedVerdict): Payload {
  return { type: 'device-silent', timestamp: iso(at), data: { deviceId: subjectId, since: iso(at) } };
}
