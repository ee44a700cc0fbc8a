/** WebSocket close codes (RFC 6455 section 7.4.2, private range) with their meaning. */
export const closeCodes = {
  badFrame: 4400,
  notAllowed: 4403,
  clone: 4409,
  replaced: 4410,
  tooLarge: 4413,
  flooding: 4429,
  revoked: 4440,
  restarting: 4503,
} as const;
