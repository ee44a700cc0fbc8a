import type { Clock } from '../shared/clock.ts';
import type { RecordReadsMessage } from '../shared/protocol/messages.ts';
import type { CommandDesk } from './commands/desk.ts';
import type { ConnectionOptions } from './connection/connection.ts';
import type { ReportSender } from './connection/report-sender.ts';
import type { HostContext } from './context/context.ts';
import type { DiagnosisDesk } from './diagnostics/session/desk.ts';
import type { TlsTrust } from './identity/https.ts';
import type { IdentityKeeper } from './identity/identity-keeper.ts';
import type { TrustInbox } from './identity/trust-inbox.ts';
import type { Notices } from './notices/notices.ts';
import type { DesiredInbox } from './reconcile/desired-inbox.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { HelpBook } from './store/help-book.ts';
import type { KeptLatest } from './store/kept-latest.ts';
import type { ReceivedVerdict } from './store/received-verdict.ts';

export interface SessionParts {
  keeper: IdentityKeeper;
  sender: ReportSender;
  trustInbox: TrustInbox;
  inbox: DesiredInbox;
  reconciler: Reconciler;
  diagnosis: DiagnosisDesk;
  context: HostContext;
  verdict: KeptLatest<ReceivedVerdict>;
  recordReads: KeptLatest<RecordReadsMessage>;
  help: Pick<HelpBook, 'receive'>;
  notices: Pick<Notices, 'consider'> | undefined;
  desk: Pick<CommandDesk, 'receive'>;
  clock: Clock;
}

/** Who acts on what the server says, and what a session's beginning and end mean to each. */
export function sessionEnds(parts: SessionParts): Pick<ConnectionOptions, 'trust' | 'handlers' | 'onEnd'> {
  const { keeper, sender, trustInbox, inbox, reconciler, diagnosis, context, verdict, help, notices, desk, clock } =
    parts;
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
      command: (body) => desk.receive(body),
      verdict(body) {
        verdict.keep({ verdict: body, receivedAt: clock.now() });
        void notices?.consider(body);
      },
      tickets: (body) => help.receive(body),
      recordReads: (body) => parts.recordReads.keep(body),
      diagnosisOpen: (body, session) => void diagnosis.open(body, session),
      diagnosisClose: (body) => diagnosis.close(body),
      examine: (body, session) => void diagnosis.examine(body, session),
      bundleAsk: (body, session) => void diagnosis.askBundle(body, session),
      streamOpen: (body, session) => diagnosis.openStream(body, session),
      streamClose: (body) => diagnosis.closeStream(body.stream),
    },
    onEnd(refused) {
      inbox.disconnected();
      sender.disconnected();
      diagnosis.disconnected();
      if (refused) keeper.refused(used);
    },
  };
}

/** The district's root, and the certificate to show. */
export function trustOf(keeper: IdentityKeeper): TlsTrust & { credential: NonNullable<TlsTrust['credential']> } {
  return { root: keeper.identity.trust.root, credential: keeper.credential };
}
