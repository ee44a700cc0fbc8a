import type { RecordReadsMessage, ReportedRecord } from '../../shared/protocol/messages.ts';
import type { Told } from '../commands/told.ts';
import type { ConnectionState } from '../connection/connection.ts';
import type { LatestSeen } from '../health/latest.ts';
import type { Correction } from '../reconcile/tamper.ts';
import type { ReceivedVerdict } from '../store/received-verdict.ts';

/** What the device knows of itself, for its own page. */
export interface OwnView {
  deviceId: string;
  /** What people call it; undefined before the agent has started. */
  name: string | undefined;
  /** Of the school district. */
  district: string;
  agentVersion: string;
  received: ReceivedVerdict | undefined;
  /** The last report of each section. */
  sections: readonly ReportedRecord[];
  seen: LatestSeen;
  /** What somebody changed and the device put right lately, oldest first; by the trusted clock. */
  corrections: readonly Correction[];
  /** Who looked at records of its holder; undefined: the server has not said. */
  recordReads?: RecordReadsMessage | undefined;
  connection: ConnectionState;
  /** What the district told the person by commands; absent: nothing. */
  told?: Pick<Told, 'messages' | 'lost' | 'restart'>;
}
