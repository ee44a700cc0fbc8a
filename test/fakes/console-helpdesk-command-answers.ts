import type { commandRoutes } from '../../shared/api/routes/commands.ts';
import type { ApprovalView, ApproversView, CommandView, ScriptView } from '../../shared/api/schemas.ts';
import { dangerousActions, massDevices } from '../../shared/commands/action.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, devices } from './console-district.ts';
import {
  answersOf,
  approvals as approvalViews,
  approvers as approverRoster,
  command,
  commands as commandViews,
  scripts as scriptViews,
} from './console-helpdesk-commands.ts';
import { technicians } from './console-helpdesk-tickets.ts';
import { pageOf } from './console-pages.ts';

type Names = keyof typeof commandRoutes;
type Input = Parameters<Answers['createCommand']>[0]['body'];

const found = <T extends { id: string }>(all: readonly T[], id: string): T => {
  const one = all.find((each) => each.id === id);
  if (!one) throw new CodedError('not-found');
  return one;
};

const needs = ({ action, deviceIds }: Input) =>
  dangerousActions.has(action.kind) || deviceIds.length > massDevices ? 2 : 0;

const wordsOf = ({ action, deviceIds }: Input) =>
  `${action.kind.replace('-', ' ')} on ${deviceIds.length === 1 ? deviceIds[0] : `${deviceIds.length} devices`}.`;

/** Commands, what two people sign, and the library of scripts, as the server would have them. */
export function commandAnswers(): Pick<Answers, Names> {
  const commands = commandViews();
  const approvals = approvalViews();
  return { ...givingAnswers(commands), ...approvalAnswers(approvals), ...scriptAnswers(scriptViews(), approvals) };
}

type Giving = Extract<
  Names,
  'previewCommand' | 'createCommand' | 'listCommands' | 'readCommand' | 'listCommandDevices' | 'withdrawCommand'
>;

function givingAnswers(commands: CommandView[]): Pick<Answers, Giving> {
  return {
    previewCommand: ({ body }) => ({
      ...{ words: `It will ${wordsOf(body)}`, needs: needs(body), devices: body.deviceIds.length },
      problem: body.deviceIds.includes('dev41') ? 'lap-1041 is revoked: it obeys nothing any more.' : null,
      connected: devices.filter(({ id, connected }) => connected && body.deviceIds.includes(id)).length,
    }),
    createCommand: ({ body }) => {
      const waits = needs(body) > 0;
      const made = command({
        ...{ id: `cmd${commands.length + 20}`, action: body.action, words: wordsOf(body), reason: body.reason },
        ...{ ticketId: body.ticketId ?? null, createdAt: ago(0), state: waits ? 'waiting' : 'open' },
        approvalId: waits ? 'ap1' : null,
        devices: {
          ...found(commands, 'cmd9').devices,
          waiting: 0,
          [waits ? 'waiting' : 'sent']: body.deviceIds.length,
        },
      });
      commands.unshift(made);
      return made;
    },
    listCommands: ({ query }) =>
      pageOf(
        commands.filter(
          ({ state, ticketId }) =>
            (query.state ?? state) === state &&
            (query.ticket === undefined || query.ticket === ticketId) &&
            (query.device === undefined || ticketId !== null),
        ),
        query,
      ),
    readCommand: ({ params }) => found(commands, params.id),
    listCommandDevices: ({ params, query }) =>
      pageOf(
        answersOf(found(commands, params.id)).filter(({ state }) => (query.state ?? state) === state),
        query,
      ),
    withdrawCommand: ({ params }) => Object.assign(found(commands, params.id), { state: 'withdrawn' }),
  };
}

type Approving = Extract<
  Names,
  'listApprovals' | 'readApproval' | 'signApproval' | 'rejectApproval' | 'readApprovers' | 'proposeApprovers'
>;

function approvalAnswers(approvals: ApprovalView[]): Pick<Answers, Approving> {
  let roster: ApproversView = approverRoster;
  return {
    listApprovals: ({ query }) =>
      pageOf(
        approvals.filter(({ state }) => query.state === 'all' || (state === 'open') === (query.state !== 'over')),
        query,
      ),
    readApproval: ({ params }) => found(approvals, params.id),
    signApproval: ({ params }) => {
      const view = found(approvals, params.id);
      const signed = [...view.signed, { by: 'Ada Byrne', at: ago(0) }];
      return Object.assign(view, { signed, maySign: false, state: signed.length >= view.needs ? 'signed' : 'open' });
    },
    rejectApproval: ({ params }) => {
      const view = found(approvals, params.id);
      return Object.assign(view, { state: view.isOwn ? 'withdrawn' : 'rejected', maySign: false });
    },
    readApprovers: () => roster,
    proposeApprovers: ({ body }) => {
      const members = body.staffIds.map((id) => technicians.find((one) => one.id === id)?.name ?? id);
      roster = { ...roster, pending: { approvalId: 'ap1', effectiveAt: null, members } };
      return roster;
    },
  };
}

type Scripting = Extract<Names, 'listScripts' | 'createScript' | 'saveScript' | 'publishScript' | 'deleteScript'>;

function scriptAnswers(scripts: ScriptView[], approvals: readonly ApprovalView[]): Pick<Answers, Scripting> {
  return {
    listScripts: () => ({ items: scripts }),
    createScript: ({ body }) => {
      const made: ScriptView = {
        ...{ id: `sc${scripts.length + 1}`, content: body, version: 1, isDraft: true, published: null },
        approvalId: null,
      };
      scripts.push(made);
      return made;
    },
    saveScript: ({ params, body }) => {
      const script = found(scripts, params.id);
      if (script.version !== body.version) throw new CodedError('conflict');
      return Object.assign(script, { content: body.content, version: script.version + 1, isDraft: true });
    },
    publishScript: ({ params }) => Object.assign(found(scripts, params.id), { approvalId: approvals[1]?.id ?? null }),
    deleteScript: ({ params }) => {
      scripts.splice(scripts.indexOf(found(scripts, params.id)), 1);
      return { done: true };
    },
  };
}
