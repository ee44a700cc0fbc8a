/**
 * The protocol between agent and server: one integer.
 *
 * - 1 (2026-11): hello, welcome, trust, desired, want, section, report, ack, stream-open, stream-chunk, stream-close,
 *   restarting, error.
 *   Later within 1, and ignored by agents that do not know it: verdict; tickets; record-reads; diagnosis-open, diagnosis-close, examine and
 *   bundle-ask with the agent's answers diagnosis-state, examination and bundle; stream-open names its diagnosis, without
 *   which it is refused.
 *
 * Within a version messages and optional fields of bodies may be added: a reader answers a message it does not know with
 * `unknown-type` and goes on, and leaves out fields it does not know. Everything else is a new version: other meanings, kinds
 * of records, the envelope. Golden frames of every released version stay in `test/golden/protocol`, and a server speaks
 * them all: agents are renewed in rings, over weeks, and some lie in drawers.
 */
export const protocolVersion = 1;

/** Every version this side speaks, the newest first. */
const spokenVersions: readonly number[] = [protocolVersion];

export function isSpoken(version: number): boolean {
  return spokenVersions.includes(version);
}

/** The WebSocket subprotocols (RFC 6455 section 1.9) this side offers or takes, the best first: one for each version. */
export const subprotocols: readonly string[] = spokenVersions.map((version) => `rollcall.${version}`);

/** The best that both sides speak; undefined: there is none. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | undefined {
  return subprotocols.find((spoken) => offered.has(spoken));
}

/** The one of the newest version. */
export const subprotocol = `rollcall.${protocolVersion}`;
