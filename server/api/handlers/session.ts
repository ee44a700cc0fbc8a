import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { SignIn } from '../../access/sign-in.ts';
import type { LiveTickets } from '../live-tickets.ts';
import type { Handlers } from '../register.ts';

type SessionRoutes = 'readSession' | 'setUp' | 'signIn' | 'signOut' | 'addStaff' | 'setStaffSides' | 'liveTicket';

export function sessionHandlers(
  signIn: SignIn,
  tickets: LiveTickets,
  about: { district: string; version: string },
): Pick<Handlers, SessionRoutes> {
  return {
    readSession: async ({ caller }) => ({
      staff: caller.staff ?? null,
      setupNeeded: await signIn.setUpNeeded(),
      ...about,
    }),
    setUp: async ({ body, caller, setSession }) => {
      const staff = await signIn.setUp(body, caller.address);
      setSession(await signIn.openSession(staff.id));
      return { staff };
    },
    signIn: async ({ body, caller, setSession }) => {
      const staff = await signIn.signIn(body.email, body.password, caller.address);
      setSession(await signIn.openSession(staff.id));
      return { staff };
    },
    signOut: async ({ caller, setSession }) => {
      if (caller.sessionToken) await signIn.endSession(caller.sessionToken);
      setSession(undefined);
      return { done: true };
    },
    addStaff: async ({ body, caller }) => {
      // Whoever could add a second account at the console would be two people.
      if (caller.staff) throw new CodedError('forbidden', 'The operator of the server does this: rollcall staff add.');
      return { staff: await signIn.addStaff(body, caller.actor) };
    },
    setStaffSides: async ({ body, caller }) => {
      if (caller.staff || caller.token)
        throw new CodedError('forbidden', 'The operator of the server does this: rollcall staff sides.');
      return { staff: await signIn.setSides(body.email, body.signsFor, caller.actor) };
    },
    liveTicket: async ({ caller }) => ({ ticket: tickets.issue(caller.sessionToken ?? '') }),
  };
}
