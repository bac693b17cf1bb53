// A telephone number with the country it belongs to; a number with a plus sign keeps its own.
import { type Ref, useId, useMemo } from "react";
import { countryNames } from "#/lib/countries";
import { Field } from "#/ui/Field";

interface PhoneFieldProps {
  locale: string;
  countryLabel: string;
  label: string;
  hint: string;
  region: string;
  typed: string;
  error: string | null;
  disabled: boolean;
  ref?: Ref<HTMLInputElement>;
  onRegion(region: string): void;
  onTyped(typed: string): void;
}

export function PhoneField(props: PhoneFieldProps) {
  const id = useId();
  const countries = useMemo(() => countryNames(props.locale), [props.locale]);
  return (
    <>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {props.countryLabel}
      </label>
      <select
        id={id}
        value={props.region}
        disabled={props.disabled}
        onChange={(event) => props.onRegion(event.target.value)}
        className="mb-4 h-11 w-full rounded-lg border border-edge bg-canvas px-3 text-[0.9375rem] hover:border-faint"
      >
        {countries.map((country) => (
          <option key={country.region} value={country.region}>
            {country.name} (+{country.code})
          </option>
        ))}
      </select>
      <Field
        ref={props.ref}
        data-first
        label={props.label}
        hint={props.hint}
        error={props.error ?? undefined}
        type="tel"
        inputMode="tel"
        autoComplete="off"
        dir="ltr"
        maxLength={30}
        value={props.typed}
        disabled={props.disabled}
        onChange={(event) => props.onTyped(event.target.value)}
      />
    </>
  );
}
