import type { webhookRoutes } from '../../shared/api/routes/webhooks.ts';
import type { ApiTokenView, DeliveryView, WebhookView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago } from './console-district.ts';

const day = 86_400_000;

const token = (id: string, given: Partial<ApiTokenView>): ApiTokenView => ({
  id,
  name: 'pipeline',
  scopes: ['read', 'policy:write'],
  createdAt: ago(40 * day),
  createdBy: 'staff:Ada Byrne',
  expiresAt: ago(-50 * day),
  orgId: null,
  lastUsedAt: ago(20 * 60_000),
  status: 'live',
  ...given,
});

/** API tokens of the console's stand-in. */
export function apiTokenAnswers(): Pick<Answers, 'listApiTokens' | 'createApiToken' | 'revokeApiToken'> {
  const tokens = [
    token('at1', {}),
    token('at2', { name: 'help desk', scopes: ['read', 'helpdesk:write'], lastUsedAt: null, createdAt: ago(2 * day) }),
    token('at3', { name: 'roster nightly', scopes: ['people:write'], status: 'expired', expiresAt: ago(9 * day) }),
    token('at4', { name: 'old dashboard', scopes: ['read'], status: 'revoked', createdBy: 'command line' }),
  ];
  return {
    listApiTokens: () => ({ items: tokens, total: tokens.length, nextCursor: null }),
    createApiToken: ({ body }) => {
      if (tokens.some(({ name, status }) => status === 'live' && name === body.name))
        throw new CodedError('conflict', `There is a token called ${body.name}. Take another name or revoke it first.`);
      const { name, scopes, expiresInDays } = body;
      const expiresAt = ago(-expiresInDays * day);
      const made = token(`at${tokens.length + 1}`, { name, scopes, expiresAt, createdAt: ago(0), lastUsedAt: null });
      tokens.unshift(made);
      return { secret: 'rct_kZ3mQ1xT8vLr5nYw2cBf9hJd7sGp4uEa6oRi0tXqMNVABCDEF', token: made };
    },
    revokeApiToken: ({ params }) => {
      const found = tokens.find(({ id }) => id === params.id);
      if (!found) throw new CodedError('not-found');
      found.status = 'revoked';
      return { done: true };
    },
  };
}

const hour = 3_600_000;

const webhook = (id: string, given: Partial<WebhookView>): WebhookView => ({
  id,
  name: 'Help desk',
  url: 'https://desk.lindenfield.example/hooks/rollcall',
  events: ['unblock-request', 'tamper'],
  active: true,
  createdAt: ago(60 * day),
  createdBy: 'staff:Ada Byrne',
  problem: null,
  waiting: 1,
  dead: 1,
  deliveredAt: ago(4 * 60_000),
  oldSecretUntil: null,
  ...given,
});

const delivery = (id: string, given: Partial<DeliveryView>): DeliveryView => ({
  id,
  webhookId: 'wh1',
  event: 'unblock-request',
  at: ago(4 * 60_000),
  state: 'delivered',
  attempts: 1,
  nextAt: null,
  lastAt: ago(4 * 60_000),
  lastStatus: 204,
  lastProblem: null,
  body: `{"type":"unblock-request","timestamp":"${ago(4 * 60_000)}","data":{"requestId":"r1","deviceId":"dev0"}}`,
  ...given,
});

/** Webhooks and their deliveries of the console's stand-in. */
export function webhookAnswers(): Pick<Answers, keyof typeof webhookRoutes> {
  const webhooks = [
    webhook('wh1', {}),
    webhook('wh2', {
      ...{
        name: 'Operations chat',
        url: 'https://chat.lindenfield.example/in/8f21',
        active: false,
        waiting: 12,
        dead: 340,
      },
      ...{ events: ['rollout-halted', 'device-silent', 'verdict-changed'], deliveredAt: ago(4 * day) },
      problem: 'Nothing could be delivered for three days. It answered with status 502.',
    }),
  ];
  const deliveries = [
    delivery('msg_1', {}),
    delivery('msg_2', {
      ...{ event: 'tamper', state: 'waiting', attempts: 3, nextAt: ago(-9 * 60_000), lastStatus: 503, at: ago(hour) },
      lastProblem: 'It answered with status 503.',
    }),
    delivery('msg_3', {
      ...{ state: 'dead', attempts: 14, lastStatus: null, at: ago(2 * day), lastAt: ago(day) },
      lastProblem: 'It did not answer within 10 seconds.',
    }),
  ];
  const found = (id: string) => {
    const one = webhooks.find((each) => each.id === id);
    if (!one) throw new CodedError('not-found');
    return one;
  };
  const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDpeJn2rSbQ0s=';
  return {
    listWebhooks: () => ({ items: webhooks }),
    createWebhook: ({ body }) => {
      if (!body.url.startsWith('https:'))
        throw new CodedError(
          'bad-webhook',
          'The address begins with http://. Take https://, or set privateWebhooks in config.yaml.',
        );
      const fresh = { waiting: 0, dead: 0, deliveredAt: null, createdAt: ago(0) };
      const made = webhook(`wh${webhooks.length + 1}`, { ...body, ...fresh });
      webhooks.push(made);
      return { webhook: made, secret };
    },
    readWebhook: ({ params }) => found(params.id),
    saveWebhook: ({ params, body }) => Object.assign(found(params.id), body, body.active ? { problem: null } : {}),
    deleteWebhook: ({ params }) => {
      webhooks.splice(webhooks.indexOf(found(params.id)), 1);
      return { done: true };
    },
    rotateWebhookSecret: ({ params }) => {
      const oldSecretUntil = ago(-day);
      found(params.id).oldSecretUntil = oldSecretUntil;
      return { secret, oldSecretUntil };
    },
    testWebhook: ({ params }) => {
      const made = delivery(`msg_${deliveries.length + 1}`, { webhookId: params.id, event: 'test', at: ago(0) });
      deliveries.unshift(made);
      return made;
    },
    listDeliveries: ({ params, query }) => {
      const own = deliveries.filter(({ webhookId }) => webhookId === params.id);
      const items = own.filter(({ state }) => query.state === undefined || state === query.state);
      return { items, total: items.length, nextCursor: null };
    },
    redeliver: ({ params }) => {
      const one = deliveries.find(({ id }) => id === params.id);
      if (!one) throw new CodedError('not-found');
      return Object.assign(one, { state: 'waiting', attempts: 0, nextAt: ago(0) });
    },
  };
}
