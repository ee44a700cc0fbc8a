import Type from 'typebox';
import { ReportedRecord } from '../../shared/protocol/messages.ts';
import { strictObject, validator } from '../../shared/schema.ts';

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
  spooled: Type.Integer(),
  certificateExpiresAt: Time,
  home: Type.String(),
  root: Type.String(),
});
export type AgentStatus = Type.Static<typeof AgentStatus>;

export const agentStatus = validator(AgentStatus);
