import Type from 'typebox';
import { strictObject, text } from '../schema.ts';
import { inRange, parseRange } from './range.ts';

export { inRange, type ParsedRange, parseRange } from './range.ts';

/** `aa:bb:cc:dd:ee:ff`, lower case. */
const MacAddress = Type.String({ pattern: '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$' });
/** An address or a range: `10.20.0.0/16`, `2001:db8::/32`. Read by `parseRange`. */
export const AddressRange = Type.String({ pattern: '^[0-9a-fA-F:.]{2,45}(/\\d{1,3})?$' });

/**
 * How a device knows that it is on campus. Of each kind that is given one must match, and at least one kind must be
 * given: the more kinds, the harder to imitate at home. The name of a Wi-Fi alone is easy to imitate.
 */
export const CampusNetwork = strictObject({
  name: text(100, { minLength: 1 }),
  /** Hardware addresses of the default gateway. */
  gateways: Type.Optional(Type.Array(MacAddress, { minItems: 1, maxItems: 200 })),
  /** Names of the Wi-Fi network. */
  ssids: Type.Optional(Type.Array(text(32, { minLength: 1 }), { minItems: 1, maxItems: 50 })),
  /** Hardware addresses of access points. */
  accessPoints: Type.Optional(Type.Array(MacAddress, { minItems: 1, maxItems: 500 })),
  /** The device's own addresses. */
  addresses: Type.Optional(Type.Array(AddressRange, { minItems: 1, maxItems: 50 })),
  /** The address the server sees the device at, which a student cannot choose. */
  publicAddresses: Type.Optional(Type.Array(AddressRange, { minItems: 1, maxItems: 50 })),
});
export type CampusNetwork = Type.Static<typeof CampusNetwork>;

/** `unknown`: nothing could be learned of the network; then what is stricter holds. */
export const places = ['on-campus', 'off-campus', 'unknown'] as const;
export type Place = (typeof places)[number];

/** What a device knows of the network it is on; what could not be learned is absent. */
export interface NetworkFacts {
  /** Hardware addresses of the default gateways. */
  gateways?: readonly string[];
  /** Empty: on no Wi-Fi. */
  ssid?: string;
  /** Empty: on no Wi-Fi. */
  accessPoint?: string;
  addresses?: readonly string[];
  publicAddress?: string;
}

/** What is wrong with the networks of a campus, each with its place; empty when they can be saved. */
export function campusProblems(campus: readonly CampusNetwork[]): string[] {
  return campus.flatMap((network) => {
    const where = `The network "${network.name}"`;
    const ranges = [...(network.addresses ?? []), ...(network.publicAddresses ?? [])].map(parseRange);
    const isKnown = proofs.some((proof) => network[proof] !== undefined);
    return [
      ...(isKnown ? [] : [`${where} says nothing to know it by. Give at least the addresses of its gateways.`]),
      ...ranges.filter((range) => typeof range === 'string').map((words) => `${where}: ${words}`),
    ];
  });
}

/** Where a device is, and by which campus network that is known. */
export interface Whereabouts {
  place: Place;
  network?: string;
}

/**
 * On campus when a network matches in every kind it gives; off campus when the device knows something that contradicts
 * each network; unknown while one might still be it. Where no networks are given, every place is off campus. Pure.
 */
export function placeOf(campus: readonly CampusNetwork[], facts: NetworkFacts): Whereabouts {
  let isCertain = true;
  for (const network of campus) {
    const answers = proofs.filter((proof) => network[proof]).map((proof) => matches[proof](network, facts));
    if (answers.length === 0 || answers.includes(false)) continue;
    if (answers.every((answer) => answer === true)) return { place: 'on-campus', network: network.name };
    isCertain = false;
  }
  return { place: isCertain ? 'off-campus' : 'unknown' };
}

const proofs = ['gateways', 'ssids', 'accessPoints', 'addresses', 'publicAddresses'] as const;

/** Undefined: the device does not know. */
type Match = (network: CampusNetwork, facts: NetworkFacts) => boolean | undefined;

const matches: Record<(typeof proofs)[number], Match> = {
  gateways: ({ gateways = [] }, facts) => facts.gateways?.some((gateway) => gateways.includes(gateway)),
  ssids: ({ ssids = [] }, { ssid }) => (ssid === undefined ? undefined : ssids.includes(ssid)),
  accessPoints: ({ accessPoints = [] }, { accessPoint }) =>
    accessPoint === undefined ? undefined : accessPoints.includes(accessPoint),
  addresses: ({ addresses = [] }, facts) => facts.addresses?.some((address) => isWithin(addresses, address)),
  publicAddresses: ({ publicAddresses = [] }, { publicAddress }) =>
    publicAddress === undefined ? undefined : isWithin(publicAddresses, publicAddress),
};

/** A range that cannot be read holds no address. */
function isWithin(ranges: readonly string[], address: string): boolean {
  return ranges.map(parseRange).some((range) => typeof range !== 'string' && inRange(address, range));
}
