// A picture over everything else: the browser's own dialog, which keeps the focus inside and closes on Escape.
import type { ReactNode } from "react";
import { useModal } from "#/ui/modal";

interface PictureDialogProps {
  open: boolean;
  onClose(): void;
  label: string;
  children: ReactNode;
}

export function PictureDialog({ open, onClose, label, children }: PictureDialogProps) {
  const box = useModal(open);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it already; the click is for the backdrop.
    <dialog
      ref={box}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === box.current) onClose();
      }}
      className="m-auto max-w-[calc(100vw-1.5rem)] rounded-2xl border border-line bg-surface p-3 text-text shadow-float backdrop:bg-black/75 open:animate-rise"
    >
      {open && <div className="flex flex-col items-center gap-3">{children}</div>}
    </dialog>
  );
}
