/**
 * The protocol between agent and server: one integer.
 *
 * - 1 (2026-11): hello, welcome, trust, desired, want, section, report, ack, stream-open, stream-chunk, stream-close,
 *   restarting, error.
 *   Later within 1, and ignored by agents that do not know it: verdict; tickets; record-reads; diagnosis-open, diagnosis-close, examine and
 *   bundle-ask with the agent's answers diagnosis-state, examination and bundle; stream-open names its diagnosis, without
 *   which it is refused.
 *
 * A server speaks every version whose golden frames are in `test/golden/protocol`.
 */
export const protocolVersion = 1;

/** The WebSocket subprotocol (RFC 6455 section 1.9) both sides demand. */
export const subprotocol = 'rollcall.1';
