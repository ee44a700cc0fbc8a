import type { FileAnswer, Query, RequestBody, Response } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  AuditDetail,
  AuditRow,
  AuditSettings,
  AuditVerification,
  Leaver,
  LookView,
  PersonErasure,
} from '../shared/api/schemas.ts';
import type { Actor, Page } from './services.ts';

/** `server/audit`: the log of what happened and who looked. */
export interface Audit {
  list(query: Query<Routes['listAudit']>): Promise<Page<AuditRow>>;
  one(id: number): Promise<AuditDetail>;
  choices(): Promise<{ actors: string[]; codes: string[] }>;
  /** Who looked at a person, or at a device while the person held it. */
  looks(person: string, query: Query<Routes['listLooks']>): Promise<Page<LookView>>;
  head(): Promise<Response<Routes['readAuditHead']>>;
  verify(body: RequestBody<Routes['verifyAudit']>, actor: Actor): Promise<AuditVerification>;
  export(query: Query<Routes['exportAudit']>, actor: Actor): Promise<FileAnswer>;
}

export interface AuditSettingsService {
  read(): Promise<{ settings: AuditSettings; version: number }>;
  save(settings: AuditSettings, version: number, actor: Actor): Promise<{ settings: AuditSettings; version: number }>;
}

export interface PersonErasures {
  /** Those who may be erased. */
  leavers(query: Query<Routes['listLeavers']>): Promise<Page<Leaver>>;
  /** `conflict` while the person is in the roster, holds a device or owes something. */
  erase(id: string, body: RequestBody<Routes['erasePerson']>, actor: Actor): Promise<PersonErasure>;
}
