/** A range of addresses as numbers: 32 bits of version 4, 128 of version 6. Both ends are included. */
export interface ParsedRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** Reads `10.20.0.0/16`, `2001:db8::/32` or a lone address. A string says in words what is wrong. */
export function parseRange(text: string): ParsedRange | string {
  const [written = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(written);
  if (!address || rest.length > 0) return `"${text}" is not an address or a range such as 10.20.0.0/16.`;
  const bits = address.version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || length > bits)) {
    return `"${text}" has a length that is not between 0 and ${bits}.`;
  }
  const others = (1n << BigInt(bits - length)) - 1n;
  if ((address.value & others) !== 0n) return `"${text}" does not begin where a range of that length does.`;
  return { version: address.version, first: address.value, last: address.value | others };
}

/** Whether an address lies in a range. False for what is no address; a zone index (`%eth0`) is left out. */
export function inRange(address: string, { version, first, last }: ParsedRange): boolean {
  const parsed = parseAddress(address.replace(/%.*$/, ''));
  return parsed !== undefined && parsed.version === version && first <= parsed.value && parsed.value <= last;
}

function parseAddress(text: string): Address | undefined {
  const value = text.includes(':') ? valueOf6(text) : valueOf4(text);
  return value === undefined ? undefined : { version: text.includes(':') ? 6 : 4, value };
}

function valueOf4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return joined(parts.map(BigInt), 8n);
}

/** RFC 4291 section 2.2: eight groups, one run of zeros left out, the last two groups perhaps as version 4. */
function valueOf6(text: string): bigint | undefined {
  const [, head = text, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const four = tail === undefined ? undefined : valueOf4(tail);
  if (tail !== undefined && four === undefined) return undefined;
  const whole = four === undefined ? head : `${head}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  const halves = whole.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [before = [], after] = halves;
  const missing = 8 - before.length - (after?.length ?? 0);
  if (halves.length > 2 || (after ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...before, ...Array.from({ length: after ? missing : 0 }, () => '0'), ...(after ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return joined(
    groups.map((group) => BigInt(`0x${group}`)),
    16n,
  );
}

function joined(parts: readonly bigint[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | part, 0n);
}
