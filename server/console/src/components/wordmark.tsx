import classes from './wordmark.module.css';

/** The mark: a register whose last line is ticked. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#f5b324" />
      <g fill="none" stroke="#14203a" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7.5 9.5h9" />
        <path d="M7.5 16h5" />
        <path d="M7.5 22.5h3" />
        <path d="m13.5 19.5 4.2 4.2L25 12" />
      </g>
    </svg>
  );
}

export function Wordmark({ size = 28 }: { size?: number }) {
  return (
    <span className={classes.wordmark}>
      <Mark size={size} />
      <span className={classes.name}>rollcall</span>
    </span>
  );
}
