/** Looks at devices. */
export type DiagnosisTables = Record<never, never>;
