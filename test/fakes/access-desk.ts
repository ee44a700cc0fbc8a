import { Secret, TOTP } from 'otpauth';
import type { ProviderSettings } from '../../server/access/openid-claims.ts';
import type { Session } from '../../server/access/sessions.ts';
import { type Access, createAccess } from '../../server/access-services.ts';
import { Bus } from '../../server/bus.ts';
import type { NewEvent } from '../../server/services.ts';
import { openStores, type Stores } from '../../server/store/stores.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { Authenticator } from './authenticator.ts';
import { FakeClock } from './clock.ts';

const hour = 3_600_000;

export const ada = { name: 'Ada Admin', email: 'Ada@Example.org', password: 'correct horse battery' };
export const here = { address: '10.0.0.1', browser: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36' };

/** Sign-in as a server has it, on a clock of the test’s, with everything it told the event log. */
export class AccessDesk {
  readonly clock = new FakeClock();
  readonly events: NewEvent[] = [];
  readonly stores: Stores;
  readonly #providers: readonly ProviderSettings[];
  /** Made anew by `restart`. */
  access: Access;

  private constructor(stores: Stores, providers: readonly ProviderSettings[]) {
    this.stores = stores;
    this.#providers = providers;
    this.access = this.#create();
  }

  static async open(providers: readonly ProviderSettings[] = [], path = ':memory:'): Promise<AccessDesk> {
    return new AccessDesk(await openStores(path), providers);
  }

  get origin(): string {
    return 'https://desk.example:8443';
  }

  /** What a restart of the server leaves: the database. */
  restart(): void {
    this.access = this.#create();
  }

  /** The first administrator, whose session has not got far. */
  async setUp(): Promise<Session> {
    const { setUp, signIn } = this.access;
    const staff = await setUp.finish({ code: (await setUp.open()) ?? '', ...ada }, here.address);
    return await this.session((await signIn.begin(staff, 'password', here)).token);
  }

  /** Somebody who has an account without a password, which costs nothing to check, and no second factor yet. */
  async newcomer(): Promise<Session> {
    const staff = await this.access.accounts.add({ name: ada.name, email: ada.email }, 'command line');
    return await this.session((await this.access.signIn.begin(staff, 'google', here)).token);
  }

  /** As the guard finds it. Throws when it has ended. */
  async session(token: string): Promise<Session> {
    const session = await this.access.sessions.read(token);
    if (!session) throw new Error('the session has ended');
    return session;
  }

  /** Somebody with a passkey, signed in completely. */
  async enter(session: Session): Promise<{ session: Session; token: string; authenticator: Authenticator }> {
    const { factors, signIn } = this.access;
    const authenticator = new Authenticator(this.origin);
    await factors.addPasskey(session, authenticator.create(await factors.newPasskey(session)));
    const { token } = await signIn.completed(session, 'with a new passkey', here);
    return { session: await this.session(token), token, authenticator };
  }

  /** Gives a session a code app; the codes of it, and the recovery codes that came with the first factor. */
  async addCodeApp(session: Session): Promise<{ code: (at?: number) => string; recoveryCodes: string[] }> {
    const { factors } = this.access;
    const { secret } = await factors.newCodeApp(session);
    const app = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
    const code = (at = this.clock.now()) => app.generate({ timestamp: at });
    const { recoveryCodes } = await factors.addCodeApp(session, code());
    return { code, recoveryCodes: recoveryCodes ?? [] };
  }

  /** Whether it worked, or the code of the refusal. */
  async outcome(does: () => Promise<unknown>): Promise<string> {
    try {
      await does();
      return 'done';
    } catch (error) {
      if (error instanceof CodedError) return error.code;
      throw error;
    }
  }

  codes(): string[] {
    return this.events.map(({ code }) => code);
  }

  #create(): Access {
    return createAccess({
      stores: this.stores,
      clock: this.clock,
      bus: new Bus((error) => {
        throw error;
      }),
      events: { add: async (event) => void this.events.push(event) },
      sealing: { seal: (text, about) => `${about}|${text}`, open: (sealed) => sealed.split('|')[1] ?? '' },
      ports: { console: 8443 },
      config: {
        district: 'Maple County',
        hosts: ['desk.example', '10.0.0.5'],
        origins: [],
        sessions: { idleMs: hour, lifeMs: 12 * hour },
        providers: [...this.#providers],
      },
    });
  }
}
