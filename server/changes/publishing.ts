import type { PublishingSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Bus } from '../bus.ts';
import type { Author, Publishing } from '../policy-service-types.ts';
import type { EventLog } from '../services.ts';
import type { Signature } from '../store/change-records.ts';
import type { DocumentStore } from '../store/documents.ts';
import { isPerson, isSame, operator, signatureOf } from './authors.ts';
import { publishingDocument, publishingProblems, readPublishing, weakenings } from './publishing-settings.ts';

export interface PublishingParts {
  stores: { documents: DocumentStore; groups: { list(): Promise<{ name: string }[]> } };
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

/** Weaker settings that somebody wants, until somebody else wants the same. */
interface Proposed extends Signature {
  settings: PublishingSettings;
  weakens: string[];
}

const proposedDocument = 'publishing-proposed';
const proposedForMs = 7 * 86_400_000;

/**
 * How the district publishes. What makes it stricter holds at once; what weakens it (see `weakenings`) when a second person
 * saves the same within a week, for else whoever may not publish alone would first save that they may.
 */
export class DistrictPublishing implements Publishing {
  readonly #parts: PublishingParts;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
  }

  async read() {
    const proposed = await this.#proposed();
    return {
      ...(await readPublishing(this.#parts.stores.documents)),
      proposed: proposed
        ? {
            ...{ settings: proposed.settings, weakens: proposed.weakens, by: proposed.by },
            at: new Date(proposed.at).toISOString(),
          }
        : null,
    };
  }

  async save(settings: PublishingSettings, version: number, author: Author) {
    const { stores, clock, events, bus } = this.#parts;
    const groups = new Set((await stores.groups.list()).map(({ name }) => name));
    const problems = publishingProblems(settings, groups);
    if (problems.length > 0) throw new CodedError('bad-publishing', undefined, problems);
    const before = await readPublishing(stores.documents);
    if (before.version !== version) throw new CodedError('changed-meanwhile');
    const weakens = weakenings(before.settings, settings, clock.now());
    if (weakens.length > 0 && author.actor !== operator) await this.#demandSecond(settings, weakens, author);
    const first = weakens.length > 0 ? await this.#proposed() : null;
    const saved = await stores.documents.save(publishingDocument, settings, version, clock.now());
    await this.#propose(null);
    const code = weakens.length > 0 ? 'publishing-weakened' : 'publishing-saved';
    const words = ['How policy is published was saved.', ...weakens].join(' ');
    const agreed = { before: before.settings, after: settings, approver: first?.by };
    await events.add({ actor: author.actor, code, words, ...agreed });
    bus.publish('changes-changed', { changeIds: [] });
    return { settings, version: saved };
  }

  async #demandSecond(settings: PublishingSettings, weakens: string[], author: Author): Promise<void> {
    if (!isPerson(author))
      throw new CodedError('forbidden', 'Only people weaken how policy is published, and only two.');
    const first = await this.#proposed();
    const isAgreed = first && canonicalJson(first.settings) === canonicalJson(settings);
    if (isAgreed && !isSame(author, first)) return;
    const { clock, events, bus } = this.#parts;
    if (!isAgreed) {
      await this.#propose({ settings, weakens, ...signatureOf(author, clock.now()) });
      const words = ['Weaker rules for publishing wait for a second person.', ...weakens].join(' ');
      await events.add({ actor: author.actor, code: 'publishing-weakening-proposed', words });
      bus.publish('changes-changed', { changeIds: [] });
    }
    const words =
      'This makes publishing less strict. It holds as soon as a second person saves the same within a week.';
    throw new CodedError('approval-needed', words, weakens);
  }

  async #proposed(): Promise<Proposed | null> {
    const saved = await this.#parts.stores.documents.read(proposedDocument);
    const proposed = (saved?.content ?? null) as Proposed | null;
    return proposed && proposed.at + proposedForMs > this.#parts.clock.now() ? proposed : null;
  }

  async #propose(proposed: Proposed | null): Promise<void> {
    const { stores, clock } = this.#parts;
    const saved = await stores.documents.read(proposedDocument);
    if (!saved && proposed === null) return;
    await stores.documents.save(proposedDocument, proposed, saved?.version ?? 0, clock.now());
  }
}
