// What a form may send; the server decides, this only spares a round trip.
import * as z from "zod/mini";

/** NIST's floor that the server enforces too; shorter would only be refused a moment later. */
const shortestPassword = 12;

const email = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, { error: "required", abort: true }),
    z.maxLength(254, { error: "email_too_long", abort: true }),
    z.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/u, { error: "email_invalid" }),
  );

const codePoints = (text: string): number => [...text].length;

export const signInForm = z.object({
  email,
  password: z.string().check(z.minLength(1, { error: "required" })),
});

export const signUpForm = z.object({
  email,
  password: z.string().check(
    z.minLength(1, { error: "required", abort: true }),
    z.refine((text) => codePoints(text) >= shortestPassword, { error: "password_too_short", abort: true }),
    z.refine((text) => codePoints(text) <= 128, { error: "password_too_long" }),
  ),
});
