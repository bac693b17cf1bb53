// Finds fields by their ordered anchors and keeps the report on which family hit.

import { find, findAll } from "./page";
import { type Anchor, type Profile, profiles } from "./profile";

export interface Report {
	generation: string;
	rows_seen: number;
	rows_read: number;
	anchors: Record<string, string>;
	empty: Record<string, number>;
	alarm: boolean;
}

/** The markup generation by the profiles' own marks. */
export function generation(): string {
	for (const profile of profiles) {
		if (profile.detect.some((selector) => find(selector) !== null)) return profile.generation;
	}
	return "unknown";
}

/** Anchors of a field: those of the page's generation first, then all others. */
function anchorsOf(field: string, order: Profile[]): Anchor[] {
	return order.flatMap((profile) => profile.fields[field] ?? []);
}

/** Replaces or adds a profile; data only. */
export function useProfile(profile: Profile): void {
	const index = profiles.findIndex((known) => known.generation === profile.generation);
	if (index >= 0) profiles[index] = profile;
	else profiles.unshift(profile);
}

/** One read: looks fields up and counts. */
export class Reading {
	readonly report: Report;
	private readonly order: Profile[];
	private readonly cache = new Map<string, Anchor[]>();

	constructor(name: string = generation()) {
		this.order = [...profiles].sort((a, b) => Number(b.generation === name) - Number(a.generation === name));
		this.report = { generation: name, rows_seen: 0, rows_read: 0, anchors: {}, empty: {}, alarm: false };
	}

	private anchors(field: string): Anchor[] {
		let anchors = this.cache.get(field);
		if (anchors === undefined) {
			anchors = anchorsOf(field, this.order);
			this.cache.set(field, anchors);
		}
		return anchors;
	}

	private hit(field: string, family: string): void {
		this.report.anchors[field] ??= family;
	}

	/** First element for a field that `accept` takes. */
	one(field: string, scope?: Element | null, accept: (element: Element) => boolean = () => true): Element | null {
		if (scope === null) return null;
		for (const anchor of this.anchors(field)) {
			for (const element of select(anchor.select, scope)) {
				if (accept(element)) {
					this.hit(field, anchor.family);
					return element;
				}
			}
		}
		return null;
	}

	/** All elements for the first anchor that finds any. */
	all(field: string, scope?: Element | null, accept: (element: Element) => boolean = () => true): Element[] {
		if (scope === null) return [];
		for (const anchor of this.anchors(field)) {
			const found = select(anchor.select, scope).filter(accept);
			if (found.length > 0) {
				this.hit(field, anchor.family);
				return found;
			}
		}
		return [];
	}

	/** Whether a field is there. */
	has(field: string, scope?: Element | null): boolean {
		return this.one(field, scope) !== null;
	}

	/** The attribute that a field's anchor names. */
	attribute(field: string, scope?: Element | null): string | undefined {
		for (const anchor of this.anchors(field)) {
			if (anchor.attribute === undefined) continue;
			for (const element of select(anchor.select, scope)) {
				const value = element.getAttribute(anchor.attribute);
				if (value !== null) {
					this.hit(field, anchor.family);
					return value;
				}
			}
		}
		return undefined;
	}

	/** Counts a field that should not be empty. */
	missing(field: string): void {
		this.report.empty[field] = (this.report.empty[field] ?? 0) + 1;
		this.report.anchors[field] ??= "none";
	}

	/** Notes a family found without an anchor. */
	found(field: string, family: string): void {
		this.hit(field, family);
	}
}

function select(selector: string, scope?: Element | null): Element[] {
	if (scope === undefined || scope === null) return findAll(selector);
	try {
		return [...scope.querySelectorAll(selector)];
	} catch {
		return [];
	}
}
