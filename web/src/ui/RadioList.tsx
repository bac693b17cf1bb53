// A question with short answers, one below the other.
import { useId } from "react";
import { cx } from "#/ui/cx";

interface RadioListProps<T extends string> {
  question: string;
  /** The question is read already, above the list; only a screen reader hears it again. */
  silent?: boolean;
  answers: readonly { value: T; text: string }[];
  chosen: T;
  onChoose(value: NoInfer<T>): void;
}

export function RadioList<T extends string>({
  question,
  silent = false,
  answers,
  chosen,
  onChoose,
}: RadioListProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className={cx(silent ? "sr-only" : "mb-1 font-medium text-sm")}>{question}</legend>
      {answers.map(({ value, text }) => (
        <label key={value} className="flex min-h-11 items-center gap-3 rounded-lg px-2 hover:bg-hover">
          <input
            type="radio"
            name={name}
            value={value}
            checked={chosen === value}
            onChange={() => onChoose(value)}
            className="size-4 accent-accent"
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
