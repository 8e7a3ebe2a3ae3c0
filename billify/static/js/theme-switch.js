/* <theme-switch>: light, dark or as the device, density, and keys of a single letter (WCAG 2.1.4: who speaks to
   the device turns them off); kept in cookies, so the server draws it right at once. */
const root = document.documentElement;

const keep = (name, value) => {
  document.cookie = `${name}=${value};path=/;max-age=${value ? 31536000 : 0};samesite=lax`;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
};

customElements.define("theme-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button?.dataset.themeSet !== undefined) keep("theme", button.dataset.themeSet);
      if (button?.dataset.keysSet) keep("keys", root.dataset.keys ? "" : button.dataset.keysSet);
      if (button?.dataset.densitySet) keep("density", root.dataset.density ? "" : button.dataset.densitySet);
      this.mark();
    });
    this.mark();
  }
  mark() {
    for (const button of this.querySelectorAll("button")) {
      const { themeSet, densitySet, keysSet } = button.dataset;
      const on = keysSet ? !root.dataset.keys : densitySet ? root.dataset.density === densitySet : (root.dataset.theme ?? "") === themeSet;
      button.setAttribute("aria-pressed", on);
    }
  }
});
