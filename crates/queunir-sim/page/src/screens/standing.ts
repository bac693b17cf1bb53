// Which of several screens shows: a ban is stronger than another session (evidence 1.2).

/** The strongest first; what is not named here is a state of the line, of which there is one at a time. */
const STRONGEST = ["temp_ban", "service_unavailable", "logout", "call_takeover", "another_session", "screen_lock"];

/** The screens that take the page away now. */
export class Standing {
  private readonly strong = new Set<string>();
  private line: string | null = null;

  put(name: string): void {
    if (STRONGEST.includes(name)) this.strong.add(name);
    else this.line = name;
  }

  /** The session came to this page: nothing else has it any more. */
  taken(): void {
    this.strong.delete("another_session");
    if (this.line === "conflict") this.line = null;
  }

  clear(): void {
    this.strong.clear();
    this.line = null;
  }

  /** The screen to show; none means the one that the session is at. */
  top(): string | null {
    return STRONGEST.find((name) => this.strong.has(name)) ?? this.line;
  }
}
