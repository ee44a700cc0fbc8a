import Type from 'typebox';
import { strictObject, text } from '../schema.ts';

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
  gateways?: readonly string[];
  ssid?: string;
  accessPoint?: string;
  addresses?: readonly string[];
  publicAddress?: string;
}
