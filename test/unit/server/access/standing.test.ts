import { describe, expect, it } from 'vitest';
import { type HeldRole, type Orgs, type Place, Standing } from '../../../../server/access/standing.ts';
import type { Permission } from '../../../../shared/access/permissions.ts';

/** Teaches class `c` with the student `p` at another school than `maple`. */
const own = { staffId: 's', classIds: ['c'], personIds: ['p'] };
const teacher: HeldRole = { role: 'teacher', orgs: ['cedar'] };
const helpdesk: HeldRole = { role: 'helpdesk', orgs: ['maple'] };
const holds = (permission: Permission, place: Place, held: HeldRole[], bounds: Orgs = 'all') =>
  new Standing(held, own, bounds).holds(permission, [place]);

describe('what somebody may do by two roles', () => {
  it.each<[string, boolean, Permission, Place]>([
    ['their class, as its teacher', true, 'overrides:manage', { orgs: ['cedar'], classIds: ['c'] }],
    ['a device of their units', true, 'devices:change', { orgs: ['maple'] }],
    [
      'the device of a student elsewhere, whom they only teach',
      false,
      'devices:change',
      { orgs: [], personIds: ['p'] },
    ],
    ['the class elsewhere, which they only teach', false, 'people:read', { orgs: ['cedar'], classIds: ['c'] }],
    ['what they made themselves', true, 'commands:read', { orgs: ['cedar'], staffId: 's' }],
    ['what somebody else made', false, 'commands:read', { orgs: ['cedar'], staffId: 't' }],
  ])('over %s is %s', (_, isHeld, permission, place) => {
    expect(holds(permission, place, [teacher, helpdesk])).toBe(isHeld);
  });

  it.each<[string, boolean, Permission, Place]>([
    ['a device of that unit', true, 'devices:change', { orgs: ['maple'] }],
    ['a device beyond it', false, 'devices:change', { orgs: ['oak'] }],
    ['the class its maker teaches', false, 'overrides:manage', { orgs: [], classIds: ['c'] }],
    ['what its maker made', false, 'commands:read', { orgs: [], staffId: 's' }],
  ])('over %s is %s for a token bound to one unit', (_, isHeld, permission, place) => {
    const everywhere: HeldRole = { role: 'helpdesk', orgs: ['maple', 'oak'] };
    expect(holds(permission, place, [teacher, everywhere], ['maple'])).toBe(isHeld);
  });
});
