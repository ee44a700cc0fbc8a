import { constants } from 'node:crypto';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type FastifyBaseLogger, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Leaf } from '../pki/leaf.ts';

/** What a listener needs of its certificate. */
export type LeafInUse = Pick<Leaf, 'tls' | 'onRenewed'>;

/** A line of 2 s latency that loses every third packet needs these times: TCP alone repeats itself for as long. */
const handshakeWithinMs = 30_000;
const headersWithinMs = 30_000;
const requestWithinMs = 60_000;
const connectionsChecked = 5_000;
/** Agents ask once and go; a connection kept open without a request only holds a place. */
const keptIdleMs = 5_000;

/**
 * Without the post-quantum group that OpenSSL would prefer: of it a connection keeps 7 KB for as long as it lasts
 * (docs/decisions/0038-what-a-connection-costs.md).
 */
const keptOpen = { ecdhCurve: 'X25519:P-256', requestCert: true, rejectUnauthorized: true } as const;

/** TLS 1.3 only: every agent is ours. No session tickets: they cost 13 KB and a tenth of the handshakes (the same decision). */
export function tlsOptions(leaf: LeafInUse, clientCas?: string) {
  return {
    ...leaf.tls,
    minVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: handshakeWithinMs,
    // Here, for Fastify gives its option `http` to servers without TLS alone.
    headersTimeout: headersWithinMs,
    connectionsCheckingInterval: connectionsChecked,
    ...(clientCas === undefined ? {} : { ca: clientCas, ...keptOpen }),
  } as const;
}

/** Options every listener of the gateway shares: small bodies, no patience with slow requests, our own log. */
export function listenerOptions(log: Logger, bodyLimit: number) {
  return {
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: requestWithinMs,
    keepAliveTimeout: keptIdleMs,
  } as const;
}

/** Hands each renewed leaf to the listener; returns the function that stops it. */
export function followLeaf(server: Server, leaf: LeafInUse, clientCas?: string): () => void {
  return leaf.onRenewed(() => server.setSecureContext(tlsOptions(leaf, clientCas)));
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
