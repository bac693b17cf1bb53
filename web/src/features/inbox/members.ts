// What is said of a group's members, as far as it is known.
import type { Member } from "#/api/types";
import { grouped } from "#/lib/phone";

/** Whether those shown are all there are. Without a number nobody can tell. */
export function countOf(shown: number, total: number | null): "all" | "some" | "unknown" {
  if (total === null || total < shown) return "unknown";
  return total === shown ? "all" : "some";
}

/** What a member is called: the saved name, the number as the page does for strangers, or the name of their own. */
export function nameOf(member: Member): { title: string; isNumber: boolean } {
  if (member.name) return { title: member.name, isNumber: false };
  if (member.phone) return { title: grouped(member.phone), isNumber: true };
  return { title: `~${member.push_name ?? ""}`, isNumber: false };
}
