/** A process that writes to the log of a database that others write to as well: `event-writer.ts PATH NAME COUNT`. */
import { EventStore } from '../../server/store/events.ts';
import { openStore } from '../../server/store/open.ts';

const [path = '', name = '', count = ''] = process.argv.slice(2);
const db = await openStore(path);
const events = new EventStore(db);
for (let n = 0; n < Number(count); n++)
  await events.add({
    at: n,
    actor: name,
    code: 'written',
    words: `${name} ${n}`,
    subject_kind: null,
    subject_id: null,
  });
await db.destroy();
