import { networkInterfaces } from 'node:os';
import type { NetworkFacts } from '../../../shared/filter/place.ts';

/** The Wi-Fi a host is on; empty texts: on none. What could not be learned is absent. */
export type WifiFacts = Pick<NetworkFacts, 'ssid' | 'accessPoint'>;
export type WiredFacts = Pick<NetworkFacts, 'gateways' | 'addresses'>;

/** What one operating system tells of the network the host is on. What it does not tell is absent, never an exception. */
export interface NetworkReader {
  /** A text that changes when the host comes to another network. Cheap: it starts no program. */
  signature(): Promise<string>;
  wired(): Promise<WiredFacts>;
  /** Starts a program: to be asked only where a district names its Wi-Fi. */
  wifi(): Promise<WifiFacts>;
}

/** An address of this host that leads beyond it and its link. */
export interface OwnAddress {
  interface: string;
  address: string;
}

export function ownAddresses(): OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? [])
      .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
      .map(({ address }) => ({ interface: name, address })),
  );
}

/** `0:1b:2c:3:4:5` and `00-1B-2C-03-04-05` as `00:1b:2c:03:04:05`; undefined for what is no hardware address, or none yet. */
export function hardwareAddress(text: string): string | undefined {
  const parts = text.trim().toLowerCase().split(/[:-]/);
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/.test(part))) return undefined;
  const address = parts.map((part) => part.padStart(2, '0')).join(':');
  return address === '00:00:00:00:00:00' ? undefined : address;
}

/** Absent rather than empty: of a host without addresses nothing is known. */
export function wiredFacts(gateways: readonly (string | undefined)[], addresses: readonly string[]): WiredFacts {
  const known = [...new Set(gateways.filter((gateway) => gateway !== undefined))];
  return { ...(known.length > 0 && { gateways: known }), ...(addresses.length > 0 && { addresses }) };
}

/** A network name and access point, each absent when it is not known or kept from us (`<redacted>`). */
export function wifiFacts(ssid: string | undefined, accessPoint: string | undefined): WifiFacts {
  const known = ssid !== undefined && ssid !== '' && ssid !== '<redacted>';
  const address = accessPoint === undefined ? undefined : hardwareAddress(accessPoint);
  return { ...(known && { ssid }), ...(address !== undefined && { accessPoint: address }) };
}

export const onNoWifi: WifiFacts = { ssid: '', accessPoint: '' };
