import Type from 'typebox';
import { places } from '../../shared/filter/place.ts';
import { recordingLevels } from '../../shared/profile/web-filter.ts';
import { ReportedRecord } from '../../shared/protocol/messages.ts';
import { choice, strictObject, validator } from '../../shared/schema.ts';

const Time = Type.Integer();

/** How the agent stands; `rollcall-agent status` shows it. */
export const AgentStatus = strictObject({
  running: Type.Boolean(),
  agentVersion: Type.String(),
  deviceId: Type.String(),
  district: Type.String(),
  /** Of the running agent only. */
  pid: Type.Optional(Type.Integer()),
  startedAt: Type.Optional(Time),
  connected: Type.Boolean(),
  connectedSince: Type.Optional(Time),
  whyNotConnected: Type.Optional(Type.String()),
  servers: Type.Array(Type.String()),
  /** Of the verified state in force; 0: none yet. */
  generation: Type.Integer(),
  sections: Type.Array(ReportedRecord),
  /** Where the web filter answers, `address:port`. */
  resolver: Type.String(),
  /** Where the device's own pages answer, `address:port`; absent while they do not. */
  page: Type.Optional(Type.String()),
  /** What may be recorded here and now; absent while no web filter is in force. */
  recording: Type.Optional(strictObject({ level: choice(recordingLevels), place: choice(places) })),
  spooled: Type.Integer(),
  certificateExpiresAt: Time,
  home: Type.String(),
  root: Type.String(),
});
export type AgentStatus = Type.Static<typeof AgentStatus>;

export const agentStatus = validator(AgentStatus);
