import type { AccessTables } from './schema/access.ts';
import type { AuditTables } from './schema/audit.ts';
import type { CommandTables } from './schema/commands.ts';
import type { ComplianceTables } from './schema/compliance.ts';
import type { DeviceTables } from './schema/devices.ts';
import type { DiagnosisTables } from './schema/diagnosis.ts';
import type { FilterTables } from './schema/filter.ts';
import type { HelpdeskTables } from './schema/helpdesk.ts';
import type { PeopleTables } from './schema/people.ts';
import type { PolicyTables } from './schema/policy.ts';
import type { ProgramTables } from './schema/programs.ts';

/**
 * The tables, as Kysely sees them. Times are milliseconds since 1970 (integer); booleans are 0 or 1; JSON is text.
 * SQLite and PostgreSQL hold the same columns.
 */
export interface Database
  extends AccessTables,
    AuditTables,
    HelpdeskTables,
    DiagnosisTables,
    CommandTables,
    ComplianceTables,
    DeviceTables,
    FilterTables,
    PeopleTables,
    PolicyTables,
    ProgramTables {}
