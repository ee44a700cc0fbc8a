/** What `rollcall help` says. */
export const usage = `rollcall: the control server of a school district's devices

  rollcall serve [--home DIR] [--console-port N] [--agent-port N] [--listen ADDRESS] [--gateway-processes N] [--demo]
  rollcall token create [--uses N] [--expires 7d] [--label TEXT] [--person ID] [--school ID] [--platform P] [--hold] [--tag T] [--simulated]
  rollcall api-token create NAME --scope SCOPE… [--expires 90d] | list | revoke NAME
  rollcall import oneroster PATH [--dry-run] [--lenient] [--yes]
  rollcall import people PATH [--dry-run] [--lenient] [--yes]
  rollcall import list CATEGORY FILE_OR_URL [--title TEXT] [--licence TEXT]
  rollcall export DIR
  rollcall diff DIR [--prune]
  rollcall apply DIR [--dry-run] [--prune] [--yes] [--overwrite] [--note TEXT]
  rollcall apply -f FILE_OR_DIR          single documents, written by hand
  rollcall explain PERSON [DEVICE] [SETTING]
  rollcall get people|devices|profiles|compliance
  rollcall assign DEVICE PERSON [--loan]
  rollcall return DEVICE
  rollcall revoke DEVICE [--reason TEXT]
  rollcall backup FILE --recipient KEY | --passphrase-file FILE     also while the server runs
  rollcall backup check FILE --key-file FILE | --passphrase-file FILE
  rollcall backup new-key FILE
  rollcall restore FILE --key-file FILE | --passphrase-file FILE [--replace]
  rollcall audit verify [--head FILE] | head | export [--from INSTANT] [--to INSTANT] --out FILE
  rollcall person erase SOURCEDID --reason TEXT [--yes]     somebody who has left the roster
  rollcall export-evidence [--at INSTANT] --out FILE
  rollcall rotate state-key|secrets-key
  rollcall rotate issuing-certificate    while the server is stopped
  rollcall staff add NAME EMAIL [--signs-for it,curriculum]   the password comes from standard input, or is asked for
  rollcall staff sides EMAIL it,curriculum|none
  rollcall staff list
  rollcall staff disable|enable|reset-factors|reset-password|end-sessions EMAIL [--reason TEXT]
  rollcall change list|show|approve|reject|publish [ID] [--reason TEXT]

  --server URL --token-file FILE [--ca FILE]   a server elsewhere, with an API token
  --home DIR   the server's folder (ROLLCALL_HOME, else .rollcall/server here, else /var/lib/rollcall)
  --json       answers as JSON
  Exit codes: 0 done, 1 failed, 2 wrong usage, 3 server not running, 4 input refused, 5 confirmation needed.
`;
