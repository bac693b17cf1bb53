// A bar that fills, or empties when it counts down.

interface ProgressProps {
  /** 0 to 1; null when nobody knows. */
  share: number | null;
  label: string;
  /** A light that runs along it while work goes on. */
  moving?: boolean;
  tone?: "accent" | "warn";
}

export function Progress({ share, label, moving = false, tone = "accent" }: ProgressProps) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent ?? undefined}
      aria-valuemin={0}
      aria-valuemax={100}
      className="relative h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div
        className={`relative h-full origin-left overflow-hidden rounded-full transition-transform duration-500 ease-linear ${tone === "warn" ? "bg-warn" : "bg-accent"}`}
        style={{ transform: `scaleX(${(percent ?? 0) / 100})` }}
      />
      {moving && (
        <span className="absolute inset-y-0 left-0 w-1/3 animate-slide bg-gradient-to-r from-transparent via-accent/60 to-transparent" />
      )}
    </div>
  );
}
