import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, Id, IdParams, Nullable, PageQuery, page, route } from '../contract.ts';
import {
  ApprovalView,
  ApproversView,
  CommandDevice,
  CommandInput,
  CommandView,
  commandDeviceStates,
  commandStates,
  PasskeyAssertion,
  ScriptContent,
  ScriptView,
} from '../schemas.ts';

/** What devices are told to do, who must sign it, and the scripts they may run. */
export const commandRoutes = {
  previewCommand: route('POST', '/api/commands/preview', {
    summary: 'What a command would do, and how many must sign it, before it is given',
    body: CommandInput,
    response: strictObject({
      words: text(500),
      /** Signatures of approvers it needs; 0: it goes out at once. */
      needs: Type.Integer({ minimum: 0 }),
      /** Why it cannot be given, in words; null: it can. */
      problem: Nullable(text(500)),
      connected: Type.Integer(),
      devices: Type.Integer(),
    }),
  }),
  createCommand: route('POST', '/api/commands', {
    summary: 'Tell devices to do something; a dangerous command waits for two approvers',
    body: CommandInput,
    response: CommandView,
  }),
  listCommands: route('GET', '/api/commands', {
    summary: 'Commands, newest first',
    query: strictObject({
      ...PageQuery,
      state: Type.Optional(choice(commandStates)),
      device: Type.Optional(Id),
      ticket: Type.Optional(Id),
    }),
    response: page(CommandView),
  }),
  readCommand: route('GET', '/api/commands/:id', { summary: 'One command', params: IdParams, response: CommandView }),
  listCommandDevices: route('GET', '/api/commands/:id/devices', {
    summary: 'What each device answered, those that failed first',
    params: IdParams,
    query: strictObject({ ...PageQuery, state: Type.Optional(choice(commandDeviceStates)) }),
    response: page(CommandDevice),
  }),
  withdrawCommand: route('POST', '/api/commands/:id/withdraw', {
    summary: 'Take a command back from the devices that have not answered',
    params: IdParams,
    response: CommandView,
  }),
  listApprovals: route('GET', '/api/approvals', {
    summary: 'What waits for signatures, and what was signed or rejected, newest first',
    query: strictObject({ ...PageQuery, state: Type.Optional(choice(['open', 'over', 'all'])) }),
    response: page(ApprovalView),
  }),
  readApproval: route('GET', '/api/approvals/:id', {
    summary: 'One approval with the exact text that is signed',
    params: IdParams,
    response: ApprovalView,
  }),
  signApproval: route('POST', '/api/approvals/:id/signatures', {
    summary: 'Sign with a passkey of the approvers’ roster; the challenge is the SHA-256 of the text',
    params: IdParams,
    body: strictObject({ assertion: PasskeyAssertion }),
    response: ApprovalView,
    secret: true,
  }),
  rejectApproval: route('POST', '/api/approvals/:id/reject', {
    summary: 'Reject, or take back one’s own',
    params: IdParams,
    body: strictObject({ reason: text(500, { minLength: 1 }) }),
    response: ApprovalView,
  }),
  readApprovers: route('GET', '/api/approvers', {
    summary: 'Those whose passkeys devices obey for dangerous commands',
    response: ApproversView,
  }),
  proposeApprovers: route('POST', '/api/approvers', {
    summary: 'Propose other approvers; the earlier ones sign it, and devices wait before they follow',
    body: strictObject({
      staffIds: Type.Array(Id, { minItems: 2, maxItems: 20, uniqueItems: true }),
      reason: text(500, { minLength: 5 }),
    }),
    response: ApproversView,
  }),
  listScripts: route('GET', '/api/scripts', {
    summary: 'The library of scripts',
    response: strictObject({ items: Type.Array(ScriptView) }),
  }),
  createScript: route('POST', '/api/scripts', {
    summary: 'Draft a script',
    body: ScriptContent,
    response: ScriptView,
  }),
  saveScript: route('PUT', '/api/scripts/:id', {
    summary: 'Change the draft of a script',
    params: IdParams,
    body: strictObject({ content: ScriptContent, version: Type.Integer() }),
    response: ScriptView,
  }),
  publishScript: route('POST', '/api/scripts/:id/publish', {
    summary: 'Ask two approvers to publish the draft as it is',
    params: IdParams,
    body: strictObject({ reason: text(500, { minLength: 5 }) }),
    response: ScriptView,
  }),
  deleteScript: route('DELETE', '/api/scripts/:id', {
    summary: 'Withdraw a script; what it did stays on record',
    params: IdParams,
    response: Done,
  }),
} as const;
