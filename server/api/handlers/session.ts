import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Entered } from '../../access/sign-in.ts';
import type { StaffService } from '../../access/staff-service.ts';
import type { Access } from '../../access-services.ts';
import type { LiveTickets } from '../live-tickets.ts';
import type { Handlers } from '../register.ts';
import { sessionOf } from './security.ts';

type SessionRoutes =
  | 'readSession'
  | 'setUp'
  | 'signIn'
  | 'proveFactor'
  | 'askPasskey'
  | 'signInByPasskey'
  | 'startProvider'
  | 'finishProvider'
  | 'reauthenticate'
  | 'signOut'
  | 'addStaff'
  | 'setStaffSides'
  | 'liveTicket';

export function sessionHandlers(
  { access, staff }: { access: Access; staff: Pick<StaffService, 'accessOf'> },
  tickets: LiveTickets,
  about: { district: string; version: string },
): Pick<Handlers, SessionRoutes> {
  const { signIn, setUp, passkeys, openId, sessions, accounts, relyingParty } = access;
  /** A session that was there before is over: a browser has one. */
  const entered = async (
    { caller, setSession }: { caller: { sessionToken: string | undefined }; setSession(token: string): void },
    { token, entry }: Entered,
  ) => {
    if (caller.sessionToken) await sessions.signOut(caller.sessionToken);
    setSession(token);
    return entry;
  };
  return {
    readSession: async ({ caller }) => ({
      ...(await signIn.entryOf(caller.session)),
      access: caller.staff ? await staff.accessOf(caller.staff.id, caller.standing) : null,
      setupNeeded: await setUp.isNeeded(),
      ...about,
      passkeyHost: relyingParty.id,
      providers: openId.providers,
    }),
    setUp: async (request) => {
      const staff = await setUp.finish(request.body, request.caller.address);
      return await entered(request, await signIn.begin(staff, 'password', request.caller));
    },
    signIn: async (request) =>
      await entered(request, await signIn.byPassword(request.body.email, request.body.password, request.caller)),
    proveFactor: async ({ body, caller, setSession }) => {
      const { token, entry } = await signIn.byCode(sessionOf(caller), body.code, caller);
      setSession(token);
      return entry;
    },
    askPasskey: async () => await passkeys.ask(),
    signInByPasskey: async (request) => await entered(request, await signIn.byPasskey(request.body, request.caller)),
    startProvider: async ({ body, caller }) => {
      const linkFor = body.purpose === 'link' ? completeSessionOf(caller) : undefined;
      return await openId.start(body.provider, caller.origin ?? '', linkFor);
    },
    finishProvider: async (request) => {
      const {
        purpose,
        entry,
        entered: came,
      } = await openId.finish(request.body, request.caller, request.caller.session);
      return { purpose, entry: came ? await entered(request, came) : entry };
    },
    reauthenticate: async ({ body, caller }) => {
      await signIn.prove(sessionOf(caller), body.proof);
      return { done: true };
    },
    signOut: async ({ caller, setSession }) => {
      if (caller.sessionToken) await sessions.signOut(caller.sessionToken);
      setSession(undefined);
      return { done: true };
    },
    addStaff: async ({ body, caller }) => {
      // Whoever could add a second account at the console would be two people.
      if (caller.staff) throw new CodedError('forbidden', 'The operator of the server does this: rollcall staff add.');
      return { staff: await accounts.add(body, caller.actor) };
    },
    setStaffSides: async ({ body, caller }) => {
      if (caller.staff || caller.token)
        throw new CodedError('forbidden', 'The operator of the server does this: rollcall staff sides.');
      return { staff: await accounts.setSides(body.email, body.signsFor, caller.actor) };
    },
    liveTicket: async ({ caller }) => ({ ticket: tickets.issue(caller.sessionToken ?? '') }),
  };
}

function completeSessionOf(caller: Parameters<typeof sessionOf>[0]) {
  const session = sessionOf(caller);
  if (!session.isComplete) throw new CodedError('second-factor-needed');
  return session;
}
