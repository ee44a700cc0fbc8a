import type { LiveTopic } from '../../shared/api/live.ts';
import type { BusEventName, BusEvents } from '../bus.ts';

/** Bus event → what the console shows of it. */
export const liveTopicsOf: { [N in BusEventName]?: (event: BusEvents[N]) => { topic: LiveTopic; id?: string }[] } = {
  'device-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'devices' },
    { topic: 'people' },
    { topic: 'tokens' },
    { topic: 'overview' },
  ],
  'roster-changed': () => [{ topic: 'people' }, { topic: 'orgs' }, { topic: 'overview' }],
  'policy-changed': () => [{ topic: 'profiles' }, { topic: 'profile' }, { topic: 'groups' }, { topic: 'lists' }],
  'draft-changed': ({ profileId }) => [{ topic: 'profiles' }, { topic: 'profile', id: profileId }],
  'desired-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'profile' },
  ],
  reported: ({ deviceId, kinds }) => [
    { topic: 'device', id: deviceId },
    ...(kinds.includes('reported') ? [{ topic: 'profile' as const }] : []),
    ...(kinds.includes('event') ? [{ topic: 'people' as const }] : []),
  ],
  'presence-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'devices' },
    { topic: 'overview' },
  ],
  'verdict-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'devices' },
    { topic: 'people' },
    { topic: 'overview' },
  ],
  'event-added': () => [{ topic: 'events' }, { topic: 'overview' }],
  'filter-changed': () => [{ topic: 'lists' }, { topic: 'filter' }],
  'overrides-changed': () => [{ topic: 'overrides' }, { topic: 'classes' }],
  'calendars-changed': () => [{ topic: 'calendars' }],
  'compliance-policy-changed': () => [{ topic: 'compliance' }],
  'waivers-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'waivers' },
    { topic: 'people' },
  ],
  'recovery-changed': () => [{ topic: 'recovery' }],
  'obligations-changed': () => [{ topic: 'obligations' }, { topic: 'people' }],
  'restrictions-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'restrictions' },
  ],
  'requests-changed': () => [{ topic: 'requests' }],
  'tokens-changed': () => [{ topic: 'tokens' }],
  'groups-changed': () => [{ topic: 'groups' }],
  'changes-changed': () => [{ topic: 'changes' }, { topic: 'profiles' }],
  'rollouts-changed': () => [{ topic: 'rollouts' }],
  'api-tokens-changed': () => [{ topic: 'api-tokens' }],
  'webhooks-changed': () => [{ topic: 'webhooks' }],
  'tickets-changed': ({ ticketIds }) => [
    ...ticketIds.slice(0, 50).map((id) => ({ topic: 'ticket' as const, id })),
    { topic: 'tickets' },
  ],
  'diagnosis-changed': ({ diagnosisId }) => [{ topic: 'diagnosis', id: diagnosisId }],
  'commands-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'commands' },
  ],
  'approvals-changed': () => [{ topic: 'approvals' }],
  'scripts-changed': () => [{ topic: 'scripts' }],
  'staff-changed': () => [{ topic: 'staff' }, { topic: 'security' }],
};
