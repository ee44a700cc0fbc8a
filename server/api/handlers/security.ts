import type { Route } from '../../../shared/api/contract.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Session } from '../../access/sessions.ts';
import type { Access } from '../../access-services.ts';
import type { Caller } from '../guard.ts';
import type { ApiRequest, Handlers } from '../register.ts';

type SecurityRoutes =
  | 'readSecurity'
  | 'newPasskey'
  | 'addPasskey'
  | 'removePasskey'
  | 'newCodeApp'
  | 'addCodeApp'
  | 'removeCodeApp'
  | 'makeRecoveryCodes'
  | 'changePassword'
  | 'unlinkProvider'
  | 'listSessions'
  | 'endSession'
  | 'endOtherSessions';

const done = { done: true } as const;

/** The session of a member of staff: neither the operator nor a program has factors or sessions of its own. */
export function sessionOf({ session }: Pick<Caller, 'session'>): Session {
  if (!session) throw new CodedError('not-signed-in', 'Only somebody who signs in at the console can do this.');
  return session;
}

export function securityHandlers({ factors, signIn, sessions, openId, staff }: Access): Pick<Handlers, SecurityRoutes> {
  /** The first factor completes the session it was enrolled in. */
  const enrolled = async (words: string, { caller, setSession }: Pick<ApiRequest<Route>, 'caller' | 'setSession'>) => {
    const session = sessionOf(caller);
    if (!session.isComplete) setSession((await signIn.completed(session, words, caller)).token);
  };
  return {
    readSecurity: async ({ caller }) => {
      const session = sessionOf(caller);
      const account = await staff.byId(session.staff.id);
      return await factors.view(session, account?.password_hash !== '', (rows) => openId.identities(rows));
    },
    newPasskey: async ({ caller }) => await factors.newPasskey(sessionOf(caller)),
    addPasskey: async (request) => {
      const added = await factors.addPasskey(sessionOf(request.caller), request.body);
      await enrolled('with a new passkey', request);
      return added;
    },
    removePasskey: async ({ params, caller }) => {
      await factors.removePasskey(sessionOf(caller), params.id);
      return done;
    },
    newCodeApp: async ({ caller }) => await factors.newCodeApp(sessionOf(caller)),
    addCodeApp: async (request) => {
      const added = await factors.addCodeApp(sessionOf(request.caller), request.body.code);
      await enrolled('with a new code app', request);
      return added;
    },
    removeCodeApp: async ({ caller }) => {
      await factors.removeCodeApp(sessionOf(caller));
      return done;
    },
    makeRecoveryCodes: async ({ caller }) => ({ recoveryCodes: await factors.makeRecoveryCodes(sessionOf(caller)) }),
    changePassword: async ({ body, caller }) => {
      await signIn.changePassword(sessionOf(caller), body);
      return done;
    },
    unlinkProvider: async ({ params, caller }) => {
      await openId.unlink(sessionOf(caller), params.id);
      return done;
    },
    listSessions: async ({ caller }) => ({ items: await sessions.list(sessionOf(caller)) }),
    endSession: async ({ params, caller }) => {
      await sessions.end(params.id, sessionOf(caller), caller.actor);
      return done;
    },
    endOtherSessions: async ({ caller }) => {
      await sessions.endAll(sessionOf(caller).staff.id, caller.actor, sessionOf(caller));
      return done;
    },
  };
}
