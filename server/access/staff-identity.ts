import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignSide } from '../../shared/api/schemas.ts';
import { type StaffRow, sidesIn } from '../store/staff.ts';

/** A member of staff, as everything beyond sign-in knows them. */
export interface StaffIdentity {
  id: string;
  name: string;
  email: string;
  /** The sides it signs policy changes for. */
  signsFor: SignSide[];
}

export function identityOf(staff: StaffRow): StaffIdentity {
  return { id: staff.id, name: staff.name, email: staff.email, signsFor: sidesIn(staff) };
}

/** How a secret of many random bits is stored. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
