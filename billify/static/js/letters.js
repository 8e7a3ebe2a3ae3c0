/* Whether a person turned keys of a single letter off, and this is one. Enter, Escape and arrows always count. */
export const areLettersOff = (key) => key.length === 1 && document.documentElement.dataset.keys === "off";
