import type { Permission } from './permissions.ts';

/**
 * What an id in a request may be of, with the permission by which one sees it: an object outside the caller's units that
 * the caller does not even see is answered as one that does not exist.
 */
export const objectKinds = {
  org: 'compliance:read',
  person: 'people:read',
  device: 'devices:read',
  class: 'classes:read',
  override: 'overrides:read',
  request: 'requests:read',
  waiver: 'compliance:read',
  obligation: 'people:read',
  ticket: 'tickets:read',
  /** A ticket with the device it is about. */
  'ticket-device': 'tickets:read',
  diagnosis: 'diagnoses:read',
  command: 'commands:read',
  approval: 'approvals:read',
  'recovery-key': 'devices:read',
  'recovery-request': 'devices:read',
  'enrolment-token': 'enrolment:manage',
  'api-token': 'api-tokens:make',
} as const satisfies Record<string, Permission>;
export type ObjectKind = keyof typeof objectKinds;
