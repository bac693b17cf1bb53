// A dialog over everything else: the browser's own, which keeps the focus inside and closes on Escape.
import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useModal } from "#/ui/modal";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description: string;
  closeLabel: string;
  children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, closeLabel, children }: DialogProps) {
  const id = useId();
  const box = useModal(open);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it already; the click is for the backdrop.
    <dialog
      ref={box}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={() => onOpenChange(false)}
      onClick={(event) => {
        if (event.target === box.current) onOpenChange(false);
      }}
      className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl border border-line bg-surface p-0 text-text shadow-float backdrop:bg-black/60 backdrop:backdrop-blur-[2px] open:animate-rise"
    >
      <div className="p-6">
        <div className="mb-1 flex items-start justify-between gap-4">
          <h2 id={`${id}-title`} className="font-semibold text-lg">
            {title}
          </h2>
          <button
            type="button"
            aria-label={closeLabel}
            onClick={() => onOpenChange(false)}
            className="-mt-1 -mr-2 flex size-9 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-text"
          >
            <X size={18} />
          </button>
        </div>
        <p id={`${id}-text`} className="mb-5 text-muted text-sm">
          {description}
        </p>
        {open && children}
      </div>
    </dialog>
  );
}
