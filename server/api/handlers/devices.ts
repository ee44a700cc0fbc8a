import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

type DeviceRoutes =
  | 'openCustody'
  | 'closeCustody'
  | 'setDeviceTags'
  | 'approveDevice'
  | 'revokeDevice'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken'
  | 'rotateStateKey'
  | 'rotateSecretsKey';

const done = { done: true } as const;

export function deviceHandlers({
  custodies,
  devices,
  tokens,
  stateKeys,
  secrets,
}: Services): Pick<Handlers, DeviceRoutes> {
  return {
    openCustody: ({ params, body, caller }) => custodies.open(params.id, body.personId, body.kind, caller.actor),
    closeCustody: ({ params, caller }) => custodies.close(params.id, 'returned', caller.actor),
    setDeviceTags: async ({ params, body, caller }) => {
      await devices.setTags(params.id, body.tags, caller.actor);
      return done;
    },
    approveDevice: async ({ params, caller }) => {
      await devices.approve(params.id, caller.actor);
      return done;
    },
    revokeDevice: async ({ params, body, caller }) => {
      await devices.revoke(params.id, body.reason, caller.actor);
      return done;
    },
    listTokens: async ({ caller }) => ({ items: await tokens.list(caller.sight) }),
    createToken: ({ body, caller }) => tokens.create(body, caller.actor),
    revokeToken: async ({ params, caller }) => {
      await tokens.revoke(params.id, caller.actor);
      return done;
    },
    rotateSecretsKey: ({ caller }) => secrets.rotate(caller.actor),
    rotateStateKey: ({ caller }) => stateKeys.rotate(caller.actor),
  };
}
