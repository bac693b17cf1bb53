// A drop-down menu with plain items and choices.
import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactNode } from "react";

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
}

export function Menu({ trigger, children, side = "right" }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          align="end"
          sideOffset={8}
          collisionPadding={8}
          className="z-50 min-w-64 animate-rise rounded-xl border border-line bg-raised p-1.5 shadow-float focus:outline-none"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const row =
  "relative flex h-9 select-none items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-[highlighted]:bg-hover data-[highlighted]:outline-2 data-[highlighted]:outline-accent/40 -outline-offset-1";

export function MenuItem({ icon, children, onSelect }: { icon?: ReactNode; children: ReactNode; onSelect(): void }) {
  return (
    <Primitive.Item className={row} onSelect={onSelect}>
      <span className="flex w-5 justify-center text-faint">{icon}</span>
      {children}
    </Primitive.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChoose(value: T): void;
}

export function MenuChoice<T extends string>({ label, value, options, onChoose }: MenuChoiceProps<T>) {
  return (
    <Primitive.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(chosen) => {
        const option = options.find((one) => one.value === chosen);
        if (option) onChoose(option.value);
      }}
    >
      <Primitive.Label className="label-mono px-2.5 pt-2 pb-1 text-faint">{label}</Primitive.Label>
      {options.map((option) => (
        <Primitive.RadioItem
          key={option.value}
          value={option.value}
          className={row}
          onSelect={(event) => event.preventDefault()}
        >
          <span className="flex w-5 justify-center text-accent">
            <Primitive.ItemIndicator>
              <Check size={16} />
            </Primitive.ItemIndicator>
          </span>
          {option.label}
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLine() {
  return <Primitive.Separator className="my-1.5 h-px bg-line" />;
}

export function MenuHead({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2.5 pt-1.5 pb-2 text-sm">{children}</Primitive.Label>;
}
