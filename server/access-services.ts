import { Accounts } from './access/accounts.ts';
import { Factors } from './access/factors.ts';
import { LockOut } from './access/lock-out.ts';
import { OpenId } from './access/openid.ts';
import { Passkeys } from './access/passkeys.ts';
import { relyingPartyOf } from './access/relying-party.ts';
import { Sessions } from './access/sessions.ts';
import { SetUp } from './access/set-up.ts';
import { SignIn } from './access/sign-in.ts';
import type { Base } from './base.ts';
import { systemRandom as random } from './clock.ts';
import type { Config } from './config.ts';
import { originsOf } from './origins.ts';
import type { Ports } from './ports.ts';
import type { EventLog } from './services.ts';
import type { Sealer } from './store/sealed.ts';

/** Who may sign in, by what, and for how long. */
export function createAccess({ stores, events, bus, clock, config, ports, sealing }: AccessBase) {
  const relyingParty = relyingPartyOf(config, originsOf(config, ports));
  const parts = { events, bus, clock, random };
  const { staff, staffFactors: factorStore } = stores;
  const sessions = new Sessions({ store: stores.staffSessions, ...parts, ...config.sessions });
  const lockOut = new LockOut(stores.signInFailures, clock);
  const passkeys = new Passkeys({ store: factorStore, relyingParty, ...parts });
  const { district } = config;
  const factors = new Factors({ store: factorStore, passkeys, sessions, sealer: sealing, district, ...parts });
  const signIn = new SignIn({ store: staff, sessions, factors, passkeys, lockOut, ...parts });
  return {
    ...{ relyingParty, sessions, passkeys, factors, signIn, staff },
    setUp: new SetUp({ store: staff, ...parts }),
    accounts: new Accounts({ store: staff, factors: factorStore, sessions, lockOut, ...parts }),
    openId: new OpenId({
      ...{ providers: config.providers, store: staff, factors: factorStore, sessions, signIn },
      ...parts,
    }),
  };
}

/** What of the whole is needed: a test makes it without a home. */
export interface AccessBase extends Pick<Base, 'stores' | 'bus' | 'clock'> {
  events: EventLog;
  sealing: Sealer;
  config: Pick<Config, 'district' | 'hosts' | 'origins' | 'sessions' | 'providers'>;
  ports: Pick<Ports, 'console'>;
}

export type Access = ReturnType<typeof createAccess>;
