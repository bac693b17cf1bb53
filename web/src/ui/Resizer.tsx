// The line between two columns: dragged, or moved with the arrow keys; its place is remembered.
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { read, write } from "#/lib/storage";

interface Column {
  width: number;
  setWidth(width: number): void;
}

interface Bounds {
  least: number;
  most: number;
  normal: number;
}

function clamped(width: number, { least, most }: Bounds): number {
  return Math.round(Math.min(most, Math.max(least, width)));
}

/** A column's width, remembered under a key. */
export function useColumn(key: string, bounds: Bounds): Column {
  const [width, set] = useState(() => {
    const saved = Number.parseInt(read(key) ?? "", 10);
    return Number.isNaN(saved) ? bounds.normal : clamped(saved, bounds);
  });
  const setWidth = (wanted: number): void => {
    const next = clamped(wanted, bounds);
    set(next);
    write(key, String(next));
  };
  return { width, setWidth };
}

interface ResizerProps {
  label: string;
  column: Column;
  bounds: Bounds;
  /** On which side of the line the column lies. */
  side: "left" | "right";
}

export function Resizer({ label, column, bounds, side }: ResizerProps) {
  const sign = side === "left" ? 1 : -1;

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const startX = event.clientX;
    const startWidth = column.width;
    handle.setPointerCapture(event.pointerId);
    const move = (next: globalThis.PointerEvent): void => column.setWidth(startWidth + sign * (next.clientX - startX));
    const end = (): void => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  };

  const press = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 48 : 16;
    const moves: Record<string, number> = {
      ArrowLeft: column.width - sign * step,
      ArrowRight: column.width + sign * step,
      Home: bounds.least,
      End: bounds.most,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    column.setWidth(next);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator with a value has no element of its own.
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={column.width}
      aria-valuemin={bounds.least}
      aria-valuemax={bounds.most}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => column.setWidth(bounds.normal)}
      onKeyDown={press}
      className="group relative z-10 w-px shrink-0 cursor-col-resize touch-none bg-line focus-visible:outline-none"
    >
      <span className="-inset-x-1 absolute inset-y-0" />
      <span className="absolute inset-y-0 -left-px w-[3px] bg-accent opacity-0 transition-opacity group-hover:opacity-60 group-focus-visible:opacity-100 group-active:opacity-100" />
    </div>
  );
}
