// The card that every phase of linking is shown on.
import type { ReactNode } from "react";

export function PhaseCard({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <section
      className={`mx-auto w-full animate-rise rounded-2xl border border-line bg-surface p-6 shadow-float sm:p-9 ${wide ? "max-w-4xl" : "max-w-lg"}`}
    >
      {children}
    </section>
  );
}

/** Numbered steps of something to do on the phone. */
export function Steps({ steps }: { steps: readonly ReactNode[] }) {
  return (
    <ol className="space-y-3.5">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps are fixed and never reordered.
        <li key={index} className="flex gap-3.5">
          <span
            aria-hidden="true"
            className="flex size-6 shrink-0 items-center justify-center rounded-full border border-edge font-mono text-accent text-xs"
          >
            {index + 1}
          </span>
          <span className="pt-px text-[0.9375rem] leading-snug">{step}</span>
        </li>
      ))}
    </ol>
  );
}
