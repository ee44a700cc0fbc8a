import type { Clock } from '../shared/clock.ts';
import type { ConnectionOptions } from './connection/connection.ts';
import type { LiveStreams } from './connection/live-streams.ts';
import type { ReportSender } from './connection/report-sender.ts';
import type { HostContext } from './context/context.ts';
import type { TlsTrust } from './identity/https.ts';
import type { IdentityKeeper } from './identity/identity-keeper.ts';
import type { TrustInbox } from './identity/trust-inbox.ts';
import type { Notices } from './notices/notices.ts';
import type { DesiredInbox } from './reconcile/desired-inbox.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { KeptVerdict } from './store/kept-verdict.ts';

export interface SessionParts {
  keeper: IdentityKeeper;
  sender: ReportSender;
  trustInbox: TrustInbox;
  inbox: DesiredInbox;
  reconciler: Reconciler;
  streams: LiveStreams;
  context: HostContext;
  verdict: KeptVerdict;
  notices: Pick<Notices, 'consider'> | undefined;
  clock: Clock;
}

/** Who acts on what the server says, and what a session's beginning and end mean to each. */
export function sessionEnds(parts: SessionParts): Pick<ConnectionOptions, 'trust' | 'handlers' | 'onEnd'> {
  const { keeper, sender, trustInbox, inbox, reconciler, streams, context, verdict, notices, clock } = parts;
  let used = keeper.credential;
  return {
    trust() {
      used = keeper.credential;
      return trustOf(keeper);
    },
    handlers: {
      welcome(body, session) {
        keeper.accepted(used);
        context.welcomed(body);
        sender.connected(session, body.acknowledged);
        reconciler.retryFailed();
      },
      trust: (body) => trustInbox.receive(body),
      desired(body, session) {
        const hashes = inbox.receive(body);
        if (hashes.length > 0) session.send('want', { hashes });
      },
      section: (body) => inbox.receiveSection(body),
      ack: (body) => sender.acknowledged(body),
      verdict(body) {
        verdict.receive(body, clock.now());
        void notices?.consider(body);
      },
      streamOpen: (body, session) => void streams.open(body, session),
      streamClose: (body) => streams.close(body.stream),
    },
    onEnd(refused) {
      inbox.disconnected();
      sender.disconnected();
      streams.closeAll();
      if (refused) keeper.refused(used);
    },
  };
}

/** The district's root, and the certificate to show. */
export function trustOf(keeper: IdentityKeeper): TlsTrust & { credential: NonNullable<TlsTrust['credential']> } {
  return { root: keeper.identity.trust.root, credential: keeper.credential };
}
