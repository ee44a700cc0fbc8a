import { permissions } from '../../shared/access/permissions.ts';
import type { staffRoutes } from '../../shared/api/routes/staff.ts';
import type { GrantInput, GrantView, OwnAccess, StaffAccount } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, orgs } from './console-district.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Of an owner of the district. */
export const ownAccess: OwnAccess = {
  grants: [{ role: 'owner', orgId: null, orgName: null }],
  permissions,
  districtPermissions: permissions,
};

const [, school, other] = orgs;
const at = (role: GrantView['role'], org: { id: string; name: string } | undefined): GrantView => ({
  ...{ role, orgId: org?.id ?? null, orgName: org?.name ?? null },
});

const account = (id: string, name: string, grants: GrantView[], given: Partial<StaffAccount> = {}): StaffAccount => ({
  ...{ id, name, email: `${name.toLowerCase().replaceAll(' ', '.')}@lindenfield.example`, status: 'active', grants },
  ...{ signsFor: [], hasPassword: true, passkeys: 1, hasCodeApp: false, sessions: 1 },
  ...{ lastSeenAt: ago(2 * hour), createdAt: ago(200 * day) },
  ...given,
});

/** Accounts and roles of the console's stand-in. */
export function staffAnswers(): Pick<Answers, keyof typeof staffRoutes> {
  let accounts = [
    account('staff1', 'Ada Byrne', [at('owner', undefined)], { signsFor: ['it'], passkeys: 2, sessions: 3 }),
    account('staff2', 'Bo Lindqvist', [at('policy-author', undefined), at('helpdesk', undefined)], {
      hasCodeApp: true,
    }),
    account('staff3', 'Chidi Okafor', [at('approver', undefined)], { signsFor: ['curriculum'] }),
    account('staff4', 'Dolores Reyes', [at('principal', school)], { hasPassword: false, sessions: 0 }),
    account('staff5', 'Emil Sørensen', [at('helpdesk', school), at('helpdesk', other)], {
      passkeys: 0,
      hasCodeApp: true,
    }),
    account('staff6', 'Farah Haddad', [at('teacher', school)], { lastSeenAt: null, sessions: 0, passkeys: 0 }),
    account('staff7', 'Greta Novak', [at('auditor', undefined)], { lastSeenAt: ago(40 * day), sessions: 0 }),
    account('staff8', 'Hugo Maes', [at('reader', other)], { status: 'disabled', sessions: 0 }),
  ];
  const change = (id: string, given: Partial<StaffAccount>): StaffAccount => {
    const found = accounts.find((one) => one.id === id);
    if (!found) throw new CodedError('not-found', 'There is no such account.');
    const changed = { ...found, ...given };
    accounts = accounts.map((one) => (one.id === id ? changed : one));
    return changed;
  };
  return {
    listStaff: () => ({ items: accounts }),
    inviteStaff: ({ body }) => {
      const grants = body.grants.map(viewOf);
      const made = account(`staff${accounts.length + 1}`, body.name, grants, {
        ...{ email: body.email, passkeys: 0, sessions: 0, lastSeenAt: null, createdAt: ago(0) },
      });
      accounts = [...accounts, made];
      return { account: made, password: 'K7QM-X2PD-9RTN-HC4W' };
    },
    saveStaffGrants: ({ params, body }) => {
      const isOwner = (one: StaffAccount) => one.grants.some(({ role, orgId }) => role === 'owner' && orgId === null);
      const others = accounts.filter((one) => one.id !== params.id && one.status === 'active' && isOwner(one));
      if (others.length === 0 && !body.grants.some(({ role, orgId }) => role === 'owner' && orgId === null))
        throw new CodedError('conflict', 'This is the last owner of the district. Make somebody else an owner first.');
      return change(params.id, { grants: body.grants.map(viewOf) });
    },
    disableStaff: ({ params }) => change(params.id, { status: 'disabled', sessions: 0 }),
    enableStaff: ({ params }) => change(params.id, { status: 'active' }),
    resetStaffFactors: ({ params }) => change(params.id, { passkeys: 0, hasCodeApp: false, sessions: 0 }),
    resetStaffPassword: () => ({ password: 'B5VE-LJ8Y-3GZA-TQ6N' }),
    endStaffSessions: ({ params }) => {
      change(params.id, { sessions: 0 });
      return { done: true };
    },
  };
}

function viewOf({ role, orgId }: GrantInput): GrantView {
  return { role, orgId, orgName: orgs.find(({ id }) => id === orgId)?.name ?? null };
}
