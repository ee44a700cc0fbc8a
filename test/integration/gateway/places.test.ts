import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeenPlaces } from '../../../server/gateway/seen-places.ts';
import { DocumentStore } from '../../../server/store/documents.ts';
import { filterSettingsDefaults } from '../../../shared/api/schemas.ts';
import type { CampusNetwork } from '../../../shared/filter/place.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { FakeDevice, type Line } from '../../fakes/device.ts';

const patience = { timeout: 10_000 };

describe('the place of a device that is connected', () => {
  let server: AgentServer;
  let places: SeenPlaces;
  let documents: DocumentStore;
  let device: FakeDevice;
  let line: Line;
  let version = 0;

  beforeEach(async () => {
    version = 0;
    server = await startAgentServer({ placeOf: (address) => places.of(address) });
    documents = new DocumentStore(server.db);
    places = new SeenPlaces({ documents, bus: server.bus });
    await places.start();
    device = await FakeDevice.make('laptop');
    await device.enroll(server.enrolmentPort, await server.token());
    line = await device.join(server.agentPort);
  });
  afterEach(async () => {
    await line.cut();
    await places.stop();
    await server.stop();
    expect(server.failures).toEqual([]);
  });

  const save = async (campus: CampusNetwork[], rest = {}) => {
    await documents.save('filter-settings', { ...filterSettingsDefaults, ...rest, campus }, version, 1);
    version += 1;
    server.bus.publish('filter-changed', {});
  };
  const placeOfIt = async () => {
    const row = server.db.selectFrom('device').select('place').where('id', '=', device.deviceId);
    return (await row.executeTakeFirstOrThrow()).place;
  };
  const loopback: CampusNetwork = { name: 'Here', publicAddresses: ['127.0.0.0/8'] };
  const elsewhere: CampusNetwork = { name: 'There', publicAddresses: ['203.0.113.0/24'] };

  it('follows the campus networks as they are saved, and is told to whom it matters', async () => {
    const moves: unknown[] = [];
    server.bus.subscribe('device-changed', (change) => void moves.push(change));
    expect(await placeOfIt()).toBeNull();
    await save([loopback]);
    await expect.poll(placeOfIt, patience).toBe('on-campus');
    await save([elsewhere]);
    await expect.poll(placeOfIt, patience).toBe('off-campus');
    await save([]);
    await expect.poll(placeOfIt, patience).toBeNull();
    const move = { deviceIds: [device.deviceId], only: 'place' };
    await expect.poll(() => moves, patience).toEqual([move, move, move]);
    expect(server.gateway.isConnected(device.deviceId)).toBe(true);
  });

  it('is not looked at again for other settings of the filter, nor told where it is the same', async () => {
    const changes: string[] = [];
    await save([loopback]);
    await expect.poll(placeOfIt, patience).toBe('on-campus');
    server.bus.subscribe('device-changed', () => void changes.push('device'));
    server.bus.subscribe('campus-changed', () => void changes.push('campus'));
    await save([loopback], { requestHours: 7 });
    await save([loopback, elsewhere]);
    await expect.poll(() => changes, patience).toEqual(['campus']);
    await save([elsewhere]);
    await expect.poll(placeOfIt, patience).toBe('off-campus');
    await expect.poll(() => changes, patience).toEqual(['campus', 'campus', 'device']);
  });
});
