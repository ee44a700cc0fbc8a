import { parentPort, workerData } from 'node:worker_threads';
import { CustodyStore } from '../../server/store/custody.ts';
import { openStore } from '../../server/store/open.ts';

/** A second server on the same file: hands the device to one person after the other as fast as it can. */
const { path, name, people } = workerData as { path: string; name: string; people: string[] };
const db = await openStore(path);
const store = new CustodyStore(db);
for (const [at, personId] of people.entries()) {
  await store.open({ id: `${name}-${at}`, deviceId: 'd1', personId, kind: 'primary', at, by: name });
}
await db.destroy();
parentPort?.postMessage('done');
