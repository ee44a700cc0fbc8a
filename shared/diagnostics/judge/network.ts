import type { ProbeResult } from '../probe.ts';
import { counted, msWords, percentWords, spanWords } from './measures.ts';
import { bad, notApplicable, ok, type Seen, unknown, warn } from './result.ts';

export interface WifiFacts {
  /** Absent: the device has no Wi-Fi; undefined values: the system does not tell. */
  adapter: 'none' | 'off' | 'present' | undefined;
  /** Whether it is joined to a network, and whether another way leads out. */
  isJoined?: boolean;
  hasOtherWay?: boolean;
  network?: string;
  signalDbm?: number;
  signalPercent?: number;
  bitrateMbps?: number;
  /** Share of packets that had to be sent again. */
  retryPercent?: number;
  /** Times it went to another access point or lost its own in the last fifteen minutes. */
  roams?: number;
}

const limits = { weakDbm: -75, tooWeakDbm: -82, weakPercent: 40, tooWeakPercent: 20, retries: 30, roams: 6 };

/** The radio: strength, what has to be said twice, and wandering between access points. */
export function judgeWifi(facts: WifiFacts): ProbeResult {
  const { adapter, isJoined, hasOtherWay, signalDbm, signalPercent, retryPercent = 0, roams = 0 } = facts;
  if (adapter === undefined) return unknown('wifi', 'The system does not tell of its Wi-Fi.');
  if (adapter === 'none') return notApplicable('wifi', 'This device has no Wi-Fi.');
  const seen = wifiSeen(facts);
  if (adapter === 'off' && !hasOtherWay)
    return bad(
      'wifi',
      'Wi-Fi is switched off.',
      seen,
      'Switch it on: flight mode, a key with an antenna, or a switch at the side.',
    );
  if (!isJoined && hasOtherWay) return ok('wifi', 'No Wi-Fi is joined; the device goes another way.', seen);
  if (isJoined === false)
    return bad(
      'wifi',
      'The device has joined no Wi-Fi.',
      seen,
      'Choose the school’s network; if it is not listed, move closer to an access point.',
    );
  const closer = 'Move closer to an access point; if others nearby are slow too, the access point needs a look.';
  if ((signalDbm ?? 0) <= limits.tooWeakDbm || (signalPercent ?? 100) <= limits.tooWeakPercent)
    return bad('wifi', `The Wi-Fi signal is too weak (${signalWords(facts)}).`, seen, closer);
  if ((signalDbm ?? 0) <= limits.weakDbm || (signalPercent ?? 100) <= limits.weakPercent)
    return warn('wifi', `The Wi-Fi signal is weak (${signalWords(facts)}).`, seen, closer);
  if (retryPercent >= limits.retries)
    return warn(
      'wifi',
      `The air is crowded: ${percentWords(retryPercent)} of what is sent by Wi-Fi has to be repeated.`,
      seen,
      closer,
    );
  if (roams >= limits.roams)
    return warn('wifi', `The device changed or lost its access point ${roams} times in fifteen minutes.`, seen, closer);
  if (signalDbm === undefined && signalPercent === undefined)
    return unknown('wifi', 'Wi-Fi is joined, but the system does not tell how strong it is.', seen);
  return ok('wifi', `The Wi-Fi signal is good (${signalWords(facts)}).`, seen);
}

const signalWords = ({ signalDbm, signalPercent }: WifiFacts) =>
  signalDbm === undefined ? percentWords(signalPercent ?? 0) : `${Math.round(signalDbm)} dBm`;

function wifiSeen(facts: WifiFacts): Seen {
  const { network, signalDbm, signalPercent, bitrateMbps, retryPercent, roams } = facts;
  return {
    network,
    signal: signalDbm === undefined && signalPercent === undefined ? undefined : signalWords(facts),
    'speed of the link': bitrateMbps === undefined ? undefined : `${Math.round(bitrateMbps)} Mbit/s`,
    'sent again': retryPercent === undefined ? undefined : percentWords(retryPercent),
    'access points in 15 minutes': roams === undefined ? undefined : counted(roams, 'change'),
  };
}

export interface AddressFacts {
  interfaces: {
    name: string;
    /** A cable is in, or a network is joined; undefined: not told. */
    hasLink?: boolean;
    addresses: string[];
  }[];
  /** Until the network takes the address back, milliseconds; negative: it should have. */
  leaseLeftMs?: number;
}

const isLinkLocal = (address: string) => /^(169\.254\.|fe[89ab])/i.test(address);

/** Whether the network gave the device an address. */
export function judgeAddress({ interfaces, leaseLeftMs }: AddressFacts): ProbeResult {
  const seen: Seen = {
    ...Object.fromEntries(interfaces.slice(0, 8).map((one) => [one.name, addressWords(one)])),
    lease:
      leaseLeftMs === undefined
        ? undefined
        : leaseLeftMs < 0
          ? `ended ${spanWords(-leaseLeftMs)} ago`
          : `for ${spanWords(leaseLeftMs)} more`,
  };
  const all = interfaces.flatMap(({ addresses }) => addresses);
  if (all.some((address) => !isLinkLocal(address))) {
    if (leaseLeftMs === undefined || leaseLeftMs >= 0)
      return ok('address', 'The network gave the device an address.', seen);
    return warn(
      'address',
      'The lease of the address is over and the network has not renewed it.',
      seen,
      'Renew the network; look whether the DHCP server answers.',
    );
  }
  if (interfaces.every(({ hasLink }) => hasLink === false))
    return bad(
      'address',
      'The device is connected to no network: no cable is in and no Wi-Fi is joined.',
      seen,
      'Join the Wi-Fi or plug the cable in.',
    );
  if (all.some((address) => address.startsWith('169.254.')))
    return bad(
      'address',
      'The network gave the device no address (DHCP): it made one up (169.254…), with which nothing can be reached.',
      seen,
      'Renew the network; if others nearby have the same, the DHCP server is full or does not answer.',
    );
  return bad(
    'address',
    'The device has no address on any network.',
    seen,
    'Renew the network; if it stays, join it anew.',
  );
}

function addressWords({ hasLink, addresses }: AddressFacts['interfaces'][number]): string {
  const link = hasLink === undefined ? '' : hasLink ? ', connected' : ', not connected';
  return `${addresses.length === 0 ? 'no address' : addresses.join(', ')}${link}`;
}

export interface GatewayFacts {
  /** Absent: there is no way out of the own network. */
  gateway?: string;
  /** Undefined: it could not be asked. */
  pings?: { sent: number; answered: number; ms?: number };
  /** The router's hardware address is known: it has spoken lately. */
  isNeighbour?: boolean;
}

const slowGatewayMs = 150;

/** The first step out: the router. */
export function judgeGateway({ gateway, pings, isNeighbour }: GatewayFacts): ProbeResult {
  if (gateway === undefined)
    return bad(
      'gateway',
      'No router is known: there is no way out of this network.',
      {},
      'Renew the network; if it stays, the DHCP server gives no router.',
    );
  const seen: Seen = {
    router: gateway,
    ping:
      pings && `${pings.answered} of ${pings.sent} answered${pings.ms === undefined ? '' : `, ${msWords(pings.ms)}`}`,
    'has spoken lately': isNeighbour === undefined ? undefined : isNeighbour ? 'yes' : 'no',
  };
  if (pings && pings.answered > 0) {
    if (pings.answered < pings.sent || (pings.ms ?? 0) > slowGatewayMs)
      return warn(
        'gateway',
        'The way to the router is slow or loses packets.',
        seen,
        'Move closer to the access point, or try a cable; if others have the same, look at the access point.',
      );
    return ok('gateway', 'The router answers.', seen);
  }
  if (isNeighbour) return ok('gateway', 'The router is there; it does not answer pings.', seen);
  if (pings === undefined && isNeighbour === undefined)
    return unknown('gateway', 'The router could not be asked.', seen);
  return bad(
    'gateway',
    'The router does not answer.',
    seen,
    'Join the network anew; if others nearby have the same, the router or the access point is down.',
  );
}

export interface PortalFacts {
  /** What came instead of the answer that is always the same. */
  outcome: 'open' | 'portal' | 'silent';
  words: string;
}

/** Whether the network lets nobody out before a sign-in. */
export function judgePortal({ outcome, words }: PortalFacts): ProbeResult {
  const seen = { 'a page that is always the same': words };
  if (outcome === 'open') return ok('captive-portal', 'The network wants no sign-in.', seen);
  if (outcome === 'silent')
    return unknown(
      'captive-portal',
      'Whether the network wants a sign-in cannot be told: the page that shows it does not answer.',
      seen,
    );
  return bad(
    'captive-portal',
    'This network lets nothing through before somebody signs in on its page (captive portal).',
    seen,
    'Open a browser: the sign-in page comes by itself, or after an address that begins with http. Sign in there, or use another network.',
  );
}

export interface LookupStep {
  outcome: 'answered' | 'no-such-name' | 'failed' | 'silent' | 'not-asked';
  ms?: number;
  words?: string;
}

export interface NameLookupFacts {
  name: string;
  /** As programs on this device ask. */
  system: LookupStep;
  /** The agent's resolver; `not-asked` where no web filter is in force. */
  filter: LookupStep;
  /** The servers behind it. */
  upstream: LookupStep;
}

const slowLookupMs = 1_500;
const works = ({ outcome }: LookupStep) => outcome === 'answered' || outcome === 'no-such-name';

/** The way of a name: system, then filter, then the servers behind it. The first that fails from behind is at fault. */
export function judgeNameLookup({ name, system, filter, upstream }: NameLookupFacts): ProbeResult {
  const seen: Seen = {
    'name asked for': name,
    'as programs ask': stepWords(system),
    'the web filter of this device': stepWords(filter),
    'the servers behind it': stepWords(upstream),
  };
  const hasFilter = filter.outcome !== 'not-asked';
  const restart = 'Restart the agent; if it stays, its log says why.';
  if (hasFilter && filter.outcome === 'silent' && works(upstream))
    return bad(
      'name-lookup',
      'Names cannot be looked up: the web filter of this device does not answer, though the servers behind it do.',
      seen,
      restart,
    );
  if (!works(upstream) && upstream.outcome !== 'not-asked' && (hasFilter || !works(system)))
    return bad(
      'name-lookup',
      'Names cannot be looked up: the name server of this network or this policy does not answer.',
      seen,
      'Try another network. If that helps, the name server of this one is down or blocked; else look at the resolver the policy names.',
    );
  if (hasFilter && !works(filter))
    return bad(
      'name-lookup',
      'Names cannot be looked up: the web filter of this device gives no answer.',
      seen,
      restart,
    );
  if (!works(system) && system.outcome !== 'not-asked')
    return bad(
      'name-lookup',
      hasFilter
        ? 'Names cannot be looked up by programs, though the web filter answers: the system asks somebody else, or its own resolver hangs.'
        : 'Names cannot be looked up: the name server of this network does not answer.',
      seen,
      hasFilter
        ? 'Let the device check again: the agent puts the settings right. Then restart the device.'
        : 'Renew the network, or try another one.',
    );
  if (!works(system) && !works(filter)) return unknown('name-lookup', 'Nobody could be asked for a name.', seen);
  if ((system.ms ?? filter.ms ?? 0) >= slowLookupMs)
    return warn(
      'name-lookup',
      `Looking up names is slow (${msWords(system.ms ?? filter.ms ?? 0)}).`,
      seen,
      'See which of the steps takes the time: the servers behind the filter may be far away or overloaded.',
    );
  return ok('name-lookup', 'Names are looked up.', seen);
}

function stepWords({ outcome, ms, words }: LookupStep): string {
  const said = {
    answered: 'answered',
    'no-such-name': 'answered (no such name)',
    failed: 'gave an error',
    silent: 'did not answer',
    'not-asked': 'not asked',
  }[outcome];
  const more = [ms === undefined || outcome === 'not-asked' ? '' : msWords(ms), words ?? ''].filter(
    (part) => part !== '',
  );
  return more.length === 0 ? said : `${said} (${more.join(', ')})`;
}
