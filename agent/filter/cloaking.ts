import { types } from './wire/constants.ts';
import { readName } from './wire/name.ts';
import { readRecord } from './wire/record.ts';

/**
 * The names an answer leads on to: targets of CNAME and DNAME, and of HTTPS and SVCB records (RFC 9460). A blocked
 * service can hide behind an innocent name this way. Undefined when the answer section is malformed.
 */
export function leadsTo(answer: Buffer, end: number): string[] | undefined {
  const found: string[] = [];
  const count = answer.readUInt16BE(6);
  let at = end;
  for (let i = 0; i < count; i++) {
    const record = readRecord(answer, at);
    if (!record) return undefined;
    const target = targetOffset(record.type, record.data);
    if (target !== undefined) {
      const name = target < record.next ? readName(answer, target) : undefined;
      if (!name) return undefined;
      if (name.name !== '') found.push(name.name);
    }
    at = record.next;
  }
  return found;
}

/** SVCB and HTTPS data begin with a priority of two bytes. */
function targetOffset(type: number, data: number): number | undefined {
  if (type === types.cname || type === types.dname) return data;
  return type === types.https || type === types.svcb ? data + 2 : undefined;
}
