import type { RequestBody, Response } from './contract.ts';
import type { RouteName, Routes } from './routes.ts';

type Examples = { [K in RouteName]?: { body?: RequestBody<Routes[K]>; answer?: Response<Routes[K]> } };

const webhook = {
  name: 'Help desk',
  url: 'https://desk.maple-county.example/rollcall',
  events: ['unblock-request' as const, 'tamper' as const],
  active: true,
};
const token = { name: 'policy pipeline', scopes: ['read' as const, 'policy:write' as const] };

/** For the documentation; a test holds each against its schema. */
export const examples: Examples = {
  createApiToken: {
    body: { ...token, expiresInDays: 90 },
    answer: {
      secret: 'rct_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXYYYYYY',
      token: {
        id: '8d1f3c52-6f0a-4f27-9b77-0c8f2f1f4c11',
        ...token,
        orgId: null,
        createdAt: '2026-10-05T14:00:00.000Z',
        createdBy: 'staff:Ada Admin',
        expiresAt: '2027-01-03T14:00:00.000Z',
        lastUsedAt: null,
        status: 'live',
      },
    },
  },
  createWebhook: {
    body: webhook,
    answer: {
      secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      webhook: {
        id: '2f6c9a0e-5d1b-4c39-8f64-3b0f6d2a7e90',
        ...webhook,
        createdAt: '2026-10-05T14:00:00.000Z',
        createdBy: 'staff:Ada Admin',
        problem: null,
        waiting: 0,
        dead: 0,
        deliveredAt: null,
        oldSecretUntil: null,
      },
    },
  },
  createProfile: { body: { name: 'Student browsers', description: 'What every student device gets.' } },
  createToken: { body: { maxUses: 30, expiresInSeconds: 604_800, label: 'Room 12' } },
  decideRequest: { body: { outcome: 'granted', reason: 'Your teacher agrees.', minutes: 60 } },
  countReach: {
    body: {
      selector: {
        kind: 'all',
        of: [
          { kind: 'role', role: 'student' },
          { kind: 'grade', grade: '07' },
        ],
      },
    },
  },
};
