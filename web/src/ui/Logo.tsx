// The mark: a conversation that joins.

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" className="text-accent">
      <path
        d="M16 5a11 11 0 1 0 5.4 20.58L26.5 27l-1.4-5.05A11 11 0 0 0 16 5Z"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinejoin="round"
      />
      <path d="M11.4 16.1h9.2M16 11.5v9.2" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark />
      <span className="font-semibold text-[1.0625rem] tracking-[-0.01em]">Queunir</span>
    </span>
  );
}
