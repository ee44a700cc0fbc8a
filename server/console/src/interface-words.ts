import type { ApiTokenView, DeliveryView, WebhookInput } from '../../../shared/api/schemas.ts';
import type { ApiScope } from '../../../shared/api/scopes.ts';

export const scopeTitles: Record<ApiScope, string> = {
  read: 'Read',
  'policy:write': 'Policy',
  'people:write': 'People',
  'devices:write': 'Devices',
  'compliance:write': 'Compliance',
  'helpdesk:write': 'Help desk',
  admin: 'Administration',
};

export const apiTokenStatusWords: Record<ApiTokenView['status'], string> = {
  live: 'In use',
  expired: 'Expired',
  revoked: 'Revoked',
};

export const webhookEventWords: Record<WebhookInput['events'][number], { title: string; words: string }> = {
  'verdict-changed': { title: 'A verdict changed', words: 'Of devices and people, up to a hundred in one delivery' },
  'rollout-halted': { title: 'A rollout was halted', words: 'By what devices report' },
  'device-silent': { title: 'A device is silent', words: 'It was not heard of for longer than allowed' },
  tamper: { title: 'Tampering', words: 'Something keeps changing a setting that is enforced' },
  'unblock-request': { title: 'An unblock request', words: 'Somebody asks on the block page' },
  'audit-head': {
    title: 'The end of the audit',
    words: 'Once a day, signed: keep it, and nobody can shorten or rewrite the audit unseen',
  },
};

/** `A rollout was halted, tampering` */
export const eventTitles = (events: WebhookInput['events']) =>
  events
    .map((event, place) => {
      const { title } = webhookEventWords[event];
      return place === 0 ? title : title.charAt(0).toLowerCase() + title.slice(1);
    })
    .join(', ');

export const eventTitle = (event: DeliveryView['event']) =>
  event === 'test' ? 'Test' : webhookEventWords[event].title;

export const deliveryStateWords: Record<DeliveryView['state'], string> = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  dead: 'Given up',
};
