import type { Query, RequestBody, Response } from '../shared/api/contract.ts';
import type { commandRoutes } from '../shared/api/routes/commands.ts';
import type { ApprovalView, ApproversView, CommandView, ScriptView } from '../shared/api/schemas.ts';
import type { PasskeyAssertion } from '../shared/commands/webauthn.ts';
import type { Sight } from './access/standing.ts';
import type { Actor, StaffPerson } from './services.ts';

type Routes = typeof commandRoutes;

/** Who gives a command: a person, or a program or the command line, which can never give what two must sign. */
export interface Giver {
  actor: Actor;
  person: StaffPerson | undefined;
}

/** `server/helpdesk`: what devices are told to do. */
export interface CommandService {
  preview(input: RequestBody<Routes['previewCommand']>, giver: Giver): Promise<Response<Routes['previewCommand']>>;
  create(input: RequestBody<Routes['createCommand']>, giver: Giver): Promise<CommandView>;
  list(query: Query<Routes['listCommands']>, sight: Sight): Promise<Response<Routes['listCommands']>>;
  read(id: string): Promise<CommandView>;
  devices(id: string, query: Query<Routes['listCommandDevices']>): Promise<Response<Routes['listCommandDevices']>>;
  withdraw(id: string, giver: Giver): Promise<CommandView>;
}

/** `server/helpdesk`: what waits for signatures of approvers. */
export interface Approvals {
  list(
    query: Query<Routes['listApprovals']>,
    reader: StaffPerson | undefined,
    sight: Sight,
  ): Promise<Response<Routes['listApprovals']>>;
  read(id: string, reader: StaffPerson | undefined): Promise<ApprovalView>;
  sign(id: string, assertion: PasskeyAssertion, by: StaffPerson): Promise<ApprovalView>;
  reject(id: string, reason: string, by: StaffPerson): Promise<ApprovalView>;
}

/** `server/helpdesk`: whose passkeys devices obey. */
export interface Approvers {
  read(): Promise<ApproversView>;
  propose(staffIds: readonly string[], reason: string, by: StaffPerson): Promise<ApproversView>;
}

/** `server/helpdesk`: scripts that devices may run. */
export interface Scripts {
  list(): Promise<ScriptView[]>;
  create(content: RequestBody<Routes['createScript']>, actor: Actor): Promise<ScriptView>;
  save(id: string, body: RequestBody<Routes['saveScript']>, actor: Actor): Promise<ScriptView>;
  publish(id: string, reason: string, by: StaffPerson): Promise<ScriptView>;
  withdraw(id: string, actor: Actor): Promise<void>;
  /** What devices fetch, by its hash. */
  sourceOf(hash: string): Promise<string | undefined>;
}
