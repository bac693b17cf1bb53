// The faults that can be put into the page by `?fault=NAME`, and what notices each.

/** Fault, file, and the test that must turn red. Four for each of the sections 1 to 5 and 9. */
export const FAULTS: [string, string, string][] = [
  ["1-no-ref", "1-code", "1.3-02"],
  ["1-bright-when-idle", "1-code", "1.3-06"],
  ["1-splash-stays", "1-boot", "1.1-05"],
  ["1-popup-unnamed", "1-boot", "1.2-06"],
  ["2-rowcount-drawn", "2-list", "2.1-04"],
  ["2-index-of-list", "2-list", "2.2-03"],
  ["2-clickable-while-scrolling", "2-list", "2.3-01"],
  ["2-unread-not-hidden", "2-row", "2.4-05"],
  ["3-direction-class", "3-frame", "3.3-02"],
  ["3-far-rows-stay", "3-frame", "3.2-03"],
  ["3-honest-tick-names", "3-states", "3.8-02"],
  ["3-voice-notes-stamped", "3-frame", "3.4-02"],
  ["4-label-without-name", "4-writing", "4.1-01"],
  ["4-send-always-there", "4-writing", "4.2-01"],
  ["4-input-stays", "4-writing", "4.3-02"],
  ["4-value-believed", "4-writing", "4.4-02"],
  ["5-no-subtitle", "5-panels", "5.1-01"],
  ["5-one-word-ids", "5-panels", "5.1-01|3.5-02"],
  ["5-number-never-missing", "5-panels", "5.1-02"],
  ["5-members-not-counted", "5-panels", "5.2-01"],
  ["9-buttons-stay", "9-menu", "9.1-01"],
  ["9-no-right-click", "9-menu", "9.1-05"],
  ["9-tray-upside-down", "9-reply-react", "9.3-01"],
  ["9-quote-stays", "9-reply-react", "9.4-02"],
];
