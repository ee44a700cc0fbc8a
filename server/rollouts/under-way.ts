/** A profile or group of which some devices are given a new revision and the others still the earlier one. */
export interface ItemUnderWay {
  kind: 'profile' | 'group';
  id: string;
  /** `null`: there was none. */
  from: number | null;
  to: number;
  /** Is this device given `to`? Of a device that is in no ring the last ring says it. */
  has(deviceId: string): boolean;
}

/** What is in rings now; empty when every device resolves with what is published. */
export interface UnderWaySource {
  underWay(): Promise<ItemUnderWay[]>;
}
