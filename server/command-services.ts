import { Authoriser } from './access/authorise.ts';
import { relyingPartyOf } from './access/relying-party.ts';
import type { Base, ServiceBase } from './base.ts';
import type { AgentGateway } from './gateway/agent-gateway.ts';
import { ApprovalService } from './helpdesk/approvals.ts';
import { ApproverService } from './helpdesk/approvers.ts';
import { CommandFeed } from './helpdesk/command-feed.ts';
import { CommandDesk } from './helpdesk/commands.ts';
import { ScriptService } from './helpdesk/scripts.ts';
import { originsOf } from './origins.ts';

interface CommandBase extends ServiceBase, Pick<Base, 'authority' | 'stateKeys' | 'ports'> {
  gateway: Pick<AgentGateway, 'command'>;
}

/** Commands, who must sign them, and the scripts they run. */
export function createCommandServices({ failed, gateway, authority, stateKeys, ports, ...house }: CommandBase) {
  const { stores, config } = house;
  const parts = { ...house, audience: authority.district };
  const approvals: ApprovalService = new ApprovalService({
    ...{ ...parts, store: stores.approvals, onError: failed('approvals could not be ended') },
    rosterOf: (approval) => approvers.rosterOf(approval),
  });
  const late = { approvals: () => approvals };
  const sites = () => {
    const { id, origins } = relyingPartyOf(config, originsOf(config, ports));
    return origins.map((origin) => ({ origin, rpId: id }));
  };
  const approvers = new ApproverService({ ...parts, ...late, sites });
  const scripts = new ScriptService({ ...parts, ...late, approvers, store: stores.scripts });
  const commands = new CommandDesk({ ...parts, ...late, approvers, onError: failed('commands could not be ended') });
  const authoriser = new Authoriser(stores.grants, stores.objects);
  const commandFeed = new CommandFeed({
    ...{ ...parts, signer: stateKeys },
    send: (deviceId, command) => gateway.command(deviceId, command),
    knowApprovers: (deviceIds) => stores.commands.knowingApprovers(deviceIds),
    mayGive: async (staffId, deviceId) =>
      await authoriser.holds(await authoriser.ofStaff(staffId), 'commands:give', 'device', deviceId),
    onError: failed('commands could not be given to devices; it is tried again'),
  });
  approvals.follow('command', commands);
  approvals.follow('script', scripts);
  approvals.follow('approvers', approvers);
  return { approvals, approvers, scripts, commands, commandFeed };
}
