/** Commands, approvals, approvers, scripts. */
export interface CommandTables {
  command: {
    id: string;
    kind: string;
    action: string;
    /** What is signed, exactly: see `shared/commands/command.ts`. */
    text: string;
    reason: string;
    ticket_id: string | null;
    by_staff: string | null;
    by_actor: string;
    created_at: number;
    expires_at: number;
    state: string;
    approval_id: string | null;
  };
  command_device: {
    command_id: string;
    device_id: string;
    state: string;
    at: number;
    words: string;
    code: string | null;
    output: string | null;
  };
  /** The dangerous commands of a day: each has one place, whatever becomes of it. */
  command_slot: { day: string; slot: number; command_id: string };
  approval: {
    id: string;
    kind: string;
    /** Of the command, script, recovery request, or the version of the roster. */
    subject_id: string;
    title: string;
    lines: string;
    text: string;
    reason: string;
    by_staff: string;
    by_actor: string;
    at: number;
    expires_at: number;
    state: string;
    needs: number;
    /** The approvers who may sign it; 0: those it names itself. */
    roster_version: number;
  };
  approval_signature: { approval_id: string; staff_id: string; by_actor: string; at: number; assertion: string };
  /** Every roster of approvers there was, with the signatures of the one before. */
  approver_roster: { version: number; text: string; approvals: string; signed_at: number };
  script: {
    id: string;
    /** JSON of a `ScriptContent`; null: what is published is the newest. */
    draft: string | null;
    version: number;
    revision: number | null;
    approval_id: string | null;
    created_at: number;
    withdrawn_at: number | null;
  };
  script_revision: {
    script_id: string;
    number: number;
    content: string;
    hash: string;
    text: string;
    approvals: string;
    signed_by: string;
    published_at: number;
  };
}
