/** Routes of the agents' listener: the TLS handshake itself demands a client certificate of this district. */
export const agentPaths = {
  /** GET with an Upgrade to a WebSocket of `subprotocol` */
  session: '/agent',
  /**
   * GET: an artefact by its SHA-256, with Range (RFC 9110 section 14). `?from=` names artefacts the device holds; the answer
   * may then be a delta from one of them (`shared/filter/delta.ts`): of `deltaType`, with the one in `deltaFromHeader`.
   */
  artifact: (hash: string, held: readonly string[] = []) =>
    `/artifacts/${hash}${held.length > 0 ? `?from=${held.slice(0, mostHeld).join(',')}` : ''}`,
  /** GET: `measuredBytes.download` noughts; POST: takes `measuredBytes.upload` bytes and throws them away. */
  throughput: '/throughput',
} as const;

/** What a measurement between a device and its own server moves, and no more. */
export const measuredBytes = { download: 8_388_608, upload: 4_194_304 } as const;

export const deltaType = 'application/vnd.rollcall.list-delta';
export const deltaFromHeader = 'rollcall-delta-from';
/** As many hashes as fit into a request line of four thousand characters. */
const mostHeld = 50;

/** The hashes in a `from`; nothing where it is anything else. */
export function heldArtifacts(from: unknown): string[] {
  const written = typeof from === 'string' ? from.split(',', mostHeld) : [];
  return written.filter((hash) => /^[0-9a-f]{64}$/.test(hash));
}
