/** Looks at devices, and the support bundles they were given. */
export interface DiagnosisTables {
  diagnosis: {
    id: string;
    ticket_id: string;
    device_id: string;
    by_staff: string;
    by_actor: string;
    reason: string;
    /** `DiagnosisState` of `shared/api`. */
    state: string;
    opened_at: number;
    until_at: number;
    ended_at: number | null;
    ended: string | null;
    /** JSON: how the person was told, in the device's words. */
    shown: string;
    /** JSON of an `Examination`. */
    examination: string | null;
    bundle_state: string | null;
    bundle_bytes: number | null;
    bundle_at: number | null;
  };
  diagnosis_bundle: { diagnosis_id: string; zip: Buffer; at: number };
}
