import type { staffRoutes } from '../../../shared/api/routes/staff.ts';
import type { StaffService } from '../../access/staff-service.ts';
import type { Caller } from '../guard.ts';
import type { Handlers } from '../register.ts';

/** Accounts and roles. Why something is done is on record by the request's `reason`. */
export function staffHandlers({ staff }: { staff: StaffService }): Pick<Handlers, keyof typeof staffRoutes> {
  return {
    listStaff: async () => ({ items: await staff.list() }),
    inviteStaff: ({ body, caller }) => staff.invite(body, actingOf(caller)),
    saveStaffGrants: ({ params, body, caller }) =>
      staff.saveGrants(params.id, body.grants, body.reason, actingOf(caller)),
    disableStaff: ({ params, caller }) => staff.disable(params.id, actingOf(caller)),
    enableStaff: ({ params, caller }) => staff.enable(params.id, actingOf(caller)),
    resetStaffFactors: ({ params, caller }) => staff.resetFactors(params.id, actingOf(caller)),
    resetStaffPassword: async ({ params, caller }) => ({
      password: await staff.resetPassword(params.id, actingOf(caller)),
    }),
    endStaffSessions: async ({ params, caller }) => {
      await staff.endSessions(params.id, actingOf(caller));
      return { done: true };
    },
  };
}

const actingOf = ({ actor, staff }: Caller) => ({ actor, id: staff?.id });
