import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { startAgentServer } from '../../fakes/agent-server.ts';
import { FakeDevice } from '../../fakes/device.ts';

it('what the disk did not take is not acknowledged by a welcome either', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-acknowledged-'));
  const database = join(folder, 'store.db');
  const datasync = async () => {
    throw new Error('EIO');
  };
  const server = await startAgentServer({ database, disk: { datasync, close: async () => undefined } });
  const device = await FakeDevice.make('laptop');
  await device.enroll(server.enrolmentPort, await server.token());
  await sql`pragma busy_timeout = 0`.execute(server.db);
  const line = await device.join(server.agentPort);
  line.send('report', device.report({ kind: 'event', at: 1, code: 'held', detail: '' }));
  await line.ended;

  const reader = new SqliteDatabase(database, { readonly: true });
  reader.exec('begin; select * from setting');
  const refused = await device.connect(server.agentPort);
  refused.send('hello', device.hello());
  expect(await Promise.race([refused.ended, refused.next('welcome', 10_000)])).toMatchObject({ code: 1011 });

  reader.close();
  expect((await device.join(server.agentPort)).welcome.acknowledged).toBe(1);
  await server.stop();
  await rm(folder, { recursive: true });
});
