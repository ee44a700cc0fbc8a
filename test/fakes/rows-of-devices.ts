import SqliteDatabase from 'better-sqlite3';

const columns = ['device_id', 'subject_id', 'reported_by'];

/**
 * Table → the rows that belong to a device, by whatever column names it. Read by the library the server has: two builds of
 * SQLite in one process take each other's locks away (https://sqlite.org/howtocorrupt.html, 2.2.1).
 */
export function rowsOf(database: string, deviceId: string): Map<string, string[]> {
  const db = new SqliteDatabase(database, { readonly: true });
  try {
    const rows = new Map<string, string[]>();
    for (const { name } of db
      .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all()) {
      const known = db
        .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${name}')`)
        .all()
        .map((column) => column.name);
      const column = name === 'device' ? 'id' : columns.find((one) => known.includes(one));
      if (column === undefined) continue;
      const found = db.prepare(`SELECT * FROM "${name}" WHERE "${column}" = ?`).all(deviceId);
      if (found.length > 0) rows.set(name, found.map((row) => JSON.stringify(row)).sort());
    }
    return rows;
  } finally {
    db.close();
  }
}
