// A labelled text field with room for what is wrong with it.
import { Eye, EyeOff } from "lucide-react";
import { type InputHTMLAttributes, type Ref, useId, useState } from "react";
import { cx } from "#/ui/cx";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** For passwords: names of the button that shows and hides. */
  reveal?: { show: string; hide: string };
  ref?: Ref<HTMLInputElement>;
}

export function Field({ label, hint, error, reveal, type, className, ...rest }: FieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      <div className="relative">
        <input
          {...rest}
          id={id}
          type={reveal && shown ? "text" : type}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={cx(
            "h-11 w-full rounded-lg border bg-canvas px-3.5 text-[0.9375rem] transition-colors focus-visible:outline-offset-0",
            error ? "border-danger" : "border-edge hover:border-faint",
            reveal && "pr-12",
          )}
        />
        {reveal && (
          <button
            type="button"
            onClick={() => setShown(!shown)}
            aria-label={shown ? reveal.hide : reveal.show}
            className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-lg text-faint hover:text-text"
          >
            {shown ? <EyeOff size={18} /> : <Eye size={18} />}
          </button>
        )}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          role={error ? "alert" : undefined}
          className={cx("mt-1.5 text-[0.8125rem] leading-snug", error ? "text-danger" : "text-faint")}
        >
          {note}
        </p>
      )}
    </div>
  );
}
