import type { AuditSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Actor, EventLog } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';

export interface AuditSettingsParts {
  documents: DocumentStore;
  events: EventLog;
  clock: Clock;
}

const document = 'audit-settings';
/** Three years name people: as long as most states ask for. A technician takes a few lists a day, not the district. */
export const auditDefaults: AuditSettings = { keptDays: 1095, exportFilesPerDay: 20, exportRowsPerDay: 100_000 };

/** How long the log names people, and how much anybody may take away in a day. */
export class DistrictAuditSettings {
  readonly #parts: AuditSettingsParts;

  constructor(parts: AuditSettingsParts) {
    this.#parts = parts;
  }

  async read(): Promise<{ settings: AuditSettings; version: number }> {
    const saved = await this.#parts.documents.read(document);
    return { settings: { ...auditDefaults, ...(saved?.content as object | undefined) }, version: saved?.version ?? 0 };
  }

  async save(settings: AuditSettings, version: number, actor: Actor) {
    const { documents, events, clock } = this.#parts;
    const { settings: before } = await this.read();
    const saved = { settings, version: await documents.save(document, settings, version, clock.now()) };
    const words = 'How long the audit names people, and the limits of exports, were saved.';
    await events.add({ actor, code: 'audit-settings-saved', words, before, after: settings });
    return saved;
  }
}
