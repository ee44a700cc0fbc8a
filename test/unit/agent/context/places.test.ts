import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkReader, WifiFacts, WiredFacts } from '../../../../agent/context/network/reader.ts';
import { Places } from '../../../../agent/context/places.ts';
import type { CampusNetwork } from '../../../../shared/filter/place.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

class FakeNetwork implements NetworkReader {
  facts: WiredFacts = { gateways: ['00:11:22:33:44:55'], addresses: ['10.20.3.4'] };
  wifiFacts: WifiFacts = {};
  wifiAsked = 0;
  wiredAsked = 0;
  broken = false;

  async signature(): Promise<string> {
    if (this.broken) throw new Error('broken');
    return JSON.stringify([this.facts, this.wifiFacts]);
  }
  async wired(): Promise<WiredFacts> {
    this.wiredAsked += 1;
    return this.facts;
  }
  async wifi(): Promise<WifiFacts> {
    this.wifiAsked += 1;
    return this.wifiFacts;
  }
}

const lan: CampusNetwork = { name: 'Lincoln High', gateways: ['00:11:22:33:44:55'] };
const uplink: CampusNetwork = { name: 'Uplink', publicAddresses: ['198.51.100.0/24'] };
const wifi: CampusNetwork = { name: 'Wi-Fi', ssids: ['Student'] };
const home: WiredFacts = { gateways: ['66:66:66:66:66:66'], addresses: ['192.168.1.20'] };

let network: FakeNetwork;
let clock: FakeClock;
let log: FakeLog;
let places: Places;
let moves: string[];

beforeEach(() => {
  network = new FakeNetwork();
  clock = new FakeClock();
  log = new FakeLog();
  places = new Places({ network, clock, log });
  moves = [];
  places.onMoved(() => moves.push(places.here.place));
});

afterEach(() => {
  places.stop();
  expect(clock.pending).toBe(0);
});

/** Lets half a minute pass and what that began come to its end. */
async function later(ms = 30_000): Promise<void> {
  clock.advance(ms);
  await places.look();
}

describe('the place of this host', () => {
  it('is unknown at first, then worked out at once', async () => {
    expect(places.here).toEqual({ place: 'unknown' });
    await places.use([lan]);
    expect(places.here).toEqual({ place: 'on-campus', network: 'Lincoln High' });
    expect(moves).toEqual(['on-campus']);
  });

  it('follows the network within half a minute, and says each move once', async () => {
    await places.use([lan]);
    network.facts = home;
    await later();
    await later();
    network.facts = { gateways: ['00:11:22:33:44:55'] };
    await later();
    expect(moves).toEqual(['on-campus', 'off-campus', 'on-campus']);
  });

  it('follows at once when told that the network may have changed', async () => {
    await places.use([lan]);
    network.facts = home;
    await places.look();
    expect(moves).toEqual(['on-campus', 'off-campus']);
  });

  it('asks again only when the network changed', async () => {
    await places.use([lan]);
    for (let i = 0; i < 10; i += 1) await later();
    expect(network.wiredAsked).toBe(1);
  });

  it('asks again after minutes while the place is unknown', async () => {
    network.facts = {};
    await places.use([lan]);
    await later();
    expect(network.wiredAsked).toBe(1);
    for (let i = 0; i < 10; i += 1) await later();
    expect(network.wiredAsked).toBe(2);
  });

  it('looks at nothing where no campus is given', async () => {
    await places.use([lan]);
    await places.use([]);
    expect(places.here).toEqual({ place: 'off-campus' });
    expect(clock.pending).toBe(0);
    expect(network.wiredAsked).toBe(1);
  });

  it('asks for the Wi-Fi only where one is named', async () => {
    await places.use([lan]);
    expect(network.wifiAsked).toBe(0);
    network.wifiFacts = { ssid: 'Student' };
    await places.use([wifi]);
    expect(network.wifiAsked).toBe(1);
    expect(places.here.network).toBe('Wi-Fi');
  });

  it('goes by other networks as soon as the section names them', async () => {
    await places.use([lan]);
    await places.use([{ ...lan, gateways: ['00:00:00:00:00:01'] }]);
    expect(moves).toEqual(['on-campus', 'off-campus']);
  });

  it('believes the address the server saw, on the network where it was seen', async () => {
    await places.use([uplink]);
    expect(places.here.place).toBe('unknown');
    await places.seenFrom('198.51.100.7');
    expect(places.here.place).toBe('on-campus');
    network.facts = { addresses: ['10.20.3.4', '2001:db8::7'] };
    await later();
    expect(places.here.place).toBe('on-campus');
    network.facts = home;
    await later();
    expect(places.here.place).toBe('unknown');
    await places.seenFrom('203.0.113.9');
    expect(places.here.place).toBe('off-campus');
  });

  it('tells two networks of the same addresses apart by the gateway', async () => {
    await places.use([uplink]);
    await places.seenFrom('198.51.100.7');
    network.facts = { ...network.facts, gateways: ['66:66:66:66:66:66'] };
    await later();
    expect(places.here.place).toBe('unknown');
  });

  it('stays when the network cannot be read, and says so', async () => {
    await places.use([lan]);
    network.broken = true;
    await later();
    expect(places.here.place).toBe('on-campus');
    expect(log.said.map(({ level }) => level)).toEqual(['warn']);
  });
});
