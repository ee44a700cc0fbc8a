import { Authoriser } from './access/authorise.ts';
import { Secrets } from './access/secrets.ts';
import { StaffService } from './access/staff-service.ts';
import { createAccess } from './access-services.ts';
import { HolderReads } from './audit/holder-reads.ts';
import { createAuditServices } from './audit-services.ts';
import type { Base } from './base.ts';
import { systemRandom as random } from './clock.ts';
import { createCommandServices } from './command-services.ts';
import { readConsequences } from './compliance/consequences.ts';
import { DeviceVerdictService } from './compliance/device-verdicts.ts';
import { createComplianceServices } from './compliance-services.ts';
import { DeviceService } from './devices/devices.ts';
import { TokenService } from './devices/tokens.ts';
import { createDiagnosisServices } from './diagnosis-services.ts';
import { EscrowKeyService } from './escrow/escrow-keys.ts';
import { RecoveryService } from './escrow/recovery.ts';
import { RecoveryApprovals } from './escrow/recovery-approvals.ts';
import { ExplainService } from './explain/explain-service.ts';
import { ExportService } from './exports/export-service.ts';
import { createFilterServices } from './filter-services.ts';
import { AgentGateway } from './gateway/agent-gateway.ts';
import { SeenPlaces } from './gateway/seen-places.ts';
import { SealedMailPassword } from './helpdesk/settings.ts';
import { createHelpdeskServices } from './helpdesk-services.ts';
import { CustodyService } from './people/custodies.ts';
import { RosterService } from './people/rosters.ts';
import { StateKeyRotationService } from './pki/state-key-rotation.ts';
import { PolicyCodeService } from './policy-code/policy-code-service.ts';
import { createPolicyServices } from './policy-services.ts';
import { ClassDays } from './profiles/class-days.ts';
import { DesiredStateService } from './profiles/desired-states.ts';
import { ProfileService } from './profiles/profile-service.ts';
import { createResolution } from './profiles/resolution.ts';

/** Every service of the house. Presence comes from the gateway, which needs the services: hence the late binding. */
function createBasicServices(base: Base) {
  const {
    config,
    log,
    clock,
    ports,
    stores,
    authority,
    auditKey,
    stateKeys,
    metrics,
    bus,
    events,
    sealing,
    storeHealth,
  } = base;
  const { contact, district, hosts } = config;
  const isConnected = (deviceId: string) => gateway.isConnected(deviceId);
  const failed = (what: string) => (error: unknown) => {
    storeHealth.note(error);
    log.error({ err: error }, what);
  };
  const parts = { stores, events, bus, clock, random, isConnected };
  const house = { ...parts, config, sealer: sealing, failed };
  const complying = createComplianceServices(house);
  const { compliance, history } = complying;
  const filter = createFilterServices({ ...house, rollouts: () => policy.rollouts });
  const resolution = createResolution({ stores, bus, clock, random, hosts });
  const desired = new DesiredStateService({
    ...{ ...resolution, stores, contact, hosts, districtName: district, versions: () => filter.lists.versions() },
    ...{ signer: stateKeys, bus, clock, audience: authority.district },
    approvers: () => commanding.approvers.section(),
    onError: failed('desired states could not be brought up to date'),
  });
  const places = new SeenPlaces({ documents: stores.documents, bus });
  const verdicts = new DeviceVerdictService({
    ...{ custody: stores.custody, contact, clock },
    judge: (deviceIds) => compliance.standings(deviceIds),
    consequences: (deviceIds) => readConsequences(stores, deviceIds),
  });
  const helpdesk = createHelpdeskServices({ ...house, metrics });
  const gateway = new AgentGateway({
    ...{
      ...parts,
      presence: stores.presence,
      reports: stores.reports,
      reportsOnDisk: stores.reportsOnDisk,
      desired,
      stateKeys,
      verdicts,
      metrics,
      log,
      storeHealth,
    },
    placeOf: (address) => places.of(address),
    tickets: helpdesk.deviceTickets,
    recordReads: new HolderReads({ store: stores.holderReads, clock }),
    heard: (deviceId, answer) => diagnoses.heard(deviceId, answer),
    notUnderstood: (deviceId, about) => diagnoses.notUnderstood(deviceId, about),
  });
  const { diagnoses } = createDiagnosisServices({ ...house, gateway });
  const commanding = createCommandServices({ ...house, authority, stateKeys, ports, gateway });
  const { previews, reach } = resolution;
  const settled = () => desired.settled();
  const policy = createPolicyServices({
    ...{ ...house, previews, reach, settled },
    prepareList: (category, action) => filter.lists.prepareAction(category, action),
  });
  const escrow = new EscrowKeyService(parts);
  const recovery = new RecoveryService({
    ...{ ...parts, escrow },
    signing: new RecoveryApprovals({ ...commanding, audience: authority.district }),
    onError: failed('requests could not be ended'),
  });
  commanding.approvals.follow('recovery-key', recovery);
  return {
    ...{
      ...policy,
      ...filter,
      ...complying,
      ...resolution,
      ...helpdesk,
      ...commanding,
      events,
      escrow,
      places,
      desired,
      gateway,
      diagnoses,
    },
    ...createAuditServices({ ...house, auditKey, district: authority.district }),
    recovery,
    classDays: new ClassDays({ ...parts, onError: failed('classes that begin or end could not be followed') }),
    secrets: new Secrets({
      keys: sealing,
      places: [stores.webhooks.webhooks, stores.staffFactors, new SealedMailPassword(stores.documents, clock)],
      events,
    }),
    stateKeys: new StateKeyRotationService({ stateKeys, district: authority.district, ...parts }),
    custodies: new CustodyService({ store: stores.custody, ...parts }),
    rosters: new RosterService({ store: stores.roster, ...parts }),
    devices: new DeviceService({ store: stores.devices, ...parts }),
    profiles: new ProfileService({ ...parts, hosts, settled, previews, changes: policy.changes }),
    tokens: new TokenService({
      ...{ store: stores.tokens, district: authority.district, ...parts },
      enrolmentAddresses: () => hosts.map((host) => ({ host, port: ports.enrolment })),
    }),
    exports: new ExportService({
      ...{ history, events, clock, district },
      views: { ...stores.views(gateway), compliance: stores.history },
    }),
  };
}

/** And what speaks of all of them. */
export function createServices(base: Base) {
  const services = createBasicServices(base);
  const { stores, clock, config, authority } = base;
  const access = createAccess(base);
  return {
    ...services,
    access,
    staff: new StaffService({
      accounts: access.accounts,
      events: services.events,
      stores,
      clock,
      random,
      bus: base.bus,
    }),
    authoriser: new Authoriser(stores.grants, stores.objects),
    explanations: new ExplainService({ stores, hosts: config.hosts, clock }),
    policyCode: new PolicyCodeService({
      ...{ ...services, stores, clock, random, district: authority.district, districtName: config.district },
    }),
  };
}

export type WiredServices = ReturnType<typeof createServices>;
