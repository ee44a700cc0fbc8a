/**
 * How a process that only holds connections is started. OpenSSL's side of a connection has a read buffer of 64 KiB of which
 * one page or two are ever used: from the kernel (mmap) each is fresh and costs those pages, from glibc's heap it is made of
 * memory used before and costs all of it. Hardly anything there lives long enough for a larger young generation to pay.
 * Measured in docs/decisions/0038-what-a-connection-costs.md.
 */
export const frontMemory = {
  environment: { GLIBC_TUNABLES: 'glibc.malloc.mmap_threshold=60000' },
  flags: ['--max-semi-space-size=4'],
} as const;
