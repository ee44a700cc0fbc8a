/** Bytes since the start, of interfaces that lead out of the device. */
export interface Traffic {
  received: number;
  sent: number;
}

/** Those would count the same bytes twice, or what never leaves the device. */
const inner = /^(lo|veth|br-|docker|virbr|tun|tap|wg|ifb|dummy|bond|team)/;

/** /proc/net/dev: after the name, received bytes are the first number and sent bytes the ninth. */
export function parseTraffic(table: string | undefined): Traffic {
  const sum = { received: 0, sent: 0 };
  for (const { received, sent } of parseInterfaces(table).values()) {
    sum.received += received;
    sum.sent += sent;
  }
  return sum;
}

/** By the name of the interface. */
export function parseInterfaces(table: string | undefined): Map<string, Traffic> {
  const found = new Map<string, Traffic>();
  for (const line of (table ?? '').split('\n')) {
    const [name = '', numbers = ''] = line.split(':');
    if (numbers === '' || inner.test(name.trim())) continue;
    const fields = numbers.trim().split(/\s+/).map(Number);
    const [received = 0, sent = 0] = [fields[0], fields[8]];
    if (Number.isFinite(received) && Number.isFinite(sent)) found.set(name.trim(), { received, sent });
  }
  return found;
}

/** Whole bytes per second; 0 when an interface went away and the counters with it. */
export function bytesPerSecond(before: Traffic, after: Traffic, seconds: number): Traffic {
  const rate = (from: number, to: number) => Math.max(0, Math.round((to - from) / seconds));
  return { received: rate(before.received, after.received), sent: rate(before.sent, after.sent) };
}
