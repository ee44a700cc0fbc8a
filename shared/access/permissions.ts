import type { Role } from './roles.ts';

/** What a member of staff may do, each with its words for people. A route names one of them (`shared/api/access-rules.ts`). */
export const permissionWords = {
  'people:read': 'see people and how they stand',
  'people:change': 'record what people owe',
  'people:import': 'import rosters',
  'people:erase': 'erase what is kept of people who have left',
  'devices:read': 'see devices',
  'devices:change': 'give out, take back, tag, approve and revoke devices',
  'enrolment:manage': 'make enrolment tokens',
  'compliance:read': 'see compliance, exceptions and restrictions',
  'compliance:change': 'change the compliance policy and exceptions',
  'reports:read': 'make reports and exports',
  'activity:read': 'read what was recorded of one person’s browsing',
  'policy:read': 'see profiles, groups, changes and rollouts',
  'policy:draft': 'draft and propose policy',
  'policy:approve': 'approve or reject policy',
  'policy:publish': 'publish policy and steer rollouts',
  'filter:read': 'see the categories of the web filter and test names',
  'filter:change': 'change filter lists and calendars',
  'classes:read': 'see classes',
  'overrides:read': 'see what is opened or closed for a time',
  'overrides:manage': 'open and close sites for a time',
  'requests:read': 'see unblock requests',
  'requests:decide': 'decide unblock requests',
  'tickets:read': 'see tickets',
  'tickets:open': 'open tickets and write to them',
  'tickets:work': 'work on tickets',
  'diagnoses:read': 'see what diagnoses found',
  'diagnoses:run': 'look at a device for a ticket',
  'commands:read': 'see commands and scripts',
  'commands:give': 'tell devices to do something',
  'approvals:read': 'see what waits for signatures',
  'approvals:sign': 'sign dangerous commands',
  'approvals:reject': 'reject what waits for signatures',
  'scripts:write': 'draft scripts',
  'approvers:change': 'propose other approvers',
  'recovery:ask': 'ask for recovery keys',
  'recovery:decide': 'decide who reads a recovery key',
  'escrow:manage': 'change the key that recovery keys are sealed for',
  'settings:change': 'change the settings of the district',
  'programs:manage': 'manage webhooks and every API token',
  'api-tokens:make': 'make API tokens',
  'staff:read': 'see accounts and roles',
  'staff:manage': 'manage accounts and roles',
  'audit:read': 'read the audit',
} as const;
export type Permission = keyof typeof permissionWords;
export const permissions = Object.keys(permissionWords) as Permission[];

/**
 * How far a permission goes: over the units of the grant and all below them, or only over what is one's own: oneself,
 * classes one teaches with their students and what those hold, and what one opened.
 */
export type Reach = 'units' | 'own';

/** What each role holds. An owner holds everything. */
const held: Record<Role, { units: readonly Permission[]; own?: readonly Permission[] }> = {
  owner: { units: permissions },
  'policy-author': {
    units: [
      'policy:read',
      'policy:draft',
      'filter:read',
      'filter:change',
      'compliance:read',
      'compliance:change',
      'devices:read',
      'commands:read',
      'scripts:write',
    ],
  },
  approver: {
    units: [
      'policy:read',
      'policy:approve',
      'policy:publish',
      'filter:read',
      'compliance:read',
      'devices:read',
      'commands:read',
      'approvals:read',
      'approvals:sign',
      'approvals:reject',
      'recovery:decide',
    ],
  },
  helpdesk: {
    units: [
      'people:read',
      'people:change',
      'devices:read',
      'devices:change',
      'enrolment:manage',
      'compliance:read',
      'policy:read',
      'filter:read',
      'classes:read',
      'overrides:read',
      'overrides:manage',
      'requests:read',
      'requests:decide',
      'tickets:read',
      'tickets:open',
      'tickets:work',
      'diagnoses:read',
      'diagnoses:run',
      'commands:read',
      'commands:give',
      'recovery:ask',
    ],
    own: ['approvals:read', 'approvals:reject'],
  },
  principal: {
    units: [
      'people:read',
      'devices:read',
      'compliance:read',
      'reports:read',
      'filter:read',
      'classes:read',
      'overrides:read',
      'requests:read',
      'tickets:read',
    ],
  },
  teacher: {
    units: ['filter:read'],
    own: ['classes:read', 'overrides:read', 'overrides:manage', 'tickets:read', 'tickets:open'],
  },
  auditor: {
    units: permissions.filter((name) => name.endsWith(':read')),
  },
  reader: {
    units: ['people:read', 'devices:read', 'compliance:read', 'classes:read', 'tickets:read', 'api-tokens:make'],
  },
};

/** How far a role goes with a permission; undefined: it does not hold it. */
export function reachOf(role: Role, permission: Permission): Reach | undefined {
  if (held[role].units.includes(permission)) return 'units';
  return held[role].own?.includes(permission) ? 'own' : undefined;
}

/** The roles with a permission, for words that say whom to ask. */
export function rolesWith(permission: Permission): Role[] {
  return (Object.keys(held) as Role[]).filter((role) => reachOf(role, permission) !== undefined);
}
