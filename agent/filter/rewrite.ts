import { failedReply, questionFor, rewrittenReply } from './answers.ts';
import type { Forwarder } from './forwarder.ts';
import { rcodes, types } from './wire/constants.ts';
import type { Query } from './wire/query.ts';
import { readRecord } from './wire/record.ts';
import type { Reply } from './wire/reply.ts';

/**
 * The answer for a name that is sent elsewhere: an alias and the addresses of its target. Types other than addresses get
 * the alias alone, so that hints in HTTPS records of the unfiltered service are not passed on. The target is ours, so it
 * is not judged again. When its addresses cannot be had, the alias is still there beside the failure.
 */
export async function askRewritten(forwarder: Forwarder, query: Query, target: string): Promise<Reply> {
  if (query.type !== types.a && query.type !== types.aaaa) return rewrittenReply(query, target, [], rcodes.noError);
  const packet = questionFor(target, query.type);
  try {
    const answer = await new Promise<Buffer>((answered, failed) =>
      forwarder.ask({ packet, id: 0, end: packet.length, stream: false, answered, failed }),
    );
    return rewrittenReply(query, target, addressesIn(answer, packet.length, query.type), (answer[3] ?? 0) & 0xf);
  } catch (error) {
    const { rcode, error: why } = failedReply(error);
    return { ...rewrittenReply(query, target, [], rcode), ...(why ? { error: why } : {}) };
  }
}

function addressesIn(answer: Buffer, end: number, type: number): Buffer[] {
  const found: Buffer[] = [];
  let at = end;
  for (let i = answer.readUInt16BE(6); i > 0; i--) {
    const record = readRecord(answer, at);
    if (!record) return found;
    if (record.type === type && record.next - record.data === (type === types.a ? 4 : 16)) {
      found.push(answer.subarray(record.data, record.next));
    }
    at = record.next;
  }
  return found;
}
