import Database from 'better-sqlite3';

/** Tables that grow with the district: reading one whole for a page is what the bench looks for. */
const bigTables = [
  ...['person', 'person_org', 'device', 'custody', 'verdict', 'enrollment', 'ticket', 'ticket_note', 'event'],
  ...['command', 'command_device', 'approval', 'diagnosis', 'filter_override', 'waiver', 'obligation'],
  ...['unblock_request', 'restriction', 'class', 'check_interval', 'compliance_change', 'reported_section', 'health'],
  ...['device_desired', 'device_tag', 'rollout_device', 'policy_change', 'webhook_delivery', 'certificate'],
];

/** Every statement that is prepared in this process from now on, until it is taken. */
export class Statements {
  readonly #seen = new Set<string>();

  constructor() {
    const seen = this.#seen;
    const { prepare } = Database.prototype;
    Database.prototype.prepare = function (this: Database.Database, text: string) {
      if (/^\s*(select|with)/i.test(text)) seen.add(text);
      return prepare.call(this, text);
    } as typeof prepare;
  }

  take(): string[] {
    const taken = [...this.#seen];
    this.#seen.clear();
    return taken;
  }
}

/** Big tables that statements read to their end, and by which index; in words of SQLite's plans. */
export function scansOf(db: Database.Database, statements: readonly string[]): string[] {
  const scans = statements.flatMap((text) => {
    const blanks = Array.from({ length: text.split('?').length - 1 }, () => null);
    const plan = db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...blanks);
    // An empty list of ids is planned as a scan, and reads nothing. A page in the order of an index stops when it is full.
    const stops = /\blimit\b/i.test(text) && !/^\s*select count\(/i.test(text);
    if (/\bin \(\)/i.test(text)) return [];
    if (stops && !plan.some(({ detail }) => detail.startsWith('USE TEMP B-TREE FOR ORDER'))) return [];
    const names = new Map(bigTables.map((table) => [table, table]));
    for (const [, table = '', alias = ''] of text.matchAll(/"?(\w+)"? as "?(\w+)"?/g))
      if (bigTables.includes(table)) names.set(alias, table);
    return plan.flatMap(({ detail }) => {
      const [, alias = '', rest = ''] = /^SCAN (\w+)(.*)$/.exec(detail) ?? [];
      const table = names.get(alias);
      return table === undefined ? [] : [`${table}${rest.replace(' USING', ' by')}`];
    });
  });
  return [...new Set(scans)];
}
