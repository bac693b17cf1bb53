// Delivery states as WhatsApp people know them: clock, one tick, two ticks, two blue ticks.

export type Tick = "pending" | "sent" | "delivered" | "read" | "played";

interface TicksProps {
  tick: Tick;
  /** What a screen reader says, for example "Delivered". */
  label: string;
}

export function Ticks({ tick, label }: TicksProps) {
  const seen = tick === "read" || tick === "played";
  return (
    <svg
      viewBox="0 0 20 12"
      width="20"
      height="12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      role="img"
      aria-label={label}
      data-tick={tick}
      className={seen ? "shrink-0 text-seen" : "shrink-0"}
    >
      <title>{label}</title>
      {tick === "pending" ? (
        <>
          <circle cx="12" cy="6" r="4.4" />
          <path d="M12 3.6V6l1.6 1" />
        </>
      ) : tick === "sent" ? (
        <path d="m7 6.4 3 3 6-7" />
      ) : (
        <>
          <path d="m2.6 6.4 3 3 6-7" />
          <path d="m9.4 8.2 1.2 1.2 6-7" />
        </>
      )}
    </svg>
  );
}
