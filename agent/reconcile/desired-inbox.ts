import type { Clock } from '../../shared/clock.ts';
import type { Trust } from '../../shared/protocol/enrolment.ts';
import type { Body, Manifest, SignedManifest } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Reports } from '../store/reports.ts';
import { type StoredState, sha256, type VerifiedState } from '../store/verified-state.ts';
import { type AcceptedState, readState, stateToStore } from './accepted-state.ts';
import { type RefusalCode, type VerifiedManifest, verifyManifest } from './manifest.ts';
import { isKeptSection } from './section-content.ts';

export interface DesiredInboxOptions {
  trust: () => Trust;
  store: VerifiedState;
  reports: Reports;
  /** A state signed with this key has come into force. */
  onObeyed: (keyId: string) => void;
  /** A verified state is on disk and is to be enforced. */
  onAccepted: (state: AcceptedState) => void;
  clock: Clock;
  log: Log;
}

/** A verified manifest whose sections are still on their way. */
interface Arriving {
  signed: SignedManifest;
  manifest: Manifest;
  contents: Map<string, string>;
  lacking: Set<string>;
}

const finding = 'desired-refused';
/** After the disk failed. */
const keepAgainMs = 10_000;

/** Takes desired states in: verifies, collects the sections, stores, and only then lets them be enforced. */
export class DesiredInbox {
  readonly #options: DesiredInboxOptions;
  #inForce: { manifest: Manifest; stored: StoredState } | undefined;
  #arriving: Arriving | undefined;

  constructor(options: DesiredInboxOptions) {
    this.#options = options;
  }

  /** The state last verified, from disk: its signature is verified again. Undefined when there is none. */
  load(): AcceptedState | undefined {
    const { store, trust, clock } = this.#options;
    const stored = store.load(clock.now());
    if (!stored) return undefined;
    const verdict = verifyManifest(stored.signed, trust());
    if (verdict.kind !== 'new') {
      if (verdict.kind === 'refused') this.#refuse(verdict.code, `the state on disk: ${verdict.words}`);
      return undefined;
    }
    this.#inForce = { manifest: verdict.manifest, stored };
    return readState(verdict.manifest, stored);
  }

  /** What `hello` says is held. */
  get held(): { generation: number; sections: Record<string, string> } {
    const { manifest, stored } = this.#inForce ?? {};
    const sections = Object.entries(stored?.sections ?? {}).map(([name, { hash }]) => [name, hash]);
    const generation = manifest && !this.#isIncomplete(manifest) ? manifest.generation : 0;
    return { generation, sections: Object.fromEntries(sections) };
  }

  /** A `desired` message: returns the hashes to ask for; empty when nothing is lacking. */
  receive(signed: SignedManifest): string[] {
    const verdict = verifyManifest(signed, this.#options.trust(), this.#verified);
    if (verdict.kind === 'refused') {
      this.#refuse(verdict.code, verdict.words);
      return [];
    }
    if (verdict.kind === 'new') return this.#collect(signed, verdict.manifest);
    const inForce = this.#inForce?.manifest;
    return inForce && this.#isIncomplete(inForce) ? this.#collect(signed, inForce) : [];
  }

  get #verified(): VerifiedManifest | undefined {
    return this.#inForce && { manifest: this.#inForce.manifest, keyId: this.#inForce.stored.signed.keyId };
  }

  #collect(signed: SignedManifest, manifest: Manifest): string[] {
    const contents = this.#heldContents();
    const known = Object.entries(manifest.sections).filter(([name]) => isKeptSection(name));
    const lacking = new Set(known.map(([, hash]) => hash).filter((hash) => !contents.has(hash)));
    this.#arriving = { signed, manifest, contents, lacking };
    if (lacking.size === 0) this.#accept(this.#arriving);
    return [...lacking];
  }

  /** A newer agent may know a section whose content the earlier one did not fetch. */
  #isIncomplete(manifest: Manifest): boolean {
    const stored = this.#inForce?.stored.sections ?? {};
    return Object.keys(manifest.sections).some((name) => isKeptSection(name) && !Object.hasOwn(stored, name));
  }

  /** A `section` message. One that was not asked for changes nothing. */
  receiveSection({ hash, content }: Body<'section'>): void {
    const arriving = this.#arriving;
    if (!arriving?.lacking.has(hash)) return;
    if (sha256(content) !== hash) {
      this.#arriving = undefined;
      this.#refuse('section-hash', `the content of section ${hash.slice(0, 12)}… does not have its hash`);
      return;
    }
    arriving.contents.set(hash, content);
    arriving.lacking.delete(hash);
    if (arriving.lacking.size === 0) this.#accept(arriving);
  }

  /** What was on its way is asked for again after the next hello. */
  disconnected(): void {
    this.#arriving = undefined;
  }

  #accept(arriving: Arriving): void {
    const { signed, manifest, contents } = arriving;
    const { store, reports, onAccepted, onObeyed, clock } = this.#options;
    this.#arriving = undefined;
    const stored = stateToStore(signed, manifest, contents, this.#inForce?.stored);
    try {
      store.save(stored);
    } catch (error) {
      this.#refuse('not-kept', `it could not be written to disk (${(error as NodeJS.ErrnoException).code})`);
      this.#acceptLater(arriving);
      return;
    }
    this.#inForce = { manifest, stored };
    reports.closeFinding(finding, clock.now());
    onAccepted(readState(manifest, stored));
    onObeyed(signed.keyId);
  }

  /** Unless a newer one comes, or the connection ends and with it what was on its way. */
  #acceptLater(arriving: Arriving): void {
    this.#arriving = arriving;
    this.#options.clock.after(keepAgainMs, () => {
      if (this.#arriving === arriving) this.#accept(arriving);
    });
  }

  #heldContents(): Map<string, string> {
    return new Map(Object.values(this.#inForce?.stored.sections ?? {}).map(({ hash, content }) => [hash, content]));
  }

  #refuse(code: RefusalCode, words: string): void {
    const { reports, clock, log } = this.#options;
    log.warn({ code }, `A desired state was refused: ${words}. The one in force stays.`);
    reports.openFinding(finding, `${code}: ${words}`.slice(0, 1000), clock.now());
  }
}
