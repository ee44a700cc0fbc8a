import type { HelpdeskSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { SealedPlace, Sealer } from '../store/sealed.ts';
import { settingsProblems } from './settings-problems.ts';
import { usualSettings } from './usual-settings.ts';

export interface HelpdeskSettingsParts {
  documents: DocumentStore;
  sealer: Sealer;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

type Mail = NonNullable<HelpdeskSettings['mail']>;
/** As stored: the password is sealed, and nowhere else. */
type Kept = Omit<HelpdeskSettings, 'version' | 'mail'> & {
  mail: (Omit<Mail, 'password' | 'hasPassword'> & { sealedPassword: string | null }) | null;
};

/** What mail is sent by. */
export interface MailAccount extends Omit<Mail, 'password' | 'hasPassword'> {
  password: string | null;
}

export const helpdeskDocument = 'helpdesk-settings';
const about = 'the mail server of the helpdesk';
const titles: Record<keyof Kept, string> = {
  serviceLevel: 'service levels',
  automatic: 'automatic tickets',
  mail: 'mail',
  fixes: 'canned fixes',
};

/** What the district decides for its helpdesk. */
export class DistrictHelpdeskSettings {
  readonly #parts: HelpdeskSettingsParts;
  readonly #onSaved = new Set<() => void>();

  constructor(parts: HelpdeskSettingsParts) {
    this.#parts = parts;
  }

  /** `listener` is called after each save, until the returned function is called. */
  onSaved(listener: () => void): () => void {
    this.#onSaved.add(listener);
    return () => this.#onSaved.delete(listener);
  }

  /** For people: without the password. */
  async read(): Promise<HelpdeskSettings> {
    const { kept, version } = await this.#read();
    return { ...kept, mail: kept.mail && shown(kept.mail), version };
  }

  /** What mail is sent by; undefined: none is sent. */
  async mailAccount(): Promise<MailAccount | undefined> {
    const { mail } = (await this.#read()).kept;
    if (!mail) return undefined;
    const { sealedPassword, ...account } = mail;
    return { ...account, password: sealedPassword === null ? null : this.#parts.sealer.open(sealedPassword, about) };
  }

  /** `bad-helpdesk-settings` with what cannot work; `changed-meanwhile` unless `version` is the newest. */
  async save(wanted: HelpdeskSettings, actor: Actor): Promise<HelpdeskSettings> {
    const { documents, clock } = this.#parts;
    const problems = settingsProblems(wanted);
    if (problems.length > 0) throw new CodedError('bad-helpdesk-settings', undefined, problems);
    const { kept: before } = await this.#read();
    const kept = this.#kept(wanted, before);
    await documents.save(helpdeskDocument, kept, wanted.version, clock.now());
    await this.#tell(before, kept, actor);
    for (const listener of this.#onSaved) listener();
    return await this.read();
  }

  async #read(): Promise<{ kept: Kept; version: number }> {
    const saved = await this.#parts.documents.read(helpdeskDocument);
    if (saved) return { kept: saved.content as Kept, version: saved.version };
    const { version, ...usual } = usualSettings;
    return { kept: { ...usual, mail: null }, version };
  }

  #kept({ serviceLevel, automatic, mail, fixes }: HelpdeskSettings, before: Kept): Kept {
    return { serviceLevel, automatic, fixes, mail: mail && this.#sealed(mail, before.mail) };
  }

  /** A password goes with the server and user it was given for: who names another server gives it again. */
  #sealed({ password, hasPassword: _hasPassword, ...mail }: Mail, before: Kept['mail']): NonNullable<Kept['mail']> {
    if (mail.user === null) return { ...mail, sealedPassword: null };
    if (password) return { ...mail, sealedPassword: this.#parts.sealer.seal(password, about) };
    const isSame = before?.host === mail.host && before.user === mail.user && before.port === mail.port;
    if (before?.sealedPassword && !isSame)
      throw new CodedError('bad-helpdesk-settings', undefined, [
        'The mail server or its user is another one. Give the password again: the old one is not sent there.',
      ]);
    return { ...mail, sealedPassword: before?.sealedPassword ?? null };
  }

  async #tell(before: Kept, after: Kept, actor: Actor): Promise<void> {
    const changed = (Object.keys(titles) as (keyof Kept)[])
      .filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
      .map((name) => titles[name]);
    const what = changed.length > 0 ? changed.join(', ') : 'nothing was changed';
    await this.#parts.events.add({
      ...{ actor, code: 'helpdesk-settings-saved' },
      words: `The helpdesk's settings were saved: ${what}.`,
    });
  }
}

function shown({ sealedPassword, ...mail }: NonNullable<Kept['mail']>): Mail {
  return { ...mail, hasPassword: sealedPassword !== null };
}

/** The password of the mail server is the only sealed text of the document. */
export class SealedMailPassword implements SealedPlace {
  readonly #documents: DocumentStore;
  readonly #clock: Clock;

  constructor(documents: DocumentStore, clock: Clock) {
    this.#documents = documents;
    this.#clock = clock;
  }

  async reseal(again: (text: string, about: string) => string): Promise<number> {
    const saved = await this.#documents.read(helpdeskDocument);
    const kept = saved?.content as Kept | undefined;
    if (!saved || !kept?.mail?.sealedPassword) return 0;
    const sealedPassword = again(kept.mail.sealedPassword, about);
    if (sealedPassword === kept.mail.sealedPassword) return 1;
    const mail = { ...kept.mail, sealedPassword };
    await this.#documents.save(helpdeskDocument, { ...kept, mail }, saved.version, this.#clock.now());
    return 1;
  }
}
