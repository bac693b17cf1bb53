// A question with a few answers, each a card with its consequence.
import { RadioGroup } from "radix-ui";
import { type ReactNode, useId } from "react";

interface ChoiceProps<T extends string> {
  label: string;
  value: T | null;
  options: readonly { value: T; title: string; text: string; icon: ReactNode }[];
  onChoose(value: T): void;
}

export function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  const id = useId();
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value ?? ""}
      onValueChange={(chosen) => {
        const option = options.find((one) => one.value === chosen);
        if (option) onChoose(option.value);
      }}
      className="grid gap-3"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          aria-label={option.title}
          aria-describedby={`${id}-${option.value}`}
          className="group rounded-xl border border-edge bg-raised p-4 text-left transition-colors hover:border-faint data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span className="mb-2.5 flex items-center justify-between text-muted group-data-[state=checked]:text-accent">
            {option.icon}
            <span className="flex size-[1.125rem] items-center justify-center rounded-full border-[1.5px] border-faint group-data-[state=checked]:border-accent">
              <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
            </span>
          </span>
          <span className="block font-semibold">{option.title}</span>
          <span id={`${id}-${option.value}`} className="mt-1 block text-muted text-sm leading-snug">
            {option.text}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
