/** The product's mark: three sluice gates, the middle one half open. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className="size-7">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M7 9h18M7 23h18M10 9v14M16 9v9M22 9v14"
        stroke="var(--on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
