import { join } from 'node:path';
import { RequestAudit } from './api/request-audit.ts';
import { AuditService } from './audit/audit-service.ts';
import { DistrictAuditSettings } from './audit/audit-settings.ts';
import { ExportQuota } from './audit/export-quota.ts';
import { HeadKeeper } from './audit/head-keeper.ts';
import { HeadLog } from './audit/heads.ts';
import { Looks } from './audit/looks.ts';
import { AuditRetention } from './audit/retention.ts';
import type { Base, ServiceBase } from './base.ts';
import { PersonErasureService } from './people/person-erasures.ts';

type AuditBase = Pick<Base, 'auditKey'> & ServiceBase & { district: string };

/** The log of what happened and who looked: verified, kept for its time, and read. */
export function createAuditServices({ stores, auditKey, district, config, failed, ...parts }: AuditBase) {
  const { events, bus, clock } = parts;
  const settings = new DistrictAuditSettings({ documents: stores.documents, events, clock });
  const limits = async () => (await settings.read()).settings;
  const log = new HeadLog(join(config.home, 'audit-heads.log'));
  const origin = new HeadLog(join(config.home, 'pki', 'audit-origin.json'));
  const keeper = new HeadKeeper({
    ...{ store: stores.audit, key: auditKey, log, origin, district, clock },
    onDaily: () => bus.publish('audit-head-made', {}),
    onError: failed('the end of the audit could not be signed'),
  });
  return {
    auditSettings: settings,
    auditHeads: keeper,
    auditRetention: new AuditRetention({
      ...{ erasures: stores.auditErasures, settings: limits, clock },
      onError: failed('old names could not be erased from the audit'),
    }),
    audit: new AuditService({ store: stores.audit, names: stores.events, key: auditKey, log, keeper, events, clock }),
    personErasures: new PersonErasureService({
      ...{ people: stores.people, records: stores.personErasures, erasures: stores.auditErasures, events, bus, clock },
    }),
    requestAudit: new RequestAudit({
      quota: new ExportQuota({ store: stores.exportUse, settings: limits, clock }),
      looks: new Looks({ events, clock, deviceOf: (kind, id) => stores.audit.deviceOf(kind, id) }),
    }),
  };
}
