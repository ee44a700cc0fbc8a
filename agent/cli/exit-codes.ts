/** What the exit code of `rollcall-agent` means; scripts rely on it. */
export const exitCodes = {
  ok: 0,
  /** Something failed; the words say what. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  notEnrolled: 3,
  /** The server answered and refused. */
  refused: 4,
  /** The server could not be reached. */
  unreachable: 5,
  /** The server is not the one of the token: its certificate authority differs. */
  wrongServer: 6,
  /** Another agent uses this home. */
  busy: 7,
} as const;
