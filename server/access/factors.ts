import QRCode from 'qrcode';
import type { FactorKind, NewPasskey, PasskeyOptions, PasskeyView, SecurityView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { EventLog } from '../services.ts';
import type { Sealer } from '../store/sealed.ts';
import { codeAppPlace, type IdentityRow, type PasskeyRow, type StaffFactorStore } from '../store/staff-factors.ts';
import type { Passkeys } from './passkeys.ts';
import { Pending } from './pending.ts';
import { plainCode, readableCode } from './readable-code.ts';
import type { Session, Sessions } from './sessions.ts';
import { hashOf, type StaffIdentity } from './staff-identity.ts';
import { newTotpSecret, stepOfCode, totpAddress } from './totp.ts';

const enrolMs = 600_000;
const recoveryCodes = { count: 10, length: 16 };

export interface FactorParts {
  store: StaffFactorStore;
  passkeys: Passkeys;
  sessions: Sessions;
  sealer: Sealer;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  district: string;
}

/**
 * The second factors of an account, as the person deals with them. A session that is not complete may enrol the first
 * and nothing else; a complete one must be fresh. The last factor cannot be removed: nobody turns it off.
 */
export class Factors {
  readonly #parts: FactorParts;
  /** Secrets shown to a session whose code app has not answered yet. */
  readonly #secrets: Pending<string>;

  constructor(parts: FactorParts) {
    this.#parts = parts;
    this.#secrets = new Pending(parts.clock, enrolMs);
  }

  /** What the person can show; recovery codes stand for a factor and are none. */
  async kindsOf(staffId: string): Promise<FactorKind[]> {
    const { store } = this.#parts;
    const kinds: FactorKind[] = [];
    if ((await store.passkeysOf(staffId)).length > 0) kinds.push('passkey');
    if (await store.codeAppOf(staffId)) kinds.push('code-app');
    if (kinds.length > 0 && (await store.recoveryCodesLeft(staffId)) > 0) kinds.push('recovery-code');
    return kinds;
  }

  async newPasskey(session: Session): Promise<PasskeyOptions> {
    await this.#demandMayEnrol(session);
    return await this.#parts.passkeys.askNew(session.staff);
  }

  async addPasskey(
    session: Session,
    given: NewPasskey,
  ): Promise<{ passkey: PasskeyView; recoveryCodes: string[] | null }> {
    await this.#demandMayEnrol(session);
    const passkey = await this.#parts.passkeys.add(session.staff, given);
    await this.#tell(session.staff, 'passkey-added', `The passkey “${passkey.name}” was added.`);
    return { passkey: passkeyView(passkey), recoveryCodes: await this.#firstRecoveryCodes(session.staff) };
  }

  async removePasskey(session: Session, id: string): Promise<void> {
    await this.#remove(session, { passkeyId: id }, 'A passkey was removed.');
  }

  async newCodeApp(session: Session): Promise<{ secret: string; address: string; qr: string }> {
    await this.#demandMayEnrol(session);
    const secret = newTotpSecret(this.#parts.random);
    this.#secrets.put(session.id, secret);
    const address = totpAddress(secret, session.staff.email, this.#parts.district);
    const svg = await QRCode.toString(address, { type: 'svg', margin: 2 });
    return { secret, address, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
  }

  /** Throws `wrong-code` until a code of the secret that was shown is given. */
  async addCodeApp(session: Session, code: string): Promise<{ recoveryCodes: string[] | null }> {
    await this.#demandMayEnrol(session);
    const { store, sealer, clock } = this.#parts;
    const { id } = session.staff;
    const secret = this.#secrets.read(session.id);
    if (secret === undefined) throw new CodedError('conflict', 'This took too long. Begin again with a new secret.');
    const step = stepOfCode(secret, plainCode(code), clock.now());
    if (step === undefined) throw new CodedError('wrong-code', 'The code is wrong. Check the clock of the code app.');
    this.#secrets.take(session.id);
    const sealed = sealer.seal(secret, codeAppPlace(id));
    await store.putCodeApp({ staff_id: id, secret: sealed, last_step: step, created_at: clock.now() });
    await this.#tell(session.staff, 'code-app-added', 'A code app was added.');
    return { recoveryCodes: await this.#firstRecoveryCodes(session.staff) };
  }

  async removeCodeApp(session: Session): Promise<void> {
    await this.#remove(session, 'code-app', 'The code app was removed.');
  }

  /** In place of earlier ones. */
  async makeRecoveryCodes(session: Session): Promise<string[]> {
    this.#parts.sessions.demandFresh(session);
    const codes = await this.#putRecoveryCodes(session.staff.id);
    await this.#tell(session.staff, 'recovery-codes-made', 'New recovery codes were made.');
    return codes;
  }

  /** Uses up a code of the code app, or a recovery code: neither works twice. Undefined for a wrong one. */
  async useCode(staffId: string, typed: string): Promise<'code-app' | 'recovery-code' | undefined> {
    const { store, clock } = this.#parts;
    const code = plainCode(typed);
    if (await this.#useAppCode(staffId, code)) return 'code-app';
    const isRecovery =
      code.length === recoveryCodes.length && (await store.useRecoveryCode(staffId, hashOf(code), clock.now()));
    return isRecovery ? 'recovery-code' : undefined;
  }

  /** `identities`: as the providers of this server are called. */
  async view(
    session: Session,
    hasPassword: boolean,
    identities: (rows: IdentityRow[]) => SecurityView['identities'],
  ): Promise<SecurityView> {
    const { store } = this.#parts;
    const { id } = session.staff;
    const codeApp = await store.codeAppOf(id);
    return {
      hasPassword,
      passkeys: (await store.passkeysOf(id)).map(passkeyView),
      codeApp: codeApp ? { createdAt: new Date(codeApp.created_at).toISOString() } : null,
      recoveryCodesLeft: await store.recoveryCodesLeft(id),
      identities: identities(await store.identitiesOf(id)),
    };
  }

  /** Who knows the password alone may enrol the first factor, and must not add one beside what they cannot show. */
  async #demandMayEnrol(session: Session): Promise<void> {
    if (session.isComplete) this.#parts.sessions.demandFresh(session);
    else if ((await this.kindsOf(session.staff.id)).length > 0) throw new CodedError('second-factor-needed');
  }

  async #useAppCode(staffId: string, code: string): Promise<boolean> {
    const { store, sealer, clock } = this.#parts;
    const app = await store.codeAppOf(staffId);
    const step = app && stepOfCode(sealer.open(app.secret, codeAppPlace(staffId)), code, clock.now());
    return step !== undefined && (await store.useStep(staffId, step));
  }

  async #remove(session: Session, what: { passkeyId: string } | 'code-app', words: string): Promise<void> {
    this.#parts.sessions.demandFresh(session);
    const outcome = await this.#parts.store.remove(session.staff.id, what);
    if (outcome === 'none') throw new CodedError('not-found');
    if (outcome === 'last') throw new CodedError('last-factor');
    await this.#tell(session.staff, 'factor-removed', words);
  }

  async #firstRecoveryCodes({ id }: StaffIdentity): Promise<string[] | null> {
    return (await this.#parts.store.recoveryCodesLeft(id)) > 0 ? null : await this.#putRecoveryCodes(id);
  }

  async #putRecoveryCodes(staffId: string): Promise<string[]> {
    const { store, random } = this.#parts;
    const codes = Array.from({ length: recoveryCodes.count }, () => readableCode(random, recoveryCodes.length));
    await store.putRecoveryCodes(
      staffId,
      codes.map((code) => hashOf(plainCode(code))),
    );
    return codes;
  }

  async #tell(staff: StaffIdentity, code: string, words: string): Promise<void> {
    const { events, bus } = this.#parts;
    await events.add({ actor: `staff:${staff.name}`, code, words, subject: { kind: 'staff', id: staff.id } });
    bus.publish('staff-changed', { staffIds: [staff.id] });
  }
}

function passkeyView({ id, name, created_at, last_used_at }: PasskeyRow): PasskeyView {
  return {
    id,
    name,
    createdAt: new Date(created_at).toISOString(),
    lastUsedAt: last_used_at === null ? null : new Date(last_used_at).toISOString(),
  };
}
