import type { Clock } from '../../shared/clock.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Reports } from '../store/reports.ts';
import type { IdentityKeeper } from './identity-keeper.ts';
import { followStatements } from './key-statements.ts';

export interface TrustInboxOptions {
  keeper: IdentityKeeper;
  reports: Reports;
  clock: Clock;
  log: Log;
}

const finding = 'trust-refused';

/** Takes in statements that a new key signs desired states. They are on disk before they count. */
export class TrustInbox {
  readonly #options: TrustInboxOptions;

  constructor(options: TrustInboxOptions) {
    this.#options = options;
  }

  /** Throws when the disk cannot keep the new trust: the session ends, and the server sends it again. */
  receive({ statements }: Body<'trust'>): void {
    const { keeper, reports, clock, log } = this.#options;
    const verdict = followStatements(statements, keeper.identity.trust);
    if (verdict.kind === 'refused') {
      const { code, words } = verdict;
      log.warn({ code }, `A statement of a new state key was refused: ${words}. What is trusted stays.`);
      reports.openFinding(finding, `${code}: ${words}`.slice(0, 1000), clock.now());
      return;
    }
    keeper.trusted(verdict.trust);
    reports.closeFinding(finding, clock.now());
    log.info({ version: verdict.trust.version }, 'Desired states are signed with a new key from now on.');
  }
}
