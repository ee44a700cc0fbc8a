/*
 * The little of the DNS wire format (RFC 1035, RFC 6891) that every query passes through, read by hand from hostile
 * bytes: nothing in this folder throws, whatever the packet holds.
 */

export const headerLength = 12;
export const types = {
  a: 1,
  cname: 5,
  aaaa: 28,
  dname: 39,
  opt: 41,
  svcb: 64,
  https: 65,
  ixfr: 251,
  axfr: 252,
  any: 255,
};
export const rcodes = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5, badVersion: 16 };
export const classIn = 1;
export const flagBits = {
  response: 0x8000,
  opcode: 0x7800,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  checkingDisabled: 0x0010,
};
